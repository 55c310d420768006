import { describe, expect, it } from "vitest"
import { readBatch } from "../columns/read-batch.ts"
import { encodeUtf8 } from "../hash/utf8.ts"
import type { ResourceHints } from "../plugin/source.ts"
import { createNormalizer } from "./fixtures/create-normalizer.ts"
import type { RunOptions } from "./run.ts"

/** What records become under hints, through the objects lane or, after a first record that only shows shapes, through the byte lane. */
function load(hints: ResourceHints, records: readonly object[], options: Partial<RunOptions> = {}, useLane = false) {
  const { normalizer, target } = createNormalizer(hints, useLane, options)
  if (useLane) normalizer.pushJsonLines(target, encodeUtf8(records.map((record) => JSON.stringify(record)).join("\n")))
  else normalizer.pushRows(target, records)
  const rows = Object.fromEntries(normalizer.takeBatches(0).map((batch) => [batch.table, readBatch(batch)]))
  return { rows, schema: normalizer.schema, rejects: normalizer.takeRejects(), misses: normalizer.laneMisses }
}

const order = (id: number, ...items: readonly object[]) => ({ id, items })
const records = [order(1, { sku: "a", parts: [1] }, { sku: "b", parts: [2, 3] }), order(2, { sku: "c", parts: [4] })]

describe("hints of a nested table", () => {
  it("declare the types of its columns, which stay as declared", () => {
    const { schema, rows } = load({ nested: { items: { columns: { price: { dataType: "decimal" } } } } }, [order(1, { price: 2 })])
    expect(schema.tables["t__items"]?.columns["price"]).toMatchObject({ data_type: "decimal" })
    expect(schema.tables["t__items"]?.parent).toBe("t")
    expect(rows["t__items"]).toMatchObject([{ price: "2" }])
  })

  it("with a key make it a table of its own, fed by nested data", () => {
    const { schema, rows } = load({ nested: { items: { primaryKey: "sku", writeDisposition: "merge" } } }, records)
    const { parent, resource, write_disposition, columns } = schema.tables["t__items"] ?? { columns: {} }
    expect({ parent, resource, write_disposition }).toEqual({ parent: undefined, resource: "t", write_disposition: "merge" })
    expect(Object.keys(columns)).toEqual(["sku", "_dlt_load_id", "_dlt_id"])
    expect(rows["t__items"]).toMatchObject([
      { sku: "a", _dlt_load_id: "L" },
      { sku: "b", _dlt_load_id: "L" },
      { sku: "c", _dlt_load_id: "L" },
    ])
    expect(new Set(rows["t__items"]?.map((row) => row["_dlt_id"])).size).toBe(3)
  })

  it("link what is nested in it to the nearest table of its own, and that to the root, where these are merged", () => {
    const { rows } = load({ writeDisposition: "merge", primaryKey: "id", nested: { items: { primaryKey: "sku" } } }, records)
    const roots = rows["t"]?.map((row) => row["_dlt_id"])
    const items = rows["t__items"]?.map((row) => row["_dlt_id"])
    expect(rows["t__items"]?.map((row) => row["_dlt_root_id"])).toEqual([roots?.[0], roots?.[0], roots?.[1]])
    expect(rows["t__items__parts"]?.map((row) => row["_dlt_root_id"])).toEqual([items?.[0], items?.[1], items?.[1], items?.[2]])
    expect(rows["t__items__parts"]?.map((row) => row["_dlt_parent_id"])).toEqual([items?.[0], items?.[1], items?.[1], items?.[2]])
  })

  it("give an upserted nested table ids that follow from its key", () => {
    const hints = { nested: { items: { primaryKey: "sku", writeDisposition: { disposition: "merge", strategy: "upsert" } } } } as const
    const ids = (load(hints, [order(1, { sku: "a" }), order(2, { sku: "a" })]).rows["t__items"] ?? []).map((row) => row["_dlt_id"])
    expect(ids[0]).toBe(ids[1])
  })

  it("name a list inside an object by its keys, and find out from the data what is a table", () => {
    const { schema } = load(
      { nested: { "a.items": { columns: { x: { dataType: "text" } } }, "ll.list": { columns: { value: { dataType: "text" } } } } },
      [{ a: { items: [{ x: 1 }] }, ll: [[1]] }],
    )
    expect(schema.tables["t__a__items"]).toMatchObject({ parent: "t", columns: { x: { data_type: "text" } } })
    expect(schema.tables["t__ll__list"]).toMatchObject({ parent: "t__ll", columns: { value: { data_type: "text" } } })
  })

  it("reject a record whose nested key is null, as a whole", () => {
    const { rows, rejects } = load({ nested: { items: { primaryKey: "sku" } } }, [order(1, { sku: null }), order(2, { sku: "b" })])
    expect(rejects).toMatchObject([{ code: "missing-value", pointer: "/items/0", ordinal: 0 }])
    expect(rows["t"]).toMatchObject([{ id: 2 }])
  })

  it.each<[ResourceHints, boolean]>([
    [{ nested: { items: { primaryKey: "sku" }, "items.parts": { columns: { value: { dataType: "double" } } } } }, true],
    [{ writeDisposition: "merge", primaryKey: "id", nested: { items: { mergeKey: "sku", writeDisposition: "replace" } } }, true],
    [{ nested: { items: { primaryKey: "sku", writeDisposition: { disposition: "merge", strategy: "upsert" } } } }, false],
    [{ nested: { "items.parts": { primaryKey: "value" } } }, false],
  ])("give the same rows in both lanes: %j", (hints, fitsByteLane) => {
    const many = [...records, ...records.map(({ items }, i) => ({ id: 10 + i, items }))]
    const { rows, schema } = load(hints, many)
    const lane = load(hints, many, {}, true)
    expect(lane.rows).toEqual(rows)
    expect(lane.schema).toEqual(schema)
    expect(lane.misses < many.length).toBe(fitsByteLane)
  })
})

