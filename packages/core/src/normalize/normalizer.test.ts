import { describe, expect, it } from "vitest"
import { readBatch } from "../columns/read-batch.ts"
import { encodeUtf8 } from "../hash/utf8.ts"
import type { ResourceHints } from "../plugin/source.ts"
import type { Table } from "../schema/model.ts"
import { createNormalizer } from "./fixtures/create-normalizer.ts"
import type { RunOptions } from "./run.ts"

type Rows = Record<string, Record<string, unknown>[]>

interface Outcome {
  readonly rows: Rows
  readonly columns: Record<string, Record<string, string | undefined>>
  readonly rejects: { code: string; pointer: string; ordinal: number }[]
}

function normalize(items: readonly unknown[] | string, hints: ResourceHints = {}, options: Partial<RunOptions> = {}): Outcome {
  const { normalizer, target } = createNormalizer(hints, true, options)
  if (typeof items === "string") normalizer.pushJsonLines(target, encodeUtf8(items))
  else normalizer.pushRows(target, items)
  const rows: Rows = {}
  for (const batch of normalizer.takeBatches(0)) rows[batch.table] = readBatch(batch)
  const columns = Object.fromEntries(
    Object.entries(normalizer.schema.tables).map(([name, table]: [string, Table]) => [
      name,
      Object.fromEntries(Object.values(table.columns).map((column) => [column.name, column.data_type])),
    ]),
  )
  return { rows, columns, rejects: normalizer.takeRejects().map(({ code, pointer, ordinal }) => ({ code, pointer, ordinal })) }
}

const system = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([key]) => !key.startsWith("_dlt_")))

