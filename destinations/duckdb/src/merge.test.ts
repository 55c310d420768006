import type { Column, MergeStrategy, Table } from "@lading/core"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { change, createFixture, type Fixture, load, nestedColumns, rootColumns, rows, sealOf, table } from "../test/fixture.ts"

let fixture: Fixture
beforeEach(() => {
  fixture = createFixture()
})
afterEach(() => fixture.dispose())

const key: Partial<Column> = { data_type: "bigint", primary_key: true, nullable: false }

function orders(strategy: MergeStrategy, more: Readonly<Record<string, Partial<Column>>> = {}, id: Partial<Column> = key): Table {
  const columns = {
    id,
    v: { data_type: "text" as const },
    gone: { data_type: "bool" as const, hard_delete: true },
    ...more,
    ...rootColumns,
  }
  return table("orders", columns, { write_disposition: "merge", "x-merge-strategy": strategy })
}
const tags = table("orders__tags", { value: "text", ...nestedColumns }, { parent: "orders" })

type OrderRow = readonly [id: number, v: string, gone: boolean | null, rowId: string]
const orderPart = (list: readonly OrderRow[]) =>
  fixture.part(
    "orders",
    { id: "bigint", v: "text", gone: "bool", _dlt_load_id: "text", _dlt_id: "text" },
    list.map(([id, v, gone, rowId]) => [id, v, gone, "L", rowId]),
  )
const tagPart = (list: readonly (readonly [value: string, root: string, index: number, rowId?: string])[]) =>
  fixture.part(
    "orders__tags",
    { value: "text", _dlt_root_id: "text", _dlt_parent_id: "text", _dlt_list_idx: "bigint", _dlt_id: "text" },
    list.map(([value, root, index, rowId]) => [value, root, root, index, rowId ?? `${root}.${index}`]),
  )

const rootRows = "SELECT id, v FROM orders ORDER BY id, v"
const tagRows = "SELECT _dlt_root_id, value FROM orders__tags ORDER BY _dlt_root_id, _dlt_list_idx"

describe("delete-insert", () => {
  const schema = [orders("delete-insert"), tags]

  test("replaces the rows of the keys it brings, and their nested rows", async () => {
    const session = await fixture.open()
    await load(
      session,
      sealOf("1", schema, [
        await orderPart([
          [1, "a", null, "r1"],
          [2, "b", null, "r2"],
        ]),
        await tagPart([
          ["x", "r1", 0],
          ["y", "r1", 1],
          ["z", "r2", 0],
        ]),
      ]),
    )
    const result = await load(
      session,
      sealOf("2", schema, [
        await orderPart([
          [1, "A", false, "r3"],
          [3, "c", null, "r4"],
        ]),
        await tagPart([["q", "r3", 0]]),
      ]),
    )
    expect(await rows(session, rootRows)).toEqual([
      [1, "A"],
      [2, "b"],
      [3, "c"],
    ])
    expect(await rows(session, tagRows)).toEqual([
      ["r2", "z"],
      ["r3", "q"],
    ])
    expect(result.tables).toEqual({ orders: { loaded: 2, deleted: 1, inserted: 2 }, orders__tags: { loaded: 1, deleted: 2, inserted: 1 } })
  })

  test("drops the nested rows of its keys when the load brings none", async () => {
    const session = await fixture.open()
    await load(session, sealOf("1", schema, [await orderPart([[1, "a", null, "r1"]]), await tagPart([["x", "r1", 0]])]))
    await load(session, sealOf("2", schema, [await orderPart([[1, "b", null, "r2"]])]))
    expect(await rows(session, tagRows)).toEqual([])
  })

  test("keeps the first row of a key that comes twice, with only its nested rows", async () => {
    const session = await fixture.open()
    await load(
      session,
      sealOf("1", schema, [
        await orderPart([
          [1, "first", null, "r1"],
          [1, "second", null, "r2"],
        ]),
        await tagPart([
          ["x", "r1", 0],
          ["y", "r2", 0],
        ]),
      ]),
    )
    expect(await rows(session, rootRows)).toEqual([[1, "first"]])
    expect(await rows(session, tagRows)).toEqual([["r1", "x"]])
  })

  test.each(["desc", "asc"] as const)("keeps the row that dedup_sort %s puts first", async (dedup_sort) => {
    const session = await fixture.open()
    const sorted = [orders("delete-insert", { v: { data_type: "text", dedup_sort } })]
    await load(
      session,
      sealOf("1", sorted, [
        await orderPart([
          [1, "b", null, "r1"],
          [1, "c", null, "r2"],
          [1, "a", null, "r3"],
        ]),
      ]),
    )
    expect(await rows(session, rootRows)).toEqual([[1, dedup_sort === "desc" ? "c" : "a"]])
  })

  test("a key whose surviving row is a delete goes, with its nested rows", async () => {
    const session = await fixture.open()
    await load(
      session,
      sealOf("1", schema, [
        await orderPart([
          [1, "a", null, "r1"],
          [2, "b", null, "r2"],
        ]),
        await tagPart([
          ["x", "r1", 0],
          ["y", "r2", 0],
        ]),
      ]),
    )
    await load(session, sealOf("2", schema, [await orderPart([[1, "a", true, "r3"]]), await tagPart([["new", "r3", 0]])]))
    expect(await rows(session, rootRows)).toEqual([[2, "b"]])
    expect(await rows(session, tagRows)).toEqual([["r2", "y"]])
  })

  test("a merge key replaces the whole group and keeps equal rows apart", async () => {
    const session = await fixture.open()
    const grouped = [orders("delete-insert", {}, { data_type: "bigint", merge_key: true }), tags]
    await load(
      session,
      sealOf("1", grouped, [
        await orderPart([
          [1, "a", null, "r1"],
          [1, "b", null, "r2"],
          [2, "c", null, "r3"],
        ]),
      ]),
    )
    await load(
      session,
      sealOf("2", grouped, [
        await orderPart([
          [1, "x", null, "r4"],
          [1, "x", null, "r5"],
        ]),
      ]),
    )
    expect(await rows(session, rootRows)).toEqual([
      [1, "x"],
      [1, "x"],
      [2, "c"],
    ])
  })

  test("with a primary and a merge key, a row goes when either matches", async () => {
    const session = await fixture.open()
    const both = [orders("delete-insert", { v: { data_type: "text", merge_key: true } }), tags]
    await load(
      session,
      sealOf("1", both, [
        await orderPart([
          [1, "a", null, "r1"],
          [2, "b", null, "r2"],
          [3, "c", null, "r3"],
        ]),
        await tagPart([
          ["x", "r1", 0],
          ["y", "r2", 0],
          ["z", "r3", 0],
        ]),
      ]),
    )
    await load(session, sealOf("2", both, [await orderPart([[1, "b", null, "r4"]])]))
    expect(await rows(session, rootRows)).toEqual([
      [1, "b"],
      [3, "c"],
    ])
    expect(await rows(session, tagRows)).toEqual([["r3", "z"]])
  })

  test("without any key it appends, less the rows marked as deleted", async () => {
    const session = await fixture.open()
    const keyless = [orders("delete-insert", {}, { data_type: "bigint" }), tags]
    await load(
      session,
      sealOf("1", keyless, [
        await orderPart([
          [1, "a", null, "r1"],
          [1, "b", true, "r2"],
        ]),
        await tagPart([
          ["x", "r1", 0],
          ["y", "r2", 0],
        ]),
      ]),
    )
    expect(await rows(session, rootRows)).toEqual([[1, "a"]])
    expect(await rows(session, tagRows)).toEqual([["r1", "x"]])
  })
})

