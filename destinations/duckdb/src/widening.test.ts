import type { Column, DataType } from "@lading/core"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createFixture, type Fixture, load, rows, sealOf, table } from "../test/fixture.ts"
import { duckdbDialect } from "./dialect.ts"

let fixture: Fixture
beforeEach(() => {
  fixture = createFixture()
})
afterEach(() => fixture.dispose())

const cases: readonly (readonly [from: DataType, old: unknown, to: DataType, fresh: unknown, result: readonly unknown[]])[] = [
  ["bigint", 9007199254740992n, "double", 1.5, [1.5, 9007199254740992]],
  ["bigint", 9007199254740993n, "decimal", "1.5", ["1.500000000", "9007199254740993.000000000"]],
  ["double", 0.1, "decimal", "0.2", ["0.100000000", "0.200000000"]],
  ["date", "2024-02-29", "timestamp", "2024-02-28 01:00:00+00", ["2024-02-28T01:00:00+00:00", "2024-02-29T00:00:00+00:00"]],
]

test.each(cases)("a stored %s %s becomes a %s without loss", async (from, old, to, fresh, result) => {
  const session = await fixture.open()
  await load(session, sealOf("1", [table("t", { a: from })], [await fixture.part("t", { a: from }, [[old]])]))
  await load(session, sealOf("2", [table("t", { a: to })], [await fixture.part("t", { a: to }, [[fresh]])]))
  expect((await rows(session, "FROM t ORDER BY a")).map(([value]) => value)).toEqual(result)
})

test("a column widens in the middle of a load, with many rows staged before", async () => {
  const session = await fixture.open()
  const lease = await session.takeLease({ owner: "test", takeOver: false })
  const writer = await session.begin({ loadId: "1", epoch: lease.epoch })
  const many = Array.from({ length: 5000 }, (_, index) => [index])
  const parts = [
    await fixture.part("t", { a: "bigint" }, many),
    await fixture.part("t", { a: "double" }, [[0.5]]),
    await fixture.part("t", { a: "decimal" }, [["0.25"]]),
  ]
  const types: readonly DataType[] = ["bigint", "double", "decimal"]
  for (const [index, part] of parts.entries()) await writer.stage(part, { t: table("t", { a: types[index] ?? "text" }) })
  await writer.commit(sealOf("1", [table("t", { a: "decimal" })], parts))
  expect(await rows(session, "SELECT count(*), sum(a), typeof(any_value(a)) FROM t")).toEqual([
    [5002, "12497500.750000000", "DECIMAL(38,9)"],
  ])
})

test("a merged table widens in the middle of a load", async () => {
  const session = await fixture.open()
  const keyed = (a: DataType) =>
    table("t", { id: { data_type: "bigint", primary_key: true, nullable: false }, a }, { write_disposition: "merge" })
  await load(session, sealOf("1", [keyed("bigint")], [await fixture.part("t", { id: "bigint", a: "bigint" }, [[1, 1]])]))
  const lease = await session.takeLease({ owner: "test", takeOver: true })
  const writer = await session.begin({ loadId: "2", epoch: lease.epoch })
  const parts = [
    await fixture.part("t", { id: "bigint", a: "bigint" }, [[1, 7]]),
    await fixture.part("t", { id: "bigint", a: "double" }, [[2, 0.5]]),
  ] as const
  await writer.stage(parts[0], { t: keyed("bigint") })
  await writer.stage(parts[1], { t: keyed("double") })
  await writer.commit(sealOf("2", [keyed("double")], parts, { epoch: lease.epoch }))
  expect(await rows(session, "FROM t ORDER BY id")).toEqual([
    [1, 7],
    [2, 0.5],
  ])
})

test("a stored column that is wider than the schema's stays as it is", async () => {
  const session = await fixture.open()
  await load(session, sealOf("1", [table("t", { a: "double" })], [await fixture.part("t", { a: "double" }, [[0.5]])]))
  await load(session, sealOf("2", [table("t", { a: "bigint" })], [await fixture.part("t", { a: "bigint" }, [[2]])]))
  expect(await rows(session, "FROM t ORDER BY a")).toEqual([[0.5], [2]])
})

