import { afterEach, beforeEach, expect, test } from "vitest"
import { createFixture, type Fixture, load, rootColumns, rows, sealOf, table } from "../test/fixture.ts"

let fixture: Fixture
beforeEach(() => {
  fixture = createFixture()
})
afterEach(() => fixture.dispose())

test("every data type arrives unchanged and in dlt's column type", async () => {
  const things = table("things", {
    t: "text",
    d: "double",
    b: "bool",
    ts: "timestamp",
    naive: { data_type: "timestamp", timezone: false },
    day: "date",
    clock: "time",
    i: "bigint",
    tiny: { data_type: "bigint", precision: 8 },
    bin: "binary",
    j: "json",
    dec: "decimal",
    price: { data_type: "decimal", precision: 10, scale: 2 },
    w: "wei",
  })
  const types = {
    t: "text",
    d: "double",
    b: "bool",
    ts: "timestamp",
    naive: "timestamp!",
    day: "date",
    clock: "time",
    i: "bigint",
    tiny: "bigint",
    bin: "binary",
    j: "json",
    dec: "decimal",
    price: "decimal",
    w: "wei",
  }
  const big = "12345678901234567890123456789012345678"
  const values = [
    "a\u0000'é",
    0.1,
    true,
    "2024-01-02 03:04:05.123456+00",
    "2024-01-02 03:04:05",
    "2024-01-02",
    "12:30:00.5",
    9007199254740993n,
    7,
    new Uint8Array([0, 255]),
    '{"a": [1]}',
    "1.000000001",
    "12.50",
    big,
  ]
  const session = await fixture.open()
  await load(session, sealOf("1", [things], [await fixture.part("things", types, [values, values.map(() => null)])]))
  expect(await rows(session, "SELECT * FROM things WHERE i IS NOT NULL")).toEqual([
    [
      "a\u0000'é",
      0.1,
      true,
      "2024-01-02T03:04:05.123456+00:00",
      "2024-01-02T03:04:05",
      "2024-01-02",
      "12:30:00.500000",
      9007199254740993n,
      7,
      new Uint8Array([0, 255]),
      '{"a": [1]}',
      "1.000000001",
      "12.50",
      big,
    ],
  ])
  const declared = await rows(session, "SELECT data_type FROM duckdb_columns() WHERE table_name = 'things' ORDER BY column_index")
  expect(declared.map(([type]) => type)).toEqual([
    "VARCHAR",
    "DOUBLE",
    "BOOLEAN",
    "TIMESTAMP WITH TIME ZONE",
    "TIMESTAMP",
    "DATE",
    "TIME",
    "BIGINT",
    "TINYINT",
    "BLOB",
    "JSON",
    "DECIMAL(38,9)",
    "DECIMAL(10,2)",
    "DECIMAL(38,0)",
  ])
})

test("a part narrower than its column is widened exactly", async () => {
  const wide = table("wide", { a: "double", b: "decimal", c: "decimal", d: "timestamp", e: "decimal" })
  const session = await fixture.open()
  const part = await fixture.part("wide", { a: "bigint", b: "bigint", c: "double", d: "date", e: "double" }, [
    [5, 9007199254740993n, 0.1, "2024-02-29", 1e-9],
  ])
  await load(session, sealOf("1", [wide], [part]))
  expect(await rows(session, "FROM wide")).toEqual([
    [5, "9007199254740993.000000000", "0.100000000", "2024-02-29T00:00:00+00:00", "0.000000001"],
  ])
})

test("NOT NULL is set when a table is created, and not on columns that come later", async () => {
  const session = await fixture.open()
  const first = table("t", { a: { data_type: "bigint", nullable: false } })
  const second = table("t", { a: { data_type: "bigint", nullable: false }, b: { data_type: "text", nullable: false } })
  await load(session, sealOf("1", [first], [await fixture.part("t", { a: "bigint" }, [[1]])]))
  await load(session, sealOf("2", [second], [await fixture.part("t", { a: "bigint", b: "text" }, [[2, "x"]])]))
  expect(await rows(session, "SELECT column_name, is_nullable FROM duckdb_columns() WHERE table_name = 't' ORDER BY column_index")).toEqual(
    [
      ["a", false],
      ["b", true],
    ],
  )
  expect(await rows(session, "FROM t ORDER BY a")).toEqual([
    [1, null],
    [2, "x"],
  ])
})