describe("the normalizer", () => {
  it("flattens objects, moves lists to child tables, and links them as dlt does", () => {
    const { rows, columns } = normalize([{ a: 1, "B C": { x: "2024-01-01T00:00:00Z", y: [1, "2", { z: 1 }] }, l: [[1, 2], [3]] }], {
      table: "T1",
    })
    expect(columns["t1"]).toEqual({ a: "bigint", b_c__x: "timestamp", _dlt_load_id: "text", _dlt_id: "text" })
    expect(rows["t1"]?.map(system)).toEqual([{ a: 1, b_c__x: Date.UTC(2024, 0, 1) * 1000 }])
    expect(rows["t1__b_c__y"]?.map(system)).toEqual([{ value: 1 }, { value: 2 }, { z: 1 }])
    expect(rows["t1__l"]?.map((row) => row["_dlt_list_idx"])).toEqual([0, 1])
    expect(rows["t1__l__list"]?.map(system)).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }])
  })

  it("orders columns as dlt visits them", () => {
    const { columns } = normalize([{ a: { x: 1, n: { q: 1 } }, b: { y: 1 }, c: 1 }])
    expect(Object.keys(columns["t"] ?? {})).toEqual(["c", "b__y", "a__x", "a__n__q", "_dlt_load_id", "_dlt_id"])
  })

  it("derives nested ids from the parent's id, and keeps an id that the data brings", () => {
    const { rows } = normalize([{ _dlt_id: "X", _dlt_load_id: "mine", v: 1, l: [{ _dlt_id: "Y", z: 1 }, { z: 2 }] }])
    expect(rows["t"]).toEqual([{ v: 1, _dlt_load_id: "L", _dlt_id: "X" }])
    expect(rows["t__l"]).toEqual([
      { z: 1, _dlt_parent_id: "X", _dlt_list_idx: 0, _dlt_id: "Y" },
      { z: 2, _dlt_parent_id: "X", _dlt_list_idx: 1, _dlt_id: "9vBPnzdK5YzRVg" },
    ])
  })

  it("gives rows with a key the id that dlt hashes from it", () => {
    const upsert = { primaryKey: "id", writeDisposition: { disposition: "merge", strategy: "upsert" } } as const
    expect(normalize([{ id: 1 }], upsert).rows["t"]?.[0]?.["_dlt_id"]).toBe("z5jIxXIbUnmbKw")
    const insertOnly = { primaryKey: ["Id", "k"], writeDisposition: { disposition: "merge", strategy: "insert-only" } } as const
    expect(normalize([{ Id: 1, k: "b" }], insertOnly).rows["t"]?.[0]?.["_dlt_id"]).toBe("iFWp9Iv5Qb7SGQ")
  })

  it("puts what a column cannot take into a variant of the value's type", () => {
    const { columns, rows } = normalize([1, 2, "x"])
    expect(columns["t"]).toEqual({ value: "bigint", _dlt_load_id: "text", _dlt_id: "text", value__v_text: "text" })
    expect(rows["t"]?.map(system)).toEqual([{ value: 1 }, { value: 2 }, { value__v_text: "x" }])
  })

  it("joins integers and fractions to one column of doubles, whatever their order", () => {
    for (const items of [
      [{ a: 1 }, { a: 0.5 }],
      [{ a: 0.5 }, { a: 1 }],
    ]) {
      const { columns, rows } = normalize(items)
      expect(columns["t"]?.["a"]).toBe("double")
      expect(rows["t"]?.map((row) => row["a"]).sort()).toEqual([0.5, 1])
    }
  })

  it("keeps integers that no double holds exactly when fractions join them", () => {
    const { columns, rows } = normalize([{ a: 9007199254740993n }, { a: 0.5 }])
    expect(columns["t"]?.["a"]).toBe("decimal")
    expect(rows["t"]?.map((row) => row["a"])).toEqual(["9007199254740993", "0.5"])
  })

  it("keeps JSON integers beyond 2^53 exact", () => {
    const { rows } = normalize('{"a":9007199254740993}\n{"a":-9223372036854775808}\n{"a":18446744073709551616}')
    expect(rows["t"]?.map((row) => row["a"])).toEqual(["9007199254740993", "-9223372036854775808", "18446744073709551616"])
  })

  it("stops nesting where the level is used up", () => {
    const data = [{ id: 1, a: { b: { c: 1 } }, l: [{ m: [{ n: [1] }], k: { z: 1 } }], ll: [[1, [2]]] }]
    expect(normalize(data, { maxTableNesting: 0 }).columns["t"]).toMatchObject({ id: "bigint", a: "json", l: "json", ll: "json" })
    const one = normalize(data, { maxTableNesting: 1 })
    expect(one.columns["t"]).toMatchObject({ a__b: "json" })
    expect(one.rows["t__ll"]?.map(system)).toEqual([{ list: "[1,[2]]" }])
    expect(normalize(data, { maxTableNesting: 3 }).rows["t__ll__list"]?.map(system)).toEqual([{ value: 1 }, { list: "[2]" }])
  })

  it("rejects a row with a value that has no type, and loads its neighbours", () => {
    const { rows, rejects, columns } = normalize([{ id: 1 }, { id: 2, bad: { f: [() => 1] } }, { id: 3, n: "\ud800" }, { id: 4 }])
    expect(rows["t"]?.map(system)).toEqual([{ id: 1 }, { id: 4 }])
    expect(rejects).toEqual([
      { code: "unsupported-value", pointer: "/bad/f/0", ordinal: 1 },
      { code: "lone-surrogate", pointer: "/n", ordinal: 2 },
    ])
    expect(columns).not.toHaveProperty("t__bad__f")
    expect(columns["t"]).not.toHaveProperty("n")
  })

  it("names every path of its own, so that no value overwrites another", () => {
    const { rows } = normalize([{ "a b": 1, a_b: 2, "A B": 3 }])
    expect(Object.values(system(rows["t"]?.[0] ?? {})).sort()).toEqual([1, 2, 3])
  })

  it("rejects a row without a value that may not be null", () => {
    const { rows, rejects } = normalize([{ id: 1 }, { v: 2 }], { primaryKey: "id" })
    expect(rows["t"]?.map(system)).toEqual([{ id: 1 }])
    expect(rejects).toEqual([{ code: "missing-value", pointer: "", ordinal: 1 }])
  })
})