test("integers that a double cannot hold are found before a column is widened", async () => {
  const session = await fixture.open()
  const numbers = table("t", { small: "bigint", big: "bigint", round: "bigint", text: "text", unknown: "bigint" })
  const stored = { small: "bigint", big: "bigint", round: "bigint", text: "text" } as const
  await load(
    session,
    sealOf(
      "1",
      [table("t", stored)],
      [
        await fixture.part("t", stored, [
          [1, 9007199254740993n, 9007199254740994n, "x"],
          [null, 2, 3, null],
        ]),
      ],
    ),
  )
  expect(await session.inexactIntegerColumns(numbers)).toEqual(new Set(["big"]))
  expect(await session.inexactIntegerColumns(table("absent", { a: "bigint" }))).toEqual(new Set())
})

const types: readonly (readonly [Partial<Column>, string])[] = [
  [{ data_type: "bigint", precision: 16 }, "SMALLINT"],
  [{ data_type: "bigint", precision: 32 }, "INTEGER"],
  [{ data_type: "bigint", precision: 64 }, "BIGINT"],
  [{ data_type: "bigint", precision: 128 }, "HUGEINT"],
  [{ data_type: "timestamp", timezone: false, precision: 0 }, "TIMESTAMP_S"],
  [{ data_type: "timestamp", timezone: false, precision: 3 }, "TIMESTAMP_MS"],
  [{ data_type: "timestamp", timezone: false, precision: 9 }, "TIMESTAMP_NS"],
  [{ data_type: "timestamp", precision: 3 }, "TIMESTAMP WITH TIME ZONE"],
  [{ data_type: "decimal", precision: 20 }, "DECIMAL(20,9)"],
  [{ data_type: "text", precision: 5 }, "VARCHAR"],
]

test.each(types)("%j is %s", (column, type) => {
  expect(duckdbDialect.columnType({ name: "c", ...column })).toBe(type)
})

test.each([
  ["BIGINT", "DECIMAL(38,9)", true],
  ["BIGINT", "DECIMAL(18,0)", false],
  ["DECIMAL(10,2)", "DECIMAL(12,4)", true],
  ["DECIMAL(10,2)", "DECIMAL(11,4)", false],
  ["HUGEINT", "DOUBLE", false],
  ["DOUBLE", "BIGINT", false],
  ["VARCHAR", "BIGINT", false],
  ["TIMESTAMP WITH TIME ZONE", "DATE", false],
  ["INTEGER", "BIGINT", true],
])("from %s to %s is a widening: %s", (from, to, expected) => {
  expect(duckdbDialect.isWidening(from, to)).toBe(expected)
})

test.each([
  ["DECIMAL(38,9)", "999999999.9999999999"],
  ["DECIMAL(38,9)", "999999999.9999999994"],
  ["DECIMAL(38,9)", "-999999999.9999999999"],
  ["DECIMAL(38,9)", "12345678901234567890.123456789"],
  ["DECIMAL(38,9)", "99999999999999999999999999999.999999999"],
  ["DECIMAL(38,9)", "-0.0000000005"],
  ["DECIMAL(38,9)", "1e10"],
  ["DECIMAL(38,9)", "1e-9"],
  ["DECIMAL(38,0)", "999999999999999999"],
  ["DECIMAL(38,0)", "1000000000000000000"],
  ["DECIMAL(38,0)", "-99999999999999999999999999999999999999"],
  ["DECIMAL(38,20)", "0.00000000000000000001"],
])("the fast way to a %s of %s is the slow way", async (type, text) => {
  const session = await fixture.open()
  const [row] = await rows(session, `SELECT ${duckdbDialect.cast("t", "VARCHAR", type)}, CAST(t AS ${type}) FROM (SELECT '${text}' AS t)`)
  expect(row?.[0]).toBe(row?.[1])
})

test("a text that is no decimal, or too large a one, fails the load", async () => {
  const session = await fixture.open()
  for (const text of ["x", "1e30"]) {
    const part = await fixture.part("t", { a: "decimal" }, [[text]])
    await expect(load(session, sealOf("1", [table("t", { a: "decimal" })], [part]))).rejects.toMatchObject({
      code: "destination-error",
      details: { kind: "conversion" },
    })
  }
})
