import type { Session } from "../io.ts"
import { type QueryArguments, queryCommand } from "./query.ts"

/** Options of `lading rejects`. */
export interface RejectsArguments extends Omit<QueryArguments, "format"> {
  readonly load?: string
  readonly table?: string
  readonly code?: string
  readonly format?: QueryArguments["format"]
}

const placeColumns = ["load_id", "table_name", "ordinal", "code", "pointer", "message", "origin", "line"]

/** Shows where and why rows were rejected; the newest load first. @throws LadingError as `queryCommand` does */
export function listRejects(session: Session, options: RejectsArguments): Promise<void> {
  return queryCommand(session, rejectsQuery(placeColumns, options), { ...options, format: options.format ?? "table" })
}

/** Writes the rejected rows themselves, for somebody to correct. @throws LadingError as `queryCommand` does */
export function exportRejects(session: Session, options: RejectsArguments): Promise<void> {
  return queryCommand(session, rejectsQuery([...placeColumns, "value"], options), {
    ...options,
    format: options.format ?? "csv",
    maxRows: 0,
  })
}

function rejectsQuery(columns: readonly string[], { load, table, code }: RejectsArguments): string {
  const conditions = Object.entries({ load_id: load, table_name: table, code })
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => `${column} = '${String(value).replaceAll("'", "''")}'`)
  const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`
  return `SELECT ${columns.join(", ")} FROM _lading_rejects${where} ORDER BY load_id DESC, table_name, ordinal`
}