describe("upsert", () => {
  const schema = [orders("upsert"), tags]

  test("updates, inserts and deletes by key, and replaces nested rows", async () => {
    const session = await fixture.open()
    await load(
      session,
      sealOf("1", schema, [
        await orderPart([
          [1, "a", null, "k1"],
          [2, "b", null, "k2"],
          [3, "c", null, "k3"],
        ]),
        await tagPart([
          ["x", "k1", 0],
          ["y", "k1", 1],
          ["z", "k2", 0],
          ["w", "k3", 0],
        ]),
      ]),
    )
    const result = await load(
      session,
      sealOf("2", schema, [
        await orderPart([
          [1, "A", null, "k1"],
          [2, "b", true, "k2"],
          [4, "d", null, "k4"],
          [5, "e", true, "k5"],
        ]),
        await tagPart([
          ["X", "k1", 0],
          ["v", "k4", 0],
          ["u", "k5", 0],
        ]),
      ]),
    )
    expect(await rows(session, rootRows)).toEqual([
      [1, "A"],
      [3, "c"],
      [4, "d"],
    ])
    expect(await rows(session, tagRows)).toEqual([
      ["k1", "X"],
      ["k3", "w"],
      ["k4", "v"],
    ])
    expect(result.tables.orders).toEqual({ loaded: 4, deleted: 1, inserted: 1, updated: 1 })
  })

  test("keeps the values of columns that the schema does not know", async () => {
    const before = await fixture.open()
    await load(before, sealOf("1", schema, [await orderPart([[1, "a", null, "k1"]])]))
    await before.close()
    await change(fixture.path, "ALTER TABLE ds.orders ADD COLUMN mine VARCHAR DEFAULT 'kept'")
    const session = await fixture.open()
    const result = await load(
      session,
      sealOf("2", schema, [
        await orderPart([
          [1, "b", null, "k1"],
          [2, "c", null, "k2"],
        ]),
      ]),
    )
    expect(await rows(session, "SELECT id, v, mine FROM orders ORDER BY id")).toEqual([
      [1, "b", "kept"],
      [2, "c", "kept"],
    ])
    expect(result.tables.orders).toEqual({ loaded: 2, deleted: 0, inserted: 1, updated: 1 })
  })

  test("leaves no nested rows behind when the ids of the root rows change", async () => {
    const session = await fixture.open()
    await load(session, sealOf("1", schema, [await orderPart([[1, "a", null, "random"]]), await tagPart([["x", "random", 0]])]))
    await load(session, sealOf("2", schema, [await orderPart([[1, "b", null, "k1"]]), await tagPart([["y", "k1", 0]])]))
    expect(await rows(session, tagRows)).toEqual([["k1", "y"]])
  })

  const twice = async (first: string, second: string) =>
    sealOf("1", schema, [
      await orderPart([
        [1, "a", null, "k1"],
        [1, "b", null, "k1"],
      ]),
      await tagPart([
        [first, "k1", 0],
        [second, "k1", 0],
      ]),
    ])

  test("a key that comes twice with the same nested rows is one row", async () => {
    const session = await fixture.open()
    await load(session, await twice("x", "x"))
    expect(await rows(session, rootRows)).toEqual([[1, "a"]])
    expect(await rows(session, tagRows)).toEqual([["k1", "x"]])
  })

  test("a key that comes twice with different nested rows is refused, and nothing is there", async () => {
    const session = await fixture.open()
    await expect(load(session, await twice("x", "y"))).rejects.toMatchObject({
      code: "duplicate-key",
      details: { table: "orders", nested: "orders__tags", strategy: "upsert" },
    })
    expect(await session.snapshot()).toMatchObject({ exists: false })
    await expect(rows(session, rootRows)).rejects.toMatchObject({ code: "destination-error" })
  })

  test("without a primary key it is refused", async () => {
    const session = await fixture.open()
    const keyless = [orders("upsert", {}, { data_type: "bigint" })]
    await expect(load(session, sealOf("1", keyless, [await orderPart([[1, "a", null, "r1"]])]))).rejects.toMatchObject({
      code: "missing-primary-key",
    })
    await expect(rows(session, "FROM orders")).rejects.toThrow("does not exist")
  })
})

