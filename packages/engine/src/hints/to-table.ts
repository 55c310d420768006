import type { RowBatch } from "@lading/core"

/**
 * Rows for a table of their own, whatever the table of the resource that yields them is called (`with_table_name` in dlt). The resource's
 * other hints hold for that table, too.
 *
 * @example
 * const events = resource("events", async function* () {
 *   yield toTable("clicks", [{ id: 1 }])
 * })
 */
export function toTable(table: string, rows: readonly unknown[]): RowBatch {
  return { kind: "rows", rows, table }
}
