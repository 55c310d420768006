import type { ColumnHints, ResourceHints } from "@lading/core"

/** Hints to add or replace; null takes a hint away. */
export type HintChanges<Row = unknown> = {
  readonly [Key in keyof ResourceHints<Row>]: ResourceHints<Row>[Key] | null
}

/**
 * Hints after changes, as dlt merges them (reference: extract 1.8): what is not given stays; null and what is empty (`""`, `[]`, `{}`) takes a
 * hint away; columns are merged one by one, hint by hint; all else is replaced as a whole.
 */
export function mergeHints<Row>(before: ResourceHints<Row>, changes: HintChanges<Row>): ResourceHints<Row> {
  const merged: Record<string, unknown> = { ...before }
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) continue
    if (isEmpty(value)) delete merged[key]
    else merged[key] = key === "columns" ? mergeColumns(before.columns, value as Columns) : value
  }
  return merged
}

type Columns = Readonly<Record<string, ColumnHints>>

function mergeColumns(before: Columns = {}, changes: Columns): Columns {
  const merged: Record<string, ColumnHints> = { ...before }
  for (const [name, hints] of Object.entries(changes)) merged[name] = { ...before[name], ...hints }
  return merged
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === "") return true
  if (typeof value !== "object") return false
  if (Array.isArray(value)) return value.length === 0
  return Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0
}
