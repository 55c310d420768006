import assert from "node:assert/strict"
import { type Column, isLadingError, type Table } from "@lading/core"
import fc from "fast-check"
import { type ColumnSpecs, defineTable } from "../data/tables.ts"
import { type MergeCase, mergeCases, type Scd2Case, scd2Cases } from "./cases.ts"
import type { ModelEngine, TextRow } from "./engine.ts"
import { type MergeRules, mergeModel, mixesVersions } from "./merge-model.ts"
import { modelTables, rowsOf, type StoredRow } from "./rows.ts"
import { scd2Model, type Version } from "./scd2-model.ts"

/** How many random cases, and from which seed; without one, another each time. A failure names the seed. */
export interface ModelRuns {
  readonly runs: number
  readonly seed?: number
}

const firstLoadAt = Date.UTC(2024, 0, 1)
const farAway = "9999-12-31T00:00:00+00:00"

/** Compares sequences of loads, merged by key, with a model in memory. Throws with the smallest sequence that differs. */
export async function checkMerges(engine: ModelEngine, { runs, seed }: ModelRuns): Promise<void> {
  const property = fc.asyncProperty(mergeCases, (one) => runMergeCase(engine, one))
  await fc.assert(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) })
}

/** Compares sequences of loads into scd2 tables with a model in memory. Throws with the smallest sequence that differs. */
export async function checkScd2(engine: ModelEngine, { runs, seed }: ModelRuns): Promise<void> {
  const property = fc.asyncProperty(scd2Cases, (one) => runScd2Case(engine, one))
  await fc.assert(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) })
}

async function runMergeCase(engine: ModelEngine, one: MergeCase): Promise<void> {
  const keys = one.keyTypes.map((_, i) => `k${i + 1}`)
  const mergeKeys = one.mergeKeyTypes.map((_, i) => `p${i + 1}`)
  const rules: MergeRules = {
    strategy: one.strategy,
    primaryKey: keys,
    mergeKey: mergeKeys,
    hardDelete: one.hardDelete === "none" ? undefined : { column: "gone", isBool: one.hardDelete === "bool" },
    sort: one.sort === "none" ? undefined : { column: "at", direction: one.sort },
  }
  const columns: ColumnSpecs = {
    ...Object.fromEntries(keys.map((name, i) => [name, { data_type: one.keyTypes[i], primary_key: true } as Partial<Column>])),
    ...Object.fromEntries(mergeKeys.map((name, i) => [name, { data_type: one.mergeKeyTypes[i], merge_key: true } as Partial<Column>])),
    v: "bigint",
    gone: { data_type: one.hardDelete === "text" ? "text" : "bool", hard_delete: one.hardDelete !== "none" },
    at: { data_type: "bigint", ...(one.sort === "none" ? {} : { dedup_sort: one.sort }) },
  }
  const root = defineTable(modelTables[0], columns, { write_disposition: "merge", "x-merge-strategy": one.strategy })
  const tables = [root, ...nestedTables(one.depth)]
  await engine.create(tables)
  let expected: readonly StoredRow[] = []
  for (const [load, rows] of one.loads.entries()) {
    const staged = rows.map(
      (row, index): StoredRow => ({ ...row, id: one.strategy === "delete-insert" ? `${load}-${index}` : keyOf(keys, row.values) }),
    )
    const merged = mergeModel(rules, expected, staged)
    const isRefused = one.depth > 0 && mixesVersions(merged, staged, (row) => nestedText(row, one.depth))
    const merge = engine.merge({
      tables,
      strategy: one.strategy,
      rows: rowsOf(staged, one.depth),
      loadedAt: new Date(firstLoadAt + load * 1000),
      replacesRows: one.replacesRows,
    })
    if (isRefused) await assert.rejects(merge, (error) => isLadingError(error) && error.code === "duplicate-key", "versions that mix")
    else {
      await merge
      expected = merged
    }
    await compare(engine, tables, rowsOf(expected, one.depth))
  }
}

const keyOf = (keys: readonly string[], values: TextRow) => JSON.stringify(keys.map((key) => values[key]))

/** What a row has in the nested tables of the case. */
function nestedText(row: StoredRow, depth: number): string {
  const [, ...nested] = rowsOf([row], depth).values()
  return JSON.stringify(nested)
}

