import { sharedPostgres } from "@lading/testkit"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { onPostgres } from "./places.mjs"
import { type Dataset, openPostgresDataset } from "./read-postgres.mjs"

const schema = `compat_reader_${process.pid}`
let client: pg.Client
let url = ""
beforeAll(async () => {
  url = (await sharedPostgres(process.env)).url
  client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`CREATE SCHEMA ${schema}; SET search_path = ${schema}; SET TimeZone = 'Asia/Jakarta'`)
  await client.query("CREATE TABLE _lading_commits (a bigint)")
  await client.query(
    `CREATE TABLE t (i bigint NOT NULL, f double precision, b boolean, x bytea, d date, c time, w timestamp, z timestamptz(3), n numeric(38,9), j jsonb, s varchar(64))`,
  )
  await client.query(
    `INSERT INTO t VALUES (9007199254740993, 0.1, true, '\\x00ff', '2024-02-29', '12:30:00.5', '2024-01-01 10:00:00.123456', '1969-12-31T23:59:59.999Z', 1.1, '{"b": 1.0, "a": "é"}', 'x')`,
  )
  await client.query("INSERT INTO t (i, f) VALUES (1, '-0')")
})
afterAll(async () => {
  await client.query(`DROP SCHEMA ${schema} CASCADE`)
  await client.end()
})

async function read<T>(work: (dataset: Dataset) => T | Promise<T>): Promise<T> {
  const dataset = await openPostgresDataset(url, schema)
  try {
    return await work(dataset)
  } finally {
    await dataset.close()
  }
}

describe("the reader of PostgreSQL", () => {
  it("gives values in the canonical text of the one of DuckDB, and leaves nulls out", async () => {
    const rows = await read(({ tables }) => tables.get("t")?.rows.map((row) => Object.fromEntries(row)))
    const times = { d: "2024-02-29", c: "45000500000us", w: "1704103200123456us", z: "-1000us" }
    expect(rows).toEqual([
      { i: "9007199254740993", f: "0.1", b: "true", x: "00ff", ...times, n: "1.100000000", j: '{"a":"é","b":double 1}', s: "x" },
      { i: "1", f: "-0" },
    ])
  })

  it("gives types with their precision, whether they may be null, and no table of Lading's own", async () => {
    await read(({ tables }) => {
      expect([...tables.keys()]).toEqual(["t"])
      const columns = tables.get("t")?.columns ?? []
      expect(columns[0]).toEqual({ name: "i", type: "bigint", nullable: false })
      expect(columns.map(({ type }) => type)).toEqual([
        "bigint",
        "double precision",
        "boolean",
        "bytea",
        "date",
        "time without time zone",
        "timestamp without time zone",
        "timestamp(3) with time zone",
        "numeric(38,9)",
        "jsonb",
        "character varying(64)",
      ])
    })
  })

  it("answers queries on the dataset", async () => {
    expect(await read(({ query }) => query("SELECT z, s FROM t ORDER BY i"))).toEqual([
      [null, null],
      ["-1000us", "x"],
    ])
  })

  it("finds no tables in a dataset that is not there", async () => {
    const dataset = await openPostgresDataset(url, "compat_nowhere")
    await dataset.close()
    expect(dataset.tables.size).toBe(0)
  })
})

describe("a case on PostgreSQL", () => {
  const entry = { rule: "T1", table: "t", dlt: { columns: { a: "BIGINT", b: null } }, lading: { columns: { a: "DOUBLE" } } }
  it.each([
    ["is left out when it says so", { postgres: false, deliberate: [entry] }, undefined],
    [
      "has PostgreSQL's types",
      { deliberate: [entry] },
      [{ ...entry, dlt: { columns: { a: "bigint", b: null } }, lading: { columns: { a: "double precision" } } }],
    ],
    ["leaves out a difference that is not there", { deliberate: [{ ...entry, postgres: false }] }, []],
    [
      "takes other assertions",
      { deliberate: [{ ...entry, postgres: { load: 1, dlt: { raises: "x" }, lading: { raises: "y" } } }] },
      [{ rule: "T1", table: "t", load: 1, dlt: { raises: "x" }, lading: { raises: "y" } }],
    ],
    ["has differences of its own", { postgres: { deliberate: [entry] } }, [entry]],
  ])("%s", (_, one, deliberate) => {
    expect(onPostgres({ name: "n", ...one })?.["deliberate"]).toEqual(deliberate)
  })
})
