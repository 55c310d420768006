import { LadingError } from "../errors.ts"
import type { ResourceHints, Scd2Hint } from "../plugin/source.ts"
import { parseIso } from "../types/iso.ts"
import type { Column, Table } from "./model.ts"

const validity = ["x-valid-from", "x-valid-to"] as const

/**
 * Writes the hints of an scd2 merge into its root table, under dlt's names (reference: load 2.7): two nullable timestamps, the row version column and, when
 * one is given, the boundary. Columns that another setting of the same table named lose their marks.
 * @param columnOf gives a column of the table by its raw name, and makes it where there is none
 * @throws LadingError `invalid-timestamp`
 */
export function applyScd2(table: Table, hint: Scd2Hint, columnOf: (raw: string) => Column): void {
  removeScd2(table)
  const boundary = timestampText(table, "boundaryTimestamp", hint.boundaryTimestamp)
  if (boundary !== null) table["x-boundary-timestamp"] = boundary
  const [from, to] = hint.validityColumnNames ?? ["_dlt_valid_from", "_dlt_valid_to"]
  Object.assign(columnOf(from), { data_type: "timestamp", nullable: true, "x-valid-from": true })
  Object.assign(columnOf(to), {
    data_type: "timestamp",
    nullable: true,
    "x-valid-to": true,
    "x-active-record-timestamp": timestampText(table, "activeRecordTimestamp", hint.activeRecordTimestamp),
  })
  // Not unique: a version that comes back is a row of its own.
  const version = columnOf(hint.rowVersionColumnName ?? "_dlt_id")
  Object.assign(version, { nullable: false, "x-row-version": true, unique: false, row_key: false })
}

/** What the user should know of an scd2 merge before it runs. */
export function scd2Warnings(table: Table, hints: ResourceHints): string[] {
  const columns = Object.values(table.columns)
  const ignored = columns.filter((column) => column.hard_delete === true || column.dedup_sort !== undefined).map(({ name }) => name)
  const hasMergeKey = columns.some((column) => column.merge_key === true)
  return [
    ...(ignored.length === 0 ? [] : [`table ${table.name}: scd2 does not look at hard delete and dedup sort (${ignored.join(", ")})`]),
    ...(hints.incremental === undefined || hasMergeKey
      ? []
      : [`table ${table.name}: scd2 without a merge key closes every row that a load lacks, and an incremental load lacks most`]),
  ]
}

/** Takes the marks of an scd2 merge off a table; its columns and rows stay. */
export function removeScd2(table: Table): void {
  delete table["x-boundary-timestamp"]
  for (const column of Object.values(table.columns)) {
    for (const mark of validity) delete column[mark]
    delete column["x-active-record-timestamp"]
    if (column["x-row-version"] !== true) continue
    delete column["x-row-version"]
    delete column.unique
    delete column.row_key
    if (column.name === "_dlt_id") Object.assign(column, { unique: true, row_key: true })
  }
}

/** The given moment as text; a text stays as it is, as dlt stores it. */
function timestampText(table: Table, option: string, value: string | Date | null | undefined): string | null {
  if (value === null || value === undefined) return null
  const text = value instanceof Date ? isoText(value) : String(value)
  const kind = parseIso(text)?.kind
  if (kind === "timestamp" || kind === "date") return text
  throw new LadingError({
    code: "invalid-timestamp",
    message: `table ${table.name}: ${option} is no moment in time: ${text}`,
    hint: 'give a Date, or a text such as "2024-05-01T00:00:00Z"',
    details: { table: table.name, option },
  })
}

function isoText(value: Date): string {
  return Number.isNaN(value.getTime()) ? "an invalid Date" : value.toISOString()
}