describe("hints of a nested table that cannot be followed", () => {
  it("are refused: a disposition of its own without a key", () => {
    expect(() => load({ nested: { items: { writeDisposition: "merge" } } }, [])).toThrow(expect.objectContaining({ code: "missing-key" }))
  })

  it("are refused: scd2", () => {
    const hints = { nested: { items: { primaryKey: "sku", writeDisposition: { disposition: "merge", strategy: "scd2" } } } } as const
    expect(() => load(hints, [])).toThrow(expect.objectContaining({ code: "unsupported-strategy" }))
  })

  it("are refused: a key for a table whose rows are linked to their parents", () => {
    const { schema } = load({}, records)
    const again = () => load({ nested: { items: { primaryKey: "sku" } } }, records, { schema })
    expect(again).toThrow(expect.objectContaining({ code: "nested-key-added" }))
  })

  it("a key that was declared once stays, also where later hints leave it out", () => {
    const { schema } = load({ nested: { items: { primaryKey: "sku" } } }, records)
    const { rows } = load({ nested: { items: { columns: { note: { dataType: "text" } } } } }, records, { schema })
    expect(Object.keys(rows["t__items"]?.[0] ?? {})).toEqual(["sku", "_dlt_load_id", "_dlt_id"])
  })
})

describe("the contract of a resource", () => {
  it("holds for nested tables with a key, too", () => {
    const hints: ResourceHints = {
      contract: { columns: "freeze" },
      nested: { items: { primaryKey: "sku", contract: { dataType: "freeze" } } },
    }
    const { schema } = load(hints, records)
    expect(schema.tables["t__items"]?.schema_contract).toEqual({ columns: "freeze", data_type: "freeze" })
    expect(() => load(hints, [order(3, { sku: "z", extra: 1 })], { schema })).toThrow(
      expect.objectContaining({ code: "contract-violation" }),
    )
  })
})