async function runScd2Case(engine: ModelEngine, one: Scd2Case): Promise<void> {
  const mergeKeys = one.mergeKeyTypes.map((_, i) => `p${i + 1}`)
  const version: Partial<Column> = { data_type: "text", nullable: false, "x-row-version": true, unique: false, row_key: false }
  const columns: ColumnSpecs = {
    since: { data_type: "timestamp", "x-valid-from": true },
    until: { data_type: "timestamp", "x-valid-to": true, "x-active-record-timestamp": one.hasActiveTimestamp ? farAway : null },
    ...Object.fromEntries(mergeKeys.map((name, i) => [name, { data_type: one.mergeKeyTypes[i], merge_key: true } as Partial<Column>])),
    v: "bigint",
    gone: "bool",
    at: "bigint",
    ...(one.hasVersionColumn ? { ver: version } : {}),
  }
  const plain = defineTable(modelTables[0], columns, { write_disposition: "merge", "x-merge-strategy": "scd2" })
  const root = one.hasVersionColumn ? plain : { ...plain, columns: { ...plain.columns, _dlt_id: { name: "_dlt_id", ...version } } }
  const tables = [root, ...nestedTables(one.depth, false)]
  await engine.create(tables)
  const versionOf = (row: StoredRow) => (one.hasVersionColumn ? String(row.values.ver) : row.id)
  let expected: readonly Version[] = []
  for (const [load, rows] of one.loads.entries()) {
    const staged = rows.map((row, index): StoredRow => {
      const content = JSON.stringify(row)
      return one.hasVersionColumn
        ? { ...row, values: { ...row.values, ver: JSON.stringify(row.values) }, id: `${load}-${index}` }
        : { ...row, id: content }
    })
    const at = firstLoadAt + load * 1000
    await engine.merge({
      tables,
      strategy: "scd2",
      rows: withoutRootIds(rowsOf(staged, one.depth)),
      loadedAt: new Date(at),
      replacesRows: false,
    })
    expected = scd2Model({ mergeKey: mergeKeys, versionOf }, expected, staged, at)
    await compare(engine, tables, withoutRootIds(expectedVersions(expected, one)))
  }
}

/** Root rows with their validity; nested rows once for each id, whatever came back how often. */
function expectedVersions(versions: readonly Version[], { depth, hasActiveTimestamp }: Scd2Case): Map<string, TextRow[]> {
  const end = (to: number | undefined) => (to === undefined ? (hasActiveTimestamp ? instant(Date.parse(farAway)) : null) : instant(to))
  const byId = new Map(versions.map(({ row }) => [row.id, row]))
  const rows = rowsOf([...byId.values()], depth)
  rows.set(
    modelTables[0],
    versions.map(({ row, from, to }) => ({ ...row.values, _dlt_id: row.id, since: instant(from), until: end(to) })),
  )
  return rows
}

const instant = (milliseconds: number) => new Date(milliseconds).toISOString()

function withoutRootIds(rows: Map<string, TextRow[]>): Map<string, TextRow[]> {
  return new Map([...rows].map(([name, list]) => [name, list.map(({ _dlt_root_id: _, ...row }) => row)]))
}

function nestedTables(depth: number, hasRootKey = true): readonly Table[] {
  const all = [
    defineTable(modelTables[1], { x: "bigint" }, { parent: modelTables[0] }),
    defineTable(modelTables[2], { y: "bigint" }, { parent: modelTables[1] }),
  ].slice(0, depth)
  if (hasRootKey) return all
  return all.map((table) => {
    const { _dlt_root_id: _, ...columns } = table.columns
    return { ...table, columns }
  })
}

async function compare(engine: ModelEngine, tables: readonly Table[], expected: ReadonlyMap<string, readonly TextRow[]>): Promise<void> {
  for (const table of tables) {
    const names = Object.keys(table.columns).filter((name) => name !== "_dlt_load_id")
    const canonical = (rows: readonly TextRow[]) =>
      rows.map((row) => JSON.stringify(names.map((name) => plainText(table, name, row)))).toSorted()
    assert.deepStrictEqual(
      canonical(await engine.read(table)),
      canonical(expected.get(table.name) ?? []),
      `table ${table.name} (${names.join(", ")})`,
    )
  }
}

/** Timestamps of a database as ISO text; everything else as it is. */
function plainText(table: Table, name: string, row: TextRow): string | null {
  const value = row[name] ?? null
  if (value === null || table.columns[name]?.data_type !== "timestamp") return value
  return new Date(value.replace(/\+00$/, "+00:00")).toISOString()
}
