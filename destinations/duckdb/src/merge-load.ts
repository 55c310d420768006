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
import { execute, readRows } from "./connection.ts"
import { duckdbDialect } from "./dialect.ts"
import type { Load } from "./load.ts"
import { tableAt, temporaryTable } from "./place.ts"

const { fold, quote } = duckdbDialect

/** Merges every staged chain of tables into its targets; returns the effects by table name. `loadedAt` is where versions of scd2 tables end and begin. */
export async function mergeStaged(load: Load, loadedAt: Date): Promise<ReadonlyMap<string, Effects>> {
  const effects = new Map<string, Effects>()
  const staged = Object.keys(load.tables).filter((name) => load.staging.has(fold(name)))
  const roots = new Set(staged.map((name) => rootOf(load.tables, name).name))
  for (const root of roots) await mergeChain(load, root, loadedAt, effects)
  return effects
}

async function mergeChain(load: Load, rootName: string, loadedAt: Date, effects: Map<string, Effects>): Promise<void> {
  const { root, nested } = stagedChain(load.tables, rootName, (table) =>
    load.catalog.has(fold(table.name)) ? mergeTable(load, table) : undefined,
  )
  const statements = planMerge(duckdbDialect, {
    root,
    nested,
    strategy: mergeStrategyOf(root.table),
    loadedAt,
    isDeduplicated: root.table["x-stage-data-deduplicated"] === true || (await hasUniqueKeys(load, root)),
    replacesRows: completeColumns(root.table).length === load.catalog.get(fold(rootName))?.size,
    temporary: (purpose) => temporaryTable(`_lading_${purpose}`),
  })
  for (const { sql, effect, refusal } of statements) {
    if (refusal !== undefined) {
      if ((await readRows(load.connection, sql, `merge table "${rootName}"`)).length > 0) throw refusal()
      continue
    }
    const before = effect?.kind === "merged" ? await countRows(load, root.target) : 0
    const changed = await execute(load.connection, sql, `merge table "${rootName}"`)
    if (effect === undefined) continue
    const inserted = effect.kind === "merged" ? (await countRows(load, root.target)) - before : 0
    addEffect(effects, effect, { changed, inserted })
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
