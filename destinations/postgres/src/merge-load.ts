import type { Table } from "@lading/core"
import {
  addEffect,
  completeColumns,
  type Effects,
  identifyingColumns,
  type MergeTable,
  mergeStrategyOf,
  numberOf,
  planMerge,
  rootOf,
  stagedChain,
} from "@lading/sql"
import { checkStaged } from "./check-staged.ts"
import { execute, readRows } from "./connection.ts"
import { postgresDialect } from "./dialect.ts"
import type { Load } from "./load.ts"
import { tableAt, temporaryTable } from "./place.ts"

const { quote } = postgresDialect

/** Merges every staged chain of tables into its targets; returns the effects by table name. `loadedAt` is where versions of scd2 tables end and begin. */
export async function mergeStaged(load: Load, loadedAt: Date): Promise<ReadonlyMap<string, Effects>> {
  const effects = new Map<string, Effects>()
  const staged = Object.keys(load.tables).filter(
    (name) => load.staging.has(name) && rootOf(load.tables, name).write_disposition === "merge",
  )
  const roots = new Set(staged.map((name) => rootOf(load.tables, name).name))
  for (const root of [...roots].toSorted()) await mergeChain(load, root, loadedAt, effects)
  return effects
}

async function mergeChain(load: Load, rootName: string, loadedAt: Date, effects: Map<string, Effects>): Promise<void> {
  const { client } = load.connection
  const { root, nested } = stagedChain(load.tables, rootName, (table) =>
    load.catalog.has(table.name) ? mergeTable(load, table) : undefined,
  )
  // Two merges of the same keys at once would both find them missing.
  await execute(client, `LOCK TABLE ${root.target} IN SHARE ROW EXCLUSIVE MODE`, `wait for table "${rootName}"`)
  for (const table of [root, ...nested]) await examine(load, table)
  const statements = planMerge(postgresDialect, {
    root,
    nested,
    strategy: mergeStrategyOf(root.table),
    loadedAt,
    isDeduplicated: root.table["x-stage-data-deduplicated"] === true || (await hasUniqueKeys(load, root)),
    replacesRows: completeColumns(root.table).length === load.catalog.get(rootName)?.size,
    temporary: (purpose) => temporaryTable(`_lading_${purpose}`),
  })
  for (const { sql, effect, refusal } of statements) {
    if (refusal !== undefined) {
      if ((await readRows(client, sql, `merge table "${rootName}"`)).length > 0) throw refusal()
      continue
    }
    const changed = await execute(client, sql, `merge table "${rootName}"`)
    if (effect !== undefined) addEffect(effects, effect, { changed })
  }
}

function mergeTable(load: Load, table: Table): MergeTable {
  return { table, target: tableAt(load.scope.place, table.name), staging: load.staging.get(table.name)?.name }
}

/** Counts what is staged, and lets the planner know about it: nobody else has looked at these tables. */
async function examine(load: Load, { table }: MergeTable): Promise<void> {
  const staging = load.staging.get(table.name)
  if (staging === undefined) return
  const { client } = load.connection
  await execute(client, `ANALYZE ${staging.name}`, `examine the rows of table "${table.name}"`)
  const [row] = await readRows(client, `SELECT count(*) AS total FROM ${staging.name}`, `count the rows of table "${table.name}"`)
  checkStaged(table.name, staging, numberOf(row, "total"))
}

/** Looking for a key that comes twice is many times cheaper than ranking whole rows, and most loads hold each key once. */
async function hasUniqueKeys(load: Load, { table, staging }: MergeTable & { readonly staging: string }): Promise<boolean> {
  const columns = identifyingColumns(table)
  if (columns.length === 0) return false
  const sql = `SELECT 1 FROM ${staging} GROUP BY ${columns.map(quote).join(", ")} HAVING count(*) > 1 LIMIT 1`
  return (await readRows(load.connection.client, sql, `count the keys of table "${table.name}"`)).length === 0
}
