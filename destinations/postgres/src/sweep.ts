import { numberOf, textOf } from "@lading/sql"
import type { Client } from "pg"
import { execute, readRows } from "./connection.ts"
import { prefixOf } from "./load.ts"
import { type Place, tableAt } from "./place.ts"

/** A lease that gave no sign of life for so long belongs to a run that is over. */
const silentHours = 24

/**
 * Drops staging tables that no run can need any more: those of an epoch before the current one of their pipeline, and those of the current epoch when
 * its lease was given back or has been silent for a day. What somebody still works with is left to the next time.
 */
export async function sweepStaging(client: Client, place: Place): Promise<void> {
  const staging = await readRows(
    client,
    `SELECT tablename::text AS name FROM pg_catalog.pg_tables WHERE schemaname = $1::name AND starts_with(tablename::text, '_lading_stage_')`,
    "look for staging tables",
    [place.dataset],
  )
  if (staging.length === 0) return
  const leases = await readRows(
    client,
    `SELECT pipeline, epoch, "owner" IS NULL OR heartbeat < clock_timestamp() - interval '${silentHours} hours' AS is_over FROM ${tableAt(place, "_lading_lease")}`,
    "read the leases",
  )
  const oldest = new Map(leases.map((row) => [prefixOf(textOf(row, "pipeline")), numberOf(row, "epoch") + (row.is_over === true ? 1 : 0)]))
  for (const { name } of staging) {
    const table = String(name)
    const match = /^(_lading_stage_[0-9a-f]{6}_)([0-9a-z]+)_/.exec(table)
    if (Number.parseInt(match?.[2] ?? "", 36) < (oldest.get(match?.[1] ?? "") ?? 0)) await dropUnused(client, tableAt(place, table))
  }
}

async function dropUnused(client: Client, table: string): Promise<void> {
  const sql = `BEGIN; SET LOCAL lock_timeout = 100; DROP TABLE IF EXISTS ${table}; COMMIT`
  await execute(client, sql, "drop a staging table").catch(() => client.query("ROLLBACK"))
}
