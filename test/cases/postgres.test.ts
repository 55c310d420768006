import { join } from "node:path"
import { LadingError, onFault } from "@lading/core"
import { resource } from "@lading/engine"
import { sharedPostgres, startTcpProxy } from "@lading/testkit"
import { afterEach, describe, expect, it } from "vitest"
import { jsValues } from "./support/js-values.ts"
import { createPostgresTarget } from "./support/postgres-target.ts"
import { anyRejects, expectAccounted, inputFile, makeFolder } from "./support/target.ts"

afterEach(() => onFault(undefined))

describe("a first load into PostgreSQL", () => {
  it("appends rows with nested ones, and appends again", async () => {
    const target = await createPostgresTarget()
    const rows = [
      { id: 1, name: "a\tb\\", tags: ["x", "y"], at: "2024-02-29T12:34:56.123456Z", n: 1.5 },
      { id: 2, name: null, tags: [], n: 2 },
    ]
    const receipt = await target.pipeline.run(rows, { table: "things" })
    expectAccounted(receipt)
    await target.pipeline.run(rows, { table: "things" })
    expect(await target.read("SELECT id, name, at, n FROM things ORDER BY id, name")).toEqual([
      ...Array.from({ length: 2 }, () => ({ id: "1", name: "a\tb\\", at: "2024-02-29 12:34:56.123456+00", n: "1.5" })),
      ...Array.from({ length: 2 }, () => ({ id: "2", name: null, at: null, n: "2" })),
    ])
    expect(await target.read("SELECT value, count(*) FROM things__tags GROUP BY value ORDER BY value")).toEqual([
      { value: "x", count: "2" },
      { value: "y", count: "2" },
    ])
    expect(await target.read("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema AND tablename LIKE '%stage%'")).toEqual([
      { count: "0" },
    ])
  })
})

// Of the outcomes the case allows we take: a Date that holds no time (row 2) rejects its row with `invalid-date`, as a function does (row 5).
describe("js-values (duckdb/duckdb-node-neo#69), on PostgreSQL", () => {
  it("values of a JavaScript program arrive exactly, or their row is rejected with a code", async () => {
    const target = await createPostgresTarget(anyRejects)
    const receipt = await target.pipeline.run(resource("v", { table: "v" }, await jsValues()))
    expectAccounted(receipt)
    expect(receipt.tables["v"]).toMatchObject({ extracted: 5, loaded: 3, rejected: 2 })
    const rest = { raw: null, m__k: null }
    expect(await target.read('SELECT id, trim_scale(n) AS n, "at", raw, f, m__k FROM v ORDER BY id')).toEqual([
      { id: "1", n: "9007199254740993", at: "2024-12-16 10:00:00.123+00", raw: "\\x00ff12", f: "1.5", m__k: "1" },
      { id: "3", n: "9223372036854775807", at: null, f: null, ...rest },
      { id: "4", n: "18446744073709551616", at: "0001-01-01 00:00:00+00", f: "-0", ...rest },
    ])
    expect(await target.read("SELECT ordinal, code, pointer FROM _lading_rejects ORDER BY ordinal")).toEqual([
      { ordinal: "1", code: "invalid-date", pointer: "/at" },
      { ordinal: "4", code: "unsupported-value", pointer: "/bad" },
    ])
  })
})

