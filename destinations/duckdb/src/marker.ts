import type { DuckDBConnection } from "@duckdb/node-api"
import type { TableCommit } from "@lading/core"
import { textOf, toTableCommits } from "@lading/sql"
import { readRows } from "./connection.ts"
import { type Place, tableAt } from "./place.ts"

/** Which of these loads have a marker of a completed load. */
export async function readCommitted(connection: DuckDBConnection, place: Place, loadIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (loadIds.length === 0) return new Set()
  const [exists] = await readRows(
    connection,
    "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND lower(schema_name) = lower(?) AND table_name = '_dlt_loads'",
    "look for the load markers",
    [place.catalog, place.dataset],
  )
  if (exists === undefined) return new Set()
  const marks = loadIds.map(() => "?").join(", ")
  const rows = await readRows(
    connection,
    `SELECT load_id FROM ${tableAt(place, "_dlt_loads")} WHERE status = 0 AND load_id IN (${marks})`,
    "read the load markers",
    loadIds,
  )
  return new Set(rows.map((row) => textOf(row, "load_id")))
}

/** The counts that were committed with a load. */
export async function readTableCommits(
  connection: DuckDBConnection,
  place: Place,
  loadId: string,
): Promise<Readonly<Record<string, TableCommit>>> {
  const sql = `SELECT table_name, loaded, inserted, updated, deleted FROM ${tableAt(place, "_lading_load_tables")} WHERE load_id = ? ORDER BY rowid`
  const rows = await readRows(connection, sql, "read the counts of the load", [loadId])
  return toTableCommits(rows)
}
