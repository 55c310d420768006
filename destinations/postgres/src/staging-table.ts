import type { Table } from "@lading/core"
import { completeColumns, dispositionOf, planTable, textLiteral } from "@lading/sql"
import { execute } from "./connection.ts"
import { arrivalColumn, postgresDialect } from "./dialect.ts"
import { type Load, nextStagingName, type StagingTable } from "./load.ts"
import { isSystemTable } from "./system-tables.ts"

const { quote, cast, alterType, columnType } = postgresDialect

/** The staging table of a table, created or brought to the column types that the target will have. */
export async function ensureStaging(load: Load, table: Table): Promise<StagingTable> {
  const columns = futureColumns(load, table)
  const staging = load.staging.get(table.name) ?? (await create(load, table, columns))
  for (const column of columns) {
    const from = staging.types.get(column.name)
    if (from === column.type) continue
    await execute(load.connection.client, change(staging.name, column, from), `stage column "${column.name}" of table "${table.name}"`)
    staging.types.set(column.name, column.type)
  }
  return staging
}

/** True for a table whose staging table takes its place. */
export function isSwapped(load: Load, table: string): boolean {
  return (
    load.server.settings.replaceStrategy === "staging-optimized" && !isSystemTable(table) && dispositionOf(load.tables, table) === "replace"
  )
}

interface FutureColumn {
  readonly name: string
  readonly type: string
}

/** Columns with the types that they will have in the target after the commit. */
function futureColumns(load: Load, table: Table): readonly FutureColumn[] {
  const existing = isSwapped(load, table.name) ? undefined : load.catalog.get(table.name)
  const changed = planTable(postgresDialect, table.name, table, existing).flatMap(({ types }) => [...types])
  const types = new Map([...(existing ?? []), ...changed])
  return completeColumns(table).map((column) => ({ name: column.name, type: types.get(column.name) ?? columnType(column) }))
}

async function create(load: Load, table: Table, columns: readonly FutureColumn[]): Promise<StagingTable> {
  const name = nextStagingName(load)
  const isMerged = !isSystemTable(table.name) && dispositionOf(load.tables, table.name) === "merge"
  const mayBecomeTarget = !isMerged && (!load.catalog.has(table.name) || isSwapped(load, table.name))
  const definitions = columns.map(({ name: column, type }) => {
    const constraint = mayBecomeTarget && table.columns[column]?.nullable === false ? " NOT NULL" : ""
    return `${quote(column)} ${type}${constraint}`
  })
  if (isMerged) definitions.push(`${quote(arrivalColumn)} bigint GENERATED ALWAYS AS IDENTITY (CACHE 1000)`)
  const comment = `Rows of load ${load.header.loadId} of pipeline ${load.scope.pipeline} before its commit. May be dropped when that run is over.`
  const sql = `CREATE ${mayBecomeTarget ? "" : "UNLOGGED "}TABLE ${name} (${definitions.join(", ")}); COMMENT ON TABLE ${name} IS ${textLiteral(comment)}`
  await execute(load.connection.client, sql, `stage table "${table.name}"`)
  const types = new Map(columns.map((column) => [column.name, column.type]))
  const staging: StagingTable = { name, types, mayBecomeTarget, rowCount: 0 }
  load.staging.set(table.name, staging)
  return staging
}

function change(table: string, { name, type }: FutureColumn, from: string | undefined): string {
  if (from === undefined) return `ALTER TABLE ${table} ADD COLUMN ${quote(name)} ${type}`
  return alterType(table, quote(name), type, cast(quote(name), from, type))
}