describe("csv-nul-byte (brianc/node-pg-copy-streams#22), on PostgreSQL", () => {
  it("the row with the zero byte is a reject, the others load, and the next file loads after it", async () => {
    const target = await createPostgresTarget(anyRejects)
    const receipt = await target.pipeline.run(inputFile("csv-nul.csv", { table: "notes" }))
    expectAccounted(receipt)
    expect(await target.read("SELECT id, note FROM notes")).toEqual([{ id: "2", note: "ok" }])
    expect(await target.read("SELECT code, table_name, pointer, line FROM _lading_rejects")).toEqual([
      { code: "nul-in-text", table_name: "notes", pointer: "/note", line: "2" },
    ])
    await target.pipeline.run(inputFile("csv-nul.2.csv", { table: "notes" }))
    expect(await target.read("SELECT id FROM notes ORDER BY id")).toEqual([{ id: "2" }, { id: "3" }])
  })

  it("with the default ceiling nothing is committed, and the second file still loads", async () => {
    const target = await createPostgresTarget()
    await expect(target.pipeline.run(inputFile("csv-nul.csv", { table: "notes" }))).rejects.toMatchObject({ code: "reject-ceiling" })
    expect(await target.read("SELECT to_regclass('notes') AS found, (SELECT count(*) FROM _dlt_loads) AS loads")).toEqual([
      { found: null, loads: "0" },
    ])
    await target.pipeline.run(inputFile("csv-nul.2.csv", { table: "notes" }))
    expect(await target.read("SELECT id FROM notes")).toEqual([{ id: "3" }])
  })

  it.each([
    ["U+0000", "a\0b"],
    ["half a surrogate pair", "\ud800"],
  ])("%s inside of a json column is a reject as well", async (_, text) => {
    const target = await createPostgresTarget(anyRejects)
    const rows = [
      { id: 1, data: { deep: [text] } },
      { id: 2, data: { deep: ["\\u0000", "\\\\ud800", "😀"] } },
    ]
    const receipt = await target.pipeline.run(resource("t", { table: "t", columns: { data: { dataType: "json" } } }, rows))
    expect(receipt.tables["t"]).toMatchObject({ loaded: 1, rejected: 1 })
    expect(await target.read("SELECT id, data->'deep'->>0 AS first, data->'deep'->>2 AS last FROM t")).toEqual([
      { id: "2", first: "\\u0000", last: "😀" },
    ])
  })
})

// The same table under other time zones of the process: test/e2e/cases-zones.test.ts.
describe("json-edge-timestamps (notatallshaw/nab#947), on PostgreSQL", () => {
  it("timestamps at the edges of calendar and range are exact or stay text; none is moved or made up", async () => {
    const target = await createPostgresTarget(anyRejects)
    const receipt = await target.pipeline.run(inputFile("json-edge-timestamps.ndjson", { table: "moments" }))
    expectAccounted(receipt)
    expect(await target.read('SELECT pg_typeof("at")::text AS type FROM moments LIMIT 1')).toEqual([{ type: "timestamp with time zone" }])
    expect(await target.read('SELECT id, "at", at__v_text AS text FROM moments ORDER BY id')).toEqual([
      { id: "1", at: "1969-12-31 23:59:59.999999+00", text: null },
      { id: "2", at: "2024-03-31 01:30:00+00", text: null },
      { id: "3", at: null, text: "2016-12-31T23:59:60Z" },
      { id: "4", at: null, text: "2024-02-29T24:00:00Z" },
      { id: "5", at: "10000-01-01 04:00:00+00", text: null },
      { id: "6", at: "0001-12-31 21:30:00+00 BC", text: null },
      { id: "7", at: null, text: "2024-02-30T00:00:00Z" },
      { id: "8", at: "2024-06-01 12:00:00.123456+00", text: null },
    ])
  })
})

