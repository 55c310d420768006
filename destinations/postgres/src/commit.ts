import { type CommitResult, fault, isLadingError, LadingError, type LoadSeal, type TableCommit } from "@lading/core"
import { checkAccounting, type Effects, fenced, stalePackage } from "@lading/sql"
import { execute, transaction } from "./connection.ts"
import { lockLease } from "./lease.ts"
import type { Load } from "./load.ts"
import { readCommitted, readTableCommits } from "./marker.ts"
import { isDuplicate, isWorthRepeating, toLadingError } from "./postgres-error.ts"
import { prepareTables } from "./prepare.ts"
import { writeRecords } from "./records.ts"
import { endBackend } from "./server.ts"
import { readState } from "./snapshot.ts"
import { stagePart } from "./stage.ts"
import { transferRows } from "./transfer.ts"

/** How often a commit is tried when the connection breaks or another transaction is in its way. */
const attempts = 3
/** An answer to COMMIT that takes longer is not waited for: its outcome is looked up. */
const commitAnswerMs = 120_000

/**
 * The publish of protocol section 5: rows, marker, counts, names, schema and state in one short transaction. When the connection breaks, also while the
 * COMMIT is under way, a new one looks for the marker, and only when it is not there does everything again.
 * @throws LadingError `fenced`, `stale-package`, `accounting-mismatch`
 */
export async function commitLoad(load: Load, seal: LoadSeal): Promise<CommitResult> {
  const done = await lookUp(load, seal.loadId)
  if (done !== undefined) return done
  load.tables = seal.schema.tables
  for (const part of seal.parts) await stagePart(load, part)
  fault("publish.after-stage")
  const loaded = checkAccounting(load.staged, seal)
  for (let attempt = 1; ; attempt++) {
    try {
      return await publish(load, seal, loaded)
    } catch (error) {
      if (attempt === attempts) throw error
      if (isLadingError(error) && error.code === "staging-lost") await stageAgain(load, seal)
      else if (!isWorthRepeating(error)) throw error
      else {
        const outcome = await settle(load, seal.loadId)
        if (outcome !== undefined) return { ...outcome, status: "committed" }
      }
    }
  }
}

async function stageAgain(load: Load, seal: LoadSeal): Promise<void> {
  await dropStaging(load)
  load.staging.clear()
  load.staged.clear()
  for (const part of seal.parts) await stagePart(load, part)
}

async function publish(load: Load, seal: LoadSeal, loaded: ReadonlyMap<string, number>): Promise<CommitResult> {
  const { client } = load.connection
  await execute(client, "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit TO DEFAULT", "begin the commit")
  try {
    const effects = await transferRows(load, seal, await prepareTables(load, seal))
    const lease = await lockLease(client, load.scope)
    const other = await lookUp(load, seal.loadId)
    if (other !== undefined) return await giveWay(load, other)
    if (lease.epoch !== seal.epoch) throw fenced(load.scope.pipeline, lease.owner)
    await checkParentState(load, seal)
    const tables = summarize(loaded, effects)
    await writeRecords(client, load.scope, seal, tables)
    await dropStaging(load)
    fault("publish.before-commit")
    await sendCommit(load)
    fault("publish.after-commit")
    return { status: "committed", tables }
  } catch (error) {
    await execute(client, "ROLLBACK", "roll back the load").catch(() => undefined)
    if (!isDuplicate(error)) throw error
    const other = await lookUp(load, seal.loadId)
    if (other === undefined) throw error
    return other
  }
}

/** Somebody else committed the same load meanwhile. */
async function giveWay(load: Load, result: CommitResult): Promise<CommitResult> {
  await execute(load.connection.client, "ROLLBACK", "roll back the load")
  return result
}

/** The result of a load that is committed already. */
async function lookUp({ connection, scope }: Load, loadId: string): Promise<CommitResult | undefined> {
  const committed = await readCommitted(connection.client, scope.place, [loadId])
  if (!committed.has(loadId)) return undefined
  return { status: "already-committed", tables: await readTableCommits(connection.client, scope.place, loadId) }
}

/**
 * After a failure: connects anew where the connection broke, ends what is left of the old transaction, waits on the lease row until that is over, and
 * looks for the marker. Undefined: nothing was committed, and nothing will be.
 */
async function settle(load: Load, loadId: string): Promise<CommitResult | undefined> {
  const old = load.connection
  load.connection = await load.server.connect()
  await endBackend(load.connection.client, old)
  await old.client.end().catch(() => undefined)
  return transaction(load.connection.client, "look for the load", async () => {
    await lockLease(load.connection.client, load.scope)
    return lookUp(load, loadId)
  })
}

async function sendCommit(load: Load): Promise<void> {
  const { client } = load.connection
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer to COMMIT for ${commitAnswerMs / 1000} s`)), commitAnswerMs)
  })
  try {
    const { command } = await Promise.race([client.query("COMMIT"), deadline])
    if (command === "COMMIT") return
  } catch (error) {
    throw toLadingError(error, "commit the load")
  } finally {
    clearTimeout(timer)
  }
  throw new LadingError({ code: "destination-error", message: "PostgreSQL could not commit the load: the transaction had failed before" })
}

async function checkParentState({ connection, scope }: Load, seal: LoadSeal): Promise<void> {
  const current = await readState(connection.client, scope.place, scope.pipeline)
  if (current?.version_hash === seal.parentStateHash) return
  throw stalePackage(scope.pipeline, seal.loadId)
}

/** Staging tables go with the commit; one that became the target has another name by now. */
async function dropStaging({ connection, staging }: Load): Promise<void> {
  const names = [...staging.values()].map(({ name }) => name)
  if (names.length > 0) await execute(connection.client, `DROP TABLE IF EXISTS ${names.join(", ")}`, "drop the staging tables")
}

function summarize(loaded: ReadonlyMap<string, number>, effects: ReadonlyMap<string, Effects>): Readonly<Record<string, TableCommit>> {
  const names = new Set([...loaded.keys(), ...effects.keys()])
  return Object.fromEntries(
    [...names].map((name) => {
      const count = loaded.get(name) ?? 0
      return [name, { loaded: count, ...(effects.get(name) ?? { inserted: count }) }]
    }),
  )
}

/** Drops what the load left behind, over a connection of its own when the load's is broken. Never fails: the next run sweeps. */
export async function discardStaging(load: Load): Promise<void> {
  if (load.staging.size === 0) return
  try {
    await dropStaging(load)
  } catch (error) {
    if (!isLadingError(error) || error.code !== "connection-failed") return
    const connection = await load.server.connect().catch(() => undefined)
    if (connection === undefined) return
    // Where the network died, the server still waits for the rest of a COPY and holds the lock of its table.
    await endBackend(connection.client, load.connection)
    await dropStaging({ ...load, connection }).catch(() => undefined)
    await connection.client.end().catch(() => undefined)
  }
}
