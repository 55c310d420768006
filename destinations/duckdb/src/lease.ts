import type { DuckDBConnection } from "@duckdb/node-api"
import type { Lease, LeaseRequest } from "@lading/core"
import { fenced, leaseTimeoutMs, numberOf, refuseHeldLease, textOf } from "@lading/sql"
import { execute, readRows } from "./connection.ts"
import { type Place, tableAt } from "./place.ts"

/** Where the lease row is, and what time it is. */
export interface LeaseScope {
  readonly connection: DuckDBConnection
  readonly place: Place
  readonly pipeline: string
  now(): Date
}

/** Takes the lease with the next epoch. Throws LadingError `fenced` when another owner lives. */
export async function takeLease(scope: LeaseScope, request: LeaseRequest): Promise<Lease> {
  const { connection, pipeline } = scope
  const table = leaseTable(scope)
  const [row] = await readRows(
    connection,
    `SELECT epoch, "owner", epoch_ms(heartbeat) AS heartbeat FROM ${table} WHERE pipeline = ?`,
    "read the lease",
    [pipeline],
  )
  const isFresh = scope.now().getTime() - numberOf(row, "heartbeat") <= leaseTimeoutMs
  refuseHeldLease(pipeline, { owner: textOf(row, "owner"), isFresh }, request)
  const epoch = numberOf(row, "epoch") + 1
  const values = [BigInt(epoch), request.owner, scope.now().toISOString(), pipeline]
  if (row === undefined)
    await execute(
      connection,
      `INSERT INTO ${table} (epoch, "owner", heartbeat, pipeline) VALUES (?, ?, CAST(? AS TIMESTAMPTZ), ?)`,
      "take the lease",
      values,
    )
  else
    await execute(
      connection,
      `UPDATE ${table} SET epoch = ?, "owner" = ?, heartbeat = CAST(? AS TIMESTAMPTZ) WHERE pipeline = ?`,
      "take the lease",
      values,
    )
  return { epoch, owner: request.owner }
}

/** Renews the heartbeat of a lease that is still ours. */
export async function renewLease(scope: LeaseScope, lease: Lease): Promise<void> {
  const sql = `UPDATE ${leaseTable(scope)} SET heartbeat = CAST(? AS TIMESTAMPTZ) WHERE pipeline = ? AND epoch = ?`
  await execute(scope.connection, sql, "renew the lease", [scope.now().toISOString(), scope.pipeline, BigInt(lease.epoch)])
}

/** Lets the next owner in at once; a lease that is no longer ours stays as it is. */
export async function releaseLease(scope: LeaseScope, lease: Lease): Promise<void> {
  const sql = `UPDATE ${leaseTable(scope)} SET "owner" = NULL, heartbeat = NULL WHERE pipeline = ? AND epoch = ?`
  await execute(scope.connection, sql, "release the lease", [scope.pipeline, BigInt(lease.epoch)])
}

/** The late fence. Throws LadingError `fenced` when a newer epoch exists, or none at all. */
export async function checkEpoch(scope: LeaseScope, epoch: number): Promise<void> {
  const [row] = await readRows(scope.connection, `SELECT epoch, "owner" FROM ${leaseTable(scope)} WHERE pipeline = ?`, "read the lease", [
    scope.pipeline,
  ])
  if (numberOf(row, "epoch") !== epoch) throw fenced(scope.pipeline, textOf(row, "owner"))
}

function leaseTable({ place }: LeaseScope): string {
  return tableAt(place, "_lading_lease")
}