describe("insert-only", () => {
  const schema = [orders("insert-only"), tags]

  test("existing rows win, and get no further nested rows", async () => {
    const session = await fixture.open()
    await load(session, sealOf("1", schema, [await orderPart([[1, "a", null, "k1"]]), await tagPart([["x", "k1", 0]])]))
    await load(
      session,
      sealOf("2", schema, [
        await orderPart([
          [1, "A", null, "k1"],
          [2, "b", null, "k2"],
          [3, "c", true, "k3"],
        ]),
        await tagPart([
          ["x", "k1", 0],
          ["y", "k1", 1],
          ["z", "k2", 0],
          ["q", "k3", 0],
        ]),
      ]),
    )
    expect(await rows(session, rootRows)).toEqual([
      [1, "a"],
      [2, "b"],
    ])
    expect(await rows(session, tagRows)).toEqual([
      ["k1", "x"],
      ["k2", "z"],
    ])
  })
})

test("compound keys are compared column by column", async () => {
  const session = await fixture.open()
  const pairs = table(
    "p",
    { a: { data_type: "text", primary_key: true }, b: { data_type: "text", primary_key: true }, v: "bigint" },
    { write_disposition: "merge", "x-merge-strategy": "upsert" },
  )
  const types = { a: "text", b: "text", v: "bigint" }
  await load(
    session,
    sealOf(
      "1",
      [pairs],
      [
        await fixture.part("p", types, [
          ["a", "bc", 1],
          ["ab", "c", 2],
        ]),
      ],
    ),
  )
  await load(session, sealOf("2", [pairs], [await fixture.part("p", types, [["a", "bc", 3]])]))
  expect(await rows(session, "FROM p ORDER BY a")).toEqual([
    ["a", "bc", 3],
    ["ab", "c", 2],
  ])
})

test("a hard delete column that is no boolean deletes where it is not null", async () => {
  const session = await fixture.open()
  const dated = table("d", { id: key, at: { data_type: "timestamp", hard_delete: true } }, { write_disposition: "merge" })
  await load(
    session,
    sealOf(
      "1",
      [dated],
      [
        await fixture.part("d", { id: "bigint", at: "timestamp" }, [
          [1, null],
          [2, null],
        ]),
      ],
    ),
  )
  await load(session, sealOf("2", [dated], [await fixture.part("d", { id: "bigint", at: "timestamp" }, [[1, "2024-01-01 00:00:00+00"]])]))
  expect(await rows(session, "SELECT id FROM d")).toEqual([[2]])
})

test("several merged tables of one load do not get in each other's way", async () => {
  const session = await fixture.open()
  const named = (name: string) => table(name, { id: key }, { write_disposition: "merge" })
  const parts = [
    await fixture.part("a", { id: "bigint" }, [[1]]),
    await orderPart([[1, "x", null, "r1"]]),
    await tagPart([["x", "r1", 0]]),
    await fixture.part("b", { id: "bigint" }, [[1]]),
  ]
  const schema = [named("a"), orders("delete-insert"), tags, named("b")]
  await load(session, sealOf("1", schema, parts))
  await load(session, sealOf("2", schema, parts))
  expect(
    await rows(
      session,
      "SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b), (SELECT count(*) FROM orders), (SELECT count(*) FROM orders__tags)",
    ),
  ).toEqual([[1, 1, 1, 1]])
})
