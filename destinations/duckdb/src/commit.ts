import { type CommitResult, fault, type LoadSeal, type TableCommit } from "@lading/core"
import { checkAccounting, dispositionOf, type Effects, hasSeenData, type ReplaceStrategy, stalePackage } from "@lading/sql"
import { execute } from "./connection.ts"
import type { Database } from "./database.ts"
import { duckdbDialect } from "./dialect.ts"
import { checkEpoch, type LeaseScope } from "./lease.ts"
import { type Load, setThreads } from "./load.ts"
import { readCommitted, readTableCommits } from "./marker.ts"
import { memoryToMerge } from "./memory.ts"
import { mergeStaged } from "./merge-load.ts"
import { clearChain, ensureTable, mustRestart } from "./prepare.ts"
import { writeRecords } from "./records.ts"
import { readState } from "./snapshot.ts"
import { makeRoom, restage, stagePart, widthOf } from "./stage.ts"

/** What a commit needs to know beside the load itself. `scope.connection` is one outside the load's transaction: it sees what others committed. */
export interface CommitContext {
  readonly database: Database
  readonly scope: LeaseScope
  readonly replaceStrategy: ReplaceStrategy
}

/**
 * The publish of protocol section 5: rows, marker, counts, names, schema and state in one commit.
 * @throws LadingError `fenced`, `stale-package`, `accounting-mismatch`; the caller rolls back whatever was not committed
 */
export async function commitLoad(context: CommitContext, load: Load, seal: LoadSeal): Promise<CommitResult> {
  const { database } = context
  const done = await database.commits.run(() => lookUp(context, seal.loadId))
  if (done !== undefined) return done
  load.tables = seal.schema.tables
  for (const part of seal.parts) await stagePart(load, part)
  fault("publish.after-stage")
  await completeTables(load, seal)
  if (load.staging.size > 0) {
    await setThreads(load.connection, database.threads)
    await makeRoom(load, memoryToMerge(widthOf(load)))
  }
  const effects = await mergeStaged(load, seal.sealedAt)
  const tables = summarize(load, checkAccounting(load.staged, seal), effects)
  return database.commits.run(async () => {
    const other = await lookUp(context, seal.loadId)
    if (other !== undefined) return other
    await checkEpoch(context.scope, seal.epoch)
    await checkParentState(context, seal)
    await writeRecords(load.connection, load.place, seal, tables)
    fault("publish.before-commit")
    await finish(context, load, seal.loadId)
    fault("publish.after-commit")
    return { status: "committed", tables }
  })
}

/** The result of a load that is committed already. Also the answer to a COMMIT whose outcome is unknown. */
async function lookUp({ scope }: CommitContext, loadId: string): Promise<CommitResult | undefined> {
  const committed = await readCommitted(scope.connection, scope.place, [loadId])
  if (!committed.has(loadId)) return undefined
  return { status: "already-committed", tables: await readTableCommits(scope.connection, scope.place, loadId) }
}

async function finish(context: CommitContext, load: Load, loadId: string): Promise<void> {
  try {
    await execute(load.connection, "COMMIT", "commit the load")
  } catch (error) {
    if ((await lookUp(context, loadId)) === undefined) throw error
  }
}

/** Creates what the schema has and the data set lacks, although no part brought it, and empties what shall end empty. */
async function completeTables(load: Load, seal: LoadSeal): Promise<void> {
  if ((await alterAndEmpty(load, seal)) !== mustRestart) return
  await restage(load)
  await alterAndEmpty(load, seal)
}

async function alterAndEmpty(load: Load, seal: LoadSeal): Promise<typeof mustRestart | undefined> {
  const loaded = new Set(seal.parts.map(({ table }) => table))
  const data = Object.values(load.tables).filter(({ name }) => !name.startsWith("_dlt_") && !name.startsWith("_lading_"))
  for (const table of data)
    if ((loaded.has(table.name) || hasSeenData(table)) && (await ensureTable(load, table)) === mustRestart) return mustRestart
  const replaced = data
    .filter(({ name, parent }) => parent === undefined && loaded.has(name) && dispositionOf(load.tables, name) === "replace")
    .map(({ name }) => name)
  for (const root of new Set([...replaced, ...seal.emptied])) if ((await clearChain(load, root)) === mustRestart) return mustRestart
  return undefined
}

async function checkParentState({ scope }: CommitContext, seal: LoadSeal): Promise<void> {
  const current = await readState(scope.connection, scope.place, scope.pipeline)
  if (current?.version_hash === seal.parentStateHash) return
  throw stalePackage(scope.pipeline, seal.loadId)
}

function summarize(
  load: Load,
  loaded: ReadonlyMap<string, number>,
  effects: ReadonlyMap<string, Effects>,
): Readonly<Record<string, TableCommit>> {
  const names = new Set([...loaded.keys(), ...effects.keys(), ...Object.keys(load.tables).filter((name) => clearedRows(load, name) > 0)])
  return Object.fromEntries(
    [...names].map((name) => {
      const count = loaded.get(name) ?? 0
      const direct = { inserted: count, ...(clearedRows(load, name) > 0 ? { deleted: clearedRows(load, name) } : {}) }
      return [name, { loaded: count, ...(effects.get(name) ?? direct) }]
    }),
  )
}

function clearedRows(load: Load, table: string): number {
  return load.cleared.get(duckdbDialect.fold(table)) ?? 0
}
