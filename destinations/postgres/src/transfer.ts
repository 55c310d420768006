import type { LoadSeal } from "@lading/core"
import { dispositionOf, type Effects, numberOf, planClear, tableChain } from "@lading/sql"
import { checkStaged } from "./check-staged.ts"
import { execute, readRows } from "./connection.ts"
import { postgresDialect } from "./dialect.ts"
import type { Load, StagingTable } from "./load.ts"
import { mergeStaged } from "./merge-load.ts"
import { tableAt } from "./place.ts"
import { dataTables, type Prepared } from "./prepare.ts"
import { isSystemTable } from "./system-tables.ts"

const { quote, cast } = postgresDialect

/** Moves the staged rows to where they belong, in the transaction of the load: replaced tables are emptied first, then rows are inserted or merged. */
export async function transferRows(load: Load, seal: LoadSeal, { adopted, dropped }: Prepared): Promise<ReadonlyMap<string, Effects>> {
  const effects = new Map<string, Effects>()
  const cleared = new Map([...dropped, ...(await clearReplaced(load, seal, adopted))])
  for (const [table, staging] of load.staging) {
    if (!isSystemTable(table) && dispositionOf(load.tables, table) === "merge") continue
    if (!adopted.has(table)) await insertRows(load, table, staging)
    effects.set(table, { inserted: staging.rowCount })
  }
  for (const [table, deleted] of cleared) if (deleted > 0) effects.set(table, { inserted: 0, ...effects.get(table), deleted })
  for (const [table, merged] of await mergeStaged(load, seal.sealedAt)) effects.set(table, merged)
  return effects
}

/** Deletes the rows of replaced root tables and of all tables nested below them; returns how many of each. */
async function clearReplaced(load: Load, seal: LoadSeal, adopted: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const loaded = new Set(seal.parts.map(({ table }) => table))
  const replaced = dataTables(load).filter(
    ({ name, parent }) => parent === undefined && loaded.has(name) && dispositionOf(load.tables, name) === "replace",
  )
  const cleared = new Map<string, number>()
  for (const root of [...new Set([...replaced.map(({ name }) => name), ...seal.emptied])].toSorted())
    for (const { name } of tableChain(load.tables, root))
      if (load.catalog.has(name) && !adopted.has(name) && !cleared.has(name)) cleared.set(name, await clearTable(load, name))
  return cleared
}

/** With `staging-optimized`, tables that get new rows were replaced before: what comes here gets none, and ends empty. */
async function clearTable(load: Load, name: string): Promise<number> {
  const { client } = load.connection
  const strategy = load.server.settings.replaceStrategy
  const what = `empty table "${name}"`
  let cleared = 0
  for (const { sql, gives } of planClear(
    postgresDialect,
    tableAt(load.scope.place, name),
    strategy === "staging-optimized" ? "truncate-and-insert" : strategy,
  )) {
    if (gives === "total") cleared = numberOf((await readRows(client, sql, what))[0], "total")
    else {
      const changed = await execute(client, sql, what)
      if (gives === "report") cleared = changed
    }
  }
  return cleared
}

async function insertRows(load: Load, table: string, staging: StagingTable): Promise<void> {
  const types = load.catalog.get(table) ?? new Map<string, string>()
  const names = [...staging.types.keys()].map(quote)
  const values = [...staging.types].map(([name, type]) => cast(quote(name), type, types.get(name) ?? type))
  const sql = `INSERT INTO ${tableAt(load.scope.place, table)} (${names.join(", ")}) SELECT ${values.join(", ")} FROM ${staging.name}`
  checkStaged(table, staging, await execute(load.connection.client, sql, `insert the rows of table "${table}"`))
}
