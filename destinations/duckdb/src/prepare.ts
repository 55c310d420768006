import type { Table } from "@lading/core"
import { dispositionOf, numberOf, planClear, planTable, rootOf, type TableChange, tableChain } from "@lading/sql"
import type { ColumnTypes } from "./catalog.ts"
import { execute, readRows } from "./connection.ts"
import { duckdbDialect } from "./dialect.ts"
import type { Load } from "./load.ts"
import { tableAt } from "./place.ts"
import { ensureStaging } from "./staging-table.ts"
import { isSystemTable } from "./system-tables.ts"

const { fold } = duckdbDialect

/** Where the rows of a table go, with the types of its columns by folded name. */
export interface Target {
  readonly name: string
  readonly types: ReadonlyMap<string, string>
}

/** DuckDB cannot commit a table that was altered after rows of it were deleted in the same transaction; then the load must start again. */
export const mustRestart = Symbol("must restart")

/** Makes a table ready for the rows of a part. */
export async function prepareTarget(load: Load, name: string): Promise<Target | typeof mustRestart> {
  if (!isSystemTable(name)) {
    const disposition = dispositionOf(load.tables, name)
    const table = load.tables[name]
    if (disposition === "replace" && (await clearChain(load, rootOf(load.tables, name).name)) === mustRestart) return mustRestart
    if (table !== undefined && (await ensureTable(load, table)) === mustRestart) return mustRestart
    if (table !== undefined && disposition === "merge") return ensureStaging(load, table)
  }
  return { name: tableAt(load.place, name), types: typesOf(load, name) }
}

/** Creates a table, or adds and widens its columns. */
export async function ensureTable(load: Load, table: Table): Promise<typeof mustRestart | undefined> {
  const key = fold(table.name)
  const changes = planTable(duckdbDialect, tableAt(load.place, table.name), table, load.catalog.get(key))
  if (changes.length === 0) return undefined
  if ((load.cleared.get(key) ?? 0) > 0 && load.replaceStrategy !== "staging-optimized") return mustRestart
  const types = load.catalog.get(key) ?? new Map<string, string>()
  for (const change of changes) await apply(load, table, change, types)
  load.catalog.set(key, types)
  return undefined
}

/** Deletes what is committed in a root table and in all tables nested below it, each once; tables that are new in this load have nothing to delete. */
export async function clearChain(load: Load, root: string): Promise<typeof mustRestart | undefined> {
  const filled = new Set([...load.staged.values()].map(({ part }) => fold(part.table)))
  const chain = tableChain(load.tables, root).filter(
    ({ name }) => load.catalog.has(fold(name)) && !load.cleared.has(fold(name)) && !filled.has(fold(name)),
  )
  // All changes first: a table cannot be altered once rows of it were deleted.
  for (const table of chain) if ((await ensureTable(load, table)) === mustRestart) return mustRestart
  for (const table of chain) await clearTable(load, table)
  return undefined
}

/** Takes the committed rows of a table away; with `staging-optimized` the table itself, and creates it again. */
async function clearTable(load: Load, table: Table): Promise<void> {
  const key = fold(table.name)
  const what = `empty table "${table.name}"`
  for (const { sql, gives } of planClear(duckdbDialect, tableAt(load.place, table.name), load.replaceStrategy)) {
    if (gives === "total") load.cleared.set(key, numberOf((await readRows(load.connection, sql, what))[0], "total"))
    else {
      const changed = await execute(load.connection, sql, what)
      if (gives === "report") load.cleared.set(key, changed)
    }
  }
  if (load.replaceStrategy !== "staging-optimized") return
  load.catalog.delete(key)
  await ensureTable(load, table)
}

async function apply(load: Load, table: Table, change: TableChange, types: ColumnTypes): Promise<void> {
  await execute(load.connection, change.sql, `${change.kind.replace("-", " ")} of table "${table.name}"`)
  for (const [column, type] of change.types) types.set(column, type)
}

function typesOf(load: Load, name: string): ColumnTypes {
  return load.catalog.get(fold(name)) ?? new Map()
}
