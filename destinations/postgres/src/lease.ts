import { isLadingError, type Lease, type LeaseRequest } from "@lading/core"
import { fenced, leaseTimeoutMs, numberOf, type Row, refuseHeldLease, textOf } from "@lading/sql"
import type { Client } from "pg"
import { execute, readRows, transaction } from "./connection.ts"
import { type Place, tableAt } from "./place.ts"

/** Whose lease it is. */
export interface LeaseScope {
  readonly place: Place
  readonly pipeline: string
}

/**
 * Takes the lease with the next epoch; the clock is the server's.
 * @throws LadingError `fenced` when another owner lives
 */
export async function takeLease(client: Client, scope: LeaseScope, request: LeaseRequest): Promise<Lease> {
  const table = leaseTable(scope)
  // Asked without waiting first: the row is locked while a load is being committed.
  refuseHeld(scope, await readLease(client, scope, ""), request)
  return transaction(client, "take the lease", async () => {
    await execute(client, `INSERT INTO ${table} (pipeline, epoch) VALUES ($1::text, 0) ON CONFLICT DO NOTHING`, "take the lease", [
      scope.pipeline,
    ])
    const row = await readLease(client, scope, "FOR UPDATE")
    refuseHeld(scope, row, request)
    const epoch = numberOf(row, "epoch") + 1
    const sql = `UPDATE ${table} SET epoch = $1::bigint, "owner" = $2::text, heartbeat = clock_timestamp() WHERE pipeline = $3::text`
    await execute(client, sql, "take the lease", [epoch, request.owner, scope.pipeline])
    return { epoch, owner: request.owner }
  })
}

/** Renews the heartbeat of a lease that is still ours. */
export async function renewLease(client: Client, scope: LeaseScope, lease: Lease): Promise<void> {
  const sql = `UPDATE ${leaseTable(scope)} SET heartbeat = clock_timestamp() WHERE pipeline = $1::text AND epoch = $2::bigint`
  await execute(client, sql, "renew the lease", [scope.pipeline, lease.epoch])
}

/** Lets the next owner in at once; a lease that is no longer ours stays as it is. */
export async function releaseLease(client: Client, scope: LeaseScope, lease: Lease): Promise<void> {
  const sql = `UPDATE ${leaseTable(scope)} SET "owner" = NULL, heartbeat = NULL WHERE pipeline = $1::text AND epoch = $2::bigint`
  await execute(client, sql, "release the lease", [scope.pipeline, lease.epoch])
}

/**
 * Locks the lease row until the transaction ends: whoever holds it is alone in committing loads of this pipeline, and once it is there, every earlier
 * such transaction is over. Returns the epoch, 0 when there is none.
 */
export async function lockLease(client: Client, scope: LeaseScope): Promise<{ readonly epoch: number; readonly owner: string }> {
  const row = await readLease(client, scope, "FOR UPDATE")
  return { epoch: numberOf(row, "epoch"), owner: textOf(row, "owner") }
}

/**
 * The error that a failed load shall end with: `fenced` when its lease was taken over meanwhile, because its staging tables may have been swept then.
 * The connection must not be in a transaction that failed.
 */
export async function blameFence(client: Client, scope: LeaseScope, epoch: number, error: unknown): Promise<unknown> {
  if (!isLadingError(error) || error.code === "fenced" || error.code === "connection-failed") return error
  const row = await readLease(client, scope, "").catch(() => undefined)
  return row === undefined || numberOf(row, "epoch") <= epoch ? error : fenced(scope.pipeline, textOf(row, "owner"))
}

async function readLease(client: Client, scope: LeaseScope, lock: "" | "FOR UPDATE"): Promise<Row | undefined> {
  const sql = `SELECT epoch, "owner", heartbeat > clock_timestamp() - interval '${leaseTimeoutMs} milliseconds' AS is_fresh
    FROM ${leaseTable(scope)} WHERE pipeline = $1::text ${lock}`
  const [row] = await readRows(client, sql, "read the lease", [scope.pipeline])
  return row
}

function refuseHeld({ pipeline }: LeaseScope, row: Row | undefined, request: LeaseRequest): void {
  refuseHeldLease(pipeline, { owner: textOf(row, "owner"), isFresh: row?.is_fresh === true }, request)
}

function leaseTable({ place }: LeaseScope): string {
  return tableAt(place, "_lading_lease")
}