test("columns without a type are not created, columns that only the schema has are", async () => {
  const session = await fixture.open()
  const declared = table("t", { a: "bigint", pending: {}, later: "text" })
  await load(session, sealOf("1", [declared], [await fixture.part("t", { a: "bigint" }, [[1]])]))
  expect(await rows(session, "FROM t")).toEqual([[1, null]])
})

test.each([
  ["a column named like a keyword", "t", "select"],
  ["a quote in a column", "t", 'a"b'],
  ["a table named like a keyword", "order", "x"],
  ["blanks and dots", "my table.x", "a.b c"],
])("names that need quotes: %s", async (_, name, column) => {
  const session = await fixture.open({ dataset: 'my "data" set.1' })
  await load(session, sealOf("1", [table(name, { [column]: "bigint" })], [await fixture.part(name, { [column]: "bigint" }, [[1]])]))
  expect(await rows(session, `FROM "${name}"`)).toEqual([[1]])
})

test.each(["data", "temp", "main"])("a dataset named %s does not collide with DuckDB's own names", async (dataset) => {
  const session = await fixture.open({ dataset })
  await load(session, sealOf("1", [table("t", { a: "bigint" })], [await fixture.part("t", { a: "bigint" }, [[1]])]))
  expect(await rows(session, "FROM t")).toEqual([[1]])
})

test("300 columns, and more in a later part of the same load", async () => {
  const names = Array.from({ length: 300 }, (_, index) => `c${index}`)
  const few = names.slice(0, 200)
  const session = await fixture.open()
  const lease = await session.takeLease({ owner: "test", takeOver: false })
  const writer = await session.begin({ loadId: "1", epoch: lease.epoch })
  const columnsOf = (some: readonly string[]) => Object.fromEntries(some.map((name) => [name, "bigint"] as const))
  const parts = [
    await fixture.part("wide", columnsOf(few), [few.map((_, index) => index)]),
    await fixture.part("wide", columnsOf(names), [names.map((_, index) => index)]),
  ] as const
  await writer.stage(parts[0], { wide: table("wide", columnsOf(few)) })
  await writer.stage(parts[1], { wide: table("wide", columnsOf(names)) })
  await writer.commit(sealOf("1", [table("wide", columnsOf(names))], parts))
  expect(await rows(session, "SELECT count(*), sum(c0), sum(c299), count(c299) FROM wide")).toEqual([[2, 0, 299, 1]])
})

test("many tables that are wide together get the memory that they take together", async () => {
  const names = Array.from({ length: 100 }, (_, index) => `c${index}`)
  const columns = Object.fromEntries(names.map((name) => [name, "text"] as const))
  const tables = Array.from({ length: 20 }, (_, index) => table(`t${index}`, columns))
  const session = await fixture.open()
  const lease = await session.takeLease({ owner: "test", takeOver: false })
  const writer = await session.begin({ loadId: "1", epoch: lease.epoch })
  const parts = []
  for (const { name } of tables) parts.push(await fixture.part(name, columns, [names]))
  const limits: unknown[] = []
  for (const part of parts) {
    await writer.stage(part, Object.fromEntries(tables.map((one) => [one.name, one])))
    limits.push(...(await rows(session, "SELECT current_setting('memory_limit')")).flat())
  }
  expect([limits[0], limits.at(-1)]).toEqual(["64.0 MiB", "361.0 MiB"])
  await writer.commit(sealOf("1", tables, parts))
  expect(await rows(session, "SELECT count(*), max(c99) FROM t19")).toEqual([[1, "c99"]])
})

