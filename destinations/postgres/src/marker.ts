import type { TableCommit } from "@lading/core"
import { textOf, toTableCommits } from "@lading/sql"
import type { Client } from "pg"
import { readRows } from "./connection.ts"
import { type Place, tableAt } from "./place.ts"

/** Which of these loads have a marker of a completed load. */
export async function readCommitted(client: Client, place: Place, loadIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (loadIds.length === 0) return new Set()
  const [row] = await readRows(client, "SELECT to_regclass($1::text) IS NOT NULL AS exists", "look for the load markers", [
    tableAt(place, "_dlt_loads"),
  ])
  if (row?.exists !== true) return new Set()
  const sql = `SELECT load_id FROM ${tableAt(place, "_dlt_loads")} WHERE status = 0 AND load_id = ANY($1::text[])`
  const rows = await readRows(client, sql, "read the load markers", [loadIds])
  return new Set(rows.map((found) => textOf(found, "load_id")))
}

/** The counts that were committed with a load. */
export async function readTableCommits(client: Client, place: Place, loadId: string): Promise<Readonly<Record<string, TableCommit>>> {
  const sql = `SELECT table_name, loaded, inserted, updated, deleted FROM ${tableAt(place, "_lading_load_tables")} WHERE load_id = $1::text ORDER BY table_name`
  const rows = await readRows(client, sql, "read the counts of the load", [loadId])
  return toTableCommits(rows)
}