describe("pg-long-names (confluentinc/kafka-connect-jdbc#675)", () => {
  it.each(["snake_case", "direct"] as const)("names of more than 63 bytes stay apart, also without local state (%s)", async (naming) => {
    const target = await createPostgresTarget({ naming })
    const table = "water_levels_of_the_northern_valley"
    await target.pipeline.run(inputFile("pg-long-names.1.ndjson", { table }))
    const tables = await target.read("SELECT tablename FROM pg_tables WHERE schemaname = current_schema ORDER BY 1")
    const columns = await target.read(
      `SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema AND table_name = '${table}' ORDER BY 1`,
    )
    const elsewhere = target.with({ workDir: join(makeFolder(), "work") })
    await elsewhere.pipeline.run(inputFile("pg-long-names.2.ndjson", { table }))
    expect(await target.read("SELECT tablename FROM pg_tables WHERE schemaname = current_schema ORDER BY 1")).toEqual(tables)
    const [left, right] = columns.map(({ column_name }) => String(column_name)).filter((name) => !/^(_dlt|id$)/.test(name))
    expect(await target.read(`SELECT id, "${left}" AS l, "${right}" AS r FROM "${table}" ORDER BY id`)).toEqual([
      { id: "1", l: expect.anything(), r: expect.anything() },
      { id: "2", l: expect.anything(), r: expect.anything() },
    ])
    const values = await target.read(`SELECT array_agg("${left}" ORDER BY id) AS l, array_agg("${right}" ORDER BY id) AS r FROM "${table}"`)
    expect([values[0]?.["l"], values[0]?.["r"]].toSorted()).toEqual(["{1,4}", "{2,3}"])
    const nested = tables.map(({ tablename }) => String(tablename)).filter((name) => name.startsWith("water") && name !== table)
    const held = await Promise.all(nested.map((name) => target.read(`SELECT array_agg(u ORDER BY u) AS u FROM "${name}"`)))
    expect(held.map(([row]) => row?.["u"]).toSorted()).toEqual(["{a,b,d}", "{c,e,f}"])
    for (const name of [...nested, String(left), String(right)]) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
    expect((await sharedPostgres(process.env)).log() ?? "").not.toContain("will be truncated")
  })
})

describe("merge-nothing-new (dlt-hub/dlt#3998), on PostgreSQL", () => {
  it("a merge after a replace does not empty the table when the source has nothing new", async () => {
    const target = await createPostgresTarget()
    const rows = { name: "t", table: "t" }
    const merged = { ...rows, writeDisposition: "merge", primaryKey: "id", incremental: { cursor: "updated_at" } } as const
    const count = () => target.read("SELECT count(*) AS n FROM t")
    await target.pipeline.run(inputFile("merge-nothing-new.ndjson", { ...rows, writeDisposition: "replace" }))
    expect(await count()).toEqual([{ n: "3" }])
    for (let run = 2; run <= 3; run++) {
      const receipt = await target.pipeline.run(inputFile("merge-nothing-new.ndjson", merged))
      expect(await count()).toEqual([{ n: "3" }])
      if (run === 3) expect(receipt.tables["t"]).toMatchObject({ extracted: 3, loaded: 0 })
    }
    const empty = await target.pipeline.run(resource("t", { table: "t", writeDisposition: "replace" }, []))
    expect(await count()).toEqual([{ n: "3" }])
    expect(empty.tables["t"]?.loaded ?? 0).toBe(0)
  })
})

// What a failed run can leave behind is a sealed package: a run that cannot reach the server at all fails before it extracts anything.
describe("pending-then-new-data (dlt-hub/dlt#3227), on PostgreSQL", () => {
  it.each(["package.after-manifest", "publish.after-stage", "publish.before-commit"])(
    "when the server goes away at %s, the next run first brings what was pending, then its own data",
    async (point) => {
      const proxy = await startTcpProxy(await sharedPostgres(process.env))
      const target = await createPostgresTarget({ port: proxy.port })
      onFault((passed) => {
        if (passed === point) proxy.down()
      })
      await expect(target.pipeline.run(inputFile("pending-then-new.1.ndjson", { table: "t" }))).rejects.toMatchObject({
        code: "connection-failed",
      })
      onFault(undefined)
      await expect(target.pipeline.run(inputFile("pending-then-new.2.ndjson", { table: "t" }))).rejects.toBeInstanceOf(LadingError)
      proxy.up()
      const receipt = await target.with({ takeOver: true }).pipeline.run(inputFile("pending-then-new.2.ndjson", { table: "t" }))
      expect(receipt.recovered).toMatchObject([{ outcome: "committed", rows: 1 }])
      expect(receipt.tables["t"]).toMatchObject({ extracted: 1, loaded: 1 })
      expect(await target.read("SELECT id, v FROM t ORDER BY id")).toEqual([
        { id: "1", v: "first" },
        { id: "2", v: "second" },
      ])
      await proxy.close()
    },
  )
})