test("staging a part twice loads it once", async () => {
  const session = await fixture.open()
  const lease = await session.takeLease({ owner: "test", takeOver: false })
  const things = table("t", { a: "bigint" })
  const part = await fixture.part("t", { a: "bigint" }, [[1], [2]])
  const writer = await session.begin({ loadId: "1", epoch: lease.epoch })
  await Promise.all([writer.stage(part, { t: things }), writer.stage(part, { t: things })])
  expect((await writer.commit(sealOf("1", [things], [part]))).tables).toEqual({ t: { loaded: 2, inserted: 2 } })
  expect(await rows(session, "SELECT count(*) FROM t")).toEqual([[2]])
})

test("the rows of an aborted load are gone, and so are its tables", async () => {
  const session = await fixture.open()
  const lease = await session.takeLease({ owner: "test", takeOver: false })
  const writer = await session.begin({ loadId: "1", epoch: lease.epoch })
  await writer.stage(await fixture.part("t", { a: "bigint" }, [[1]]), { t: table("t", { a: "bigint" }) })
  await writer.abort()
  await writer.abort()
  await expect(rows(session, "FROM t")).rejects.toThrow("does not exist")
  expect(await session.snapshot()).toMatchObject({ exists: false, schemas: [], state: undefined, names: [] })
})

test("after a part that cannot be loaded the writer can only abort", async () => {
  const session = await fixture.open()
  const lease = await session.takeLease({ owner: "test", takeOver: false })
  const writer = await session.begin({ loadId: "1", epoch: lease.epoch })
  const good = await fixture.part("t", { a: "bigint" }, [[1]])
  const tables = { t: table("t", { a: "bigint" }) }
  await writer.stage(good, tables)
  await expect(writer.stage({ ...good, path: `${good.path}.gone` }, tables)).rejects.toMatchObject({ code: "destination-error" })
  await expect(writer.stage(good, tables)).rejects.toMatchObject({ code: "load-not-open" })
  await expect(writer.commit(sealOf("1", [], []))).rejects.toMatchObject({ code: "load-not-open" })
  await writer.abort()
  await load(session, sealOf("2", [table("t", { a: "bigint" })], [good]))
  expect(await rows(session, "FROM t")).toEqual([[1]])
})

test("two loads of two pipelines of one process commit side by side", async () => {
  const [one, two] = [await fixture.open({ pipeline: "one" }), await fixture.open({ pipeline: "two" })]
  const leases = [await one.takeLease({ owner: "a", takeOver: false }), await two.takeLease({ owner: "a", takeOver: false })]
  const writers = [await one.begin({ loadId: "1", epoch: 1 }), await two.begin({ loadId: "2", epoch: 1 })] as const
  expect(leases.map(({ epoch }) => epoch)).toEqual([1, 1])
  const first = await fixture.part("t1", { a: "bigint" }, [[1]])
  const second = await fixture.part("t2", { a: "bigint" }, [[2]])
  await Promise.all([
    writers[0].commit(sealOf("1", [table("t1", { a: "bigint" })], [first])),
    writers[1].commit(sealOf("2", [table("t2", { a: "bigint" })], [second])),
  ])
  expect(await rows(one, "SELECT * FROM t1 UNION ALL FROM t2 ORDER BY 1")).toEqual([[1], [2]])
})

test("a part in a folder whose name looks like a pattern is read", async () => {
  const session = await fixture.open()
  const things = table("t", { a: "bigint", ...rootColumns })
  const { mkdirSync, renameSync } = await import("node:fs")
  const folder = `${fixture.folder}/load=[1]*'x`
  mkdirSync(folder)
  const part = await fixture.part("t", { a: "bigint", _dlt_load_id: "text", _dlt_id: "text" }, [[1, "1", "x"]])
  renameSync(part.path, `${folder}/p.parquet`)
  await load(session, sealOf("1", [things], [{ ...part, path: `${folder}/p.parquet` }]))
  expect(await rows(session, "SELECT a FROM t")).toEqual([[1]])
})
