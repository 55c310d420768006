import { afterEach, beforeEach, expect, test } from "vitest"
import { change, createFixture, type Fixture, rows } from "../test/fixture.ts"

let fixture: Fixture
beforeEach(() => {
  fixture = createFixture()
})
afterEach(() => fixture.dispose())

test.each([
  ["1::BIGINT", 1],
  ["9007199254740993", 9007199254740993n],
  ["-170141183460469231731687303715884105727::HUGEINT", -170141183460469231731687303715884105727n],
  ["1.50::DECIMAL(10,2)", "1.50"],
  ["TIMESTAMPTZ '2024-01-02 03:04:05.1+02'", "2024-01-02T01:04:05.100000+00:00"],
  ["TIMESTAMP '2024-01-02 03:04:05'", "2024-01-02T03:04:05"],
  ["TIMESTAMPTZ 'infinity'", "infinity"],
  ["DATE '2024-02-29'", "2024-02-29"],
  ["TIME '01:02:03.5'", "01:02:03.500000"],
  ["'\\x00\\xFF'::BLOB", new Uint8Array([0, 255])],
  [`'{"a":1}'::JSON`, '{"a":1}'],
  ["[1, NULL]", [1, null]],
  ["{'a': 1, 'b': DATE '2024-01-01'}", { a: 1, b: "2024-01-01" }],
  ["uuid '00000000-0000-0000-0000-000000000001'", "00000000-0000-0000-0000-000000000001"],
  ["NULL", null],
  ["TRUE", true],
  ["0.1::DOUBLE", 0.1],
])("%s is read without loss", async (sql, value) => {
  const session = await fixture.open()
  expect(await rows(session, `SELECT ${sql}`)).toEqual([[value]])
})

test("a large result comes in batches, with its columns", async () => {
  const session = await fixture.open()
  let total = 0
  let batches = 0
  for await (const { columns, rows } of session.query("SELECT i AS n, 'x' AS s FROM range(10_000) r(i)")) {
    expect(columns).toEqual([
      { name: "n", type: "BIGINT" },
      { name: "s", type: "VARCHAR" },
    ])
    total += rows.length
    batches += 1
  }
  expect([total, batches]).toEqual([10_000, 5])
})

test("an empty result still tells its columns", async () => {
  const session = await fixture.open()
  const batches = []
  for await (const batch of session.query("SELECT 1 AS one WHERE FALSE")) batches.push(batch)
  expect(batches).toEqual([{ columns: [{ name: "one", type: "INTEGER" }], rows: [] }])
})

test("a query that fails says why", async () => {
  const session = await fixture.open()
  await expect(rows(session, "SELECT * FROM nowhere")).rejects.toMatchObject({ code: "destination-error", details: { kind: "catalog" } })
})

test.each([
  "DELETE FROM things",
  "EXPLAIN ANALYZE DELETE FROM things",
  "SELECT nextval('numbers')",
  "CREATE TEMPORARY TABLE t AS SELECT 1",
  "CREATE TABLE t AS SELECT 1; SELECT 1",
  "SELECT 1; DELETE FROM things",
  "COPY (SELECT 1) TO 'rows.csv'",
  "ATTACH ':memory:' AS other",
  "SET threads = 1",
  "COMMIT; DELETE FROM things",
])("%s is no query", async (sql) => {
  await change(fixture.path, "CREATE TABLE things AS SELECT 1 AS a; CREATE SEQUENCE numbers")
  const session = await fixture.open()
  await expect(rows(session, sql)).rejects.toMatchObject({ code: "query-changes-data" })
  expect(await rows(session, "SELECT a FROM things")).toEqual([[1]])
})

test.each([
  ["EXPLAIN SELECT 1", 1],
  ["SHOW ALL TABLES", 0],
  ["PIVOT (SELECT 1 AS a, 'x' AS b) ON b USING sum(a)", 1],
  ["WITH one AS (SELECT 1) FROM one", 1],
  ["PRAGMA version", 1],
])("%s only reads", async (sql, count) => {
  const session = await fixture.open()
  expect((await rows(session, sql)).length).toBeGreaterThanOrEqual(count)
})
