import { LadingError, type Table, type TableCommit } from "@lading/core"
import { completeColumns, identifyingColumns, type MergeTable, mergeStrategyOf, planMerge, rootOf, tableChain } from "@lading/sql"
import { execute, numberOf, readRows } from "./connection.ts"
import { duckdbDialect } from "./dialect.ts"
import type { Load } from "./load.ts"
import { tableAt, temporaryTable } from "./place.ts"

const { fold, quote } = duckdbDialect

/** What a merge did to a table. */
export type Effects = Omit<TableCommit, "loaded">

/** Merges every staged chain of tables into its targets; returns the effects by table name. `loadedAt` is where versions of scd2 tables end and begin. */
export async function mergeStaged(load: Load, loadedAt: Date): Promise<ReadonlyMap<string, Effects>> {
  const effects = new Map<string, Effects>()
  const staged = Object.keys(load.tables).filter((name) => load.staging.has(fold(name)))
  const roots = new Set(staged.map((name) => rootOf(load.tables, name).name))
  for (const root of roots) await mergeChain(load, root, loadedAt, effects)
  return effects
}

async function mergeChain(load: Load, rootName: string, loadedAt: Date, effects: Map<string, Effects>): Promise<void> {
  const [first, ...nested] = tableChain(load.tables, rootName)
    .filter(({ name }) => load.catalog.has(fold(name)))
    .map((table) => mergeTable(load, table))
  if (first?.staging === undefined)
    throw new LadingError({
      code: "missing-root-rows",
      message: `The load has nested rows below table "${rootName}", but no rows of the table itself`,
    })
  const root = { ...first, staging: first.staging }
  const statements = planMerge(duckdbDialect, {
    root,
    nested,
    strategy: mergeStrategyOf(root.table),
    loadedAt,
    isDeduplicated: root.table["x-stage-data-deduplicated"] === true || (await hasUniqueKeys(load, root)),
    replacesRows: completeColumns(root.table).length === load.catalog.get(fold(rootName))?.size,
    temporary: (purpose) => temporaryTable(`_lading_${purpose}`),
  })
  for (const { sql, effect } of statements) {
    const before = effect?.kind === "merged" ? await countRows(load, root.target) : 0
    const changed = await execute(load.connection, sql, `merge table "${rootName}"`)
    if (effect?.kind === "merged") {
      const inserted = (await countRows(load, root.target)) - before
      add(effects, effect.table, { inserted, updated: changed - inserted })
    } else if (effect?.kind === "replaced") add(effects, effect.table, { updated: changed, inserted: -changed })
    else if (effect !== undefined) add(effects, effect.table, { [effect.kind]: changed })
  }
}

function mergeTable(load: Load, table: Table): MergeTable {
  return { table, target: tableAt(load.place, table.name), staging: load.staging.get(fold(table.name))?.name }
}

/** Counting keys is many times cheaper than ranking whole rows, and most loads hold each key once. */
async function hasUniqueKeys(load: Load, { table, staging }: MergeTable & { readonly staging: string }): Promise<boolean> {
  const columns = identifyingColumns(table)
  if (columns.length === 0) return false
  const key = columns.length === 1 ? quote(columns[0] ?? "") : `row(${columns.map(quote).join(", ")})`
  const [row] = await readRows(
    load.connection,
    `SELECT count(*) AS total, count(DISTINCT ${key}) AS keys FROM ${staging}`,
    `count the keys of table "${table.name}"`,
  )
  return numberOf(row, "total") === numberOf(row, "keys")
}

async function countRows(load: Load, target: string): Promise<number> {
  const [row] = await readRows(load.connection, `SELECT count(*) AS total FROM ${target}`, "count the rows")
  return numberOf(row, "total")
}

function add(effects: Map<string, Effects>, table: string, more: Effects): void {
  const sum: { inserted?: number; updated?: number; deleted?: number } = { ...effects.get(table) }
  for (const kind of ["inserted", "updated", "deleted"] as const) {
    const count = more[kind]
    if (count !== undefined) sum[kind] = (sum[kind] ?? 0) + count
  }
  effects.set(table, sum)
}
