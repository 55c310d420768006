import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { hostname } from "node:os"
import { replaceStrategies } from "@lading/sql"
import { begin, defineState, defineTable, load, type PostgresServer, readAll, sealOf, startPostgres } from "@lading/testkit"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createFixture, type Fixture } from "../test/fixture.ts"
import { ask, testServer } from "../test/server.ts"
import { environment } from "./testing/environment.ts"

let fixture: Fixture
beforeEach(async () => {
  fixture = await createFixture()
})
afterEach(() => fixture.dispose())

const things = defineTable("things", { a: "bigint" })

test("a commit leaves dlt's and Lading's records", async () => {
  const session = await fixture.open()
  const names = [{ table: "things", column: "a", path: '["A"]' }]
  const part = await fixture.part(things, [{ a: 1 }, { a: 2 }])
  await load(session, sealOf("100.5", [things], [part], { state: defineState("s1", 1, "p"), names, schemaChanges: '[{"kind":"table"}]' }))
  const all = async (sql: string) => (await readAll(session, sql)).rows
  expect(await all("SELECT load_id, schema_name, status, inserted_at FROM _dlt_loads")).toEqual([
    ["100.5", "shop", 0, "2024-05-01T10:00:00.123000+00:00"],
  ])
  expect(
    await all("SELECT version, pipeline_name, created_at, version_hash, _dlt_load_id, length(_dlt_id) FROM _dlt_pipeline_state"),
  ).toEqual([[1, "p", "2024-05-01T00:00:00.123000+00:00", "s1", "100.5", 14]])
  expect(await all("SELECT table_name, extracted, normalized, loaded, inserted, updated FROM _lading_load_tables")).toEqual([
    ["things", 2, 2, 2, 2, null],
  ])
  expect(await all("SELECT table_name, column_name, path, load_id FROM _lading_names")).toEqual([["things", "a", '["A"]', "100.5"]])
  expect(await all("SELECT load_id, changes FROM _lading_schema_changes")).toEqual([["100.5", '[{"kind": "table"}]']])
  expect(await all("SELECT load_id, pipeline, epoch FROM _lading_commits")).toEqual([["100.5", "p", 1]])
})

test.each(replaceStrategies)("a replaced table counts what went and what came (%s)", async (replaceStrategy) => {
  const session = await fixture.open({ replaceStrategy })
  const replaced = { ...things, write_disposition: "replace" as const }
  await load(session, sealOf("1", [replaced], [await fixture.part(replaced, [{ a: 1 }, { a: 2 }])]))
  const result = await load(session, sealOf("2", [replaced], [await fixture.part(replaced, [{ a: 3 }])]))
  expect(result.tables).toEqual({ things: { loaded: 1, inserted: 1, deleted: 2 } })
  expect((await readAll(session, "SELECT a FROM things")).rows).toEqual([[3]])
})

test("a merge counts what it inserted, updated and deleted, and keeps the values of foreign columns", async () => {
  const session = await fixture.open()
  const merged = defineTable(
    "orders",
    { id: { data_type: "bigint", primary_key: true, nullable: false }, v: "text", gone: { data_type: "bool", hard_delete: true } },
    { write_disposition: "merge", "x-merge-strategy": "upsert" },
  )
  await load(
    session,
    sealOf(
      "1",
      [merged],
      [
        await fixture.part(
          merged,
          [1, 2, 3].map((id) => ({ id, v: "old" })),
        ),
      ],
    ),
  )
  await ask(`ALTER TABLE "${fixture.dataset}".orders ADD COLUMN note text DEFAULT 'kept'`)
  const rows = [
    { id: 2, v: "new", gone: false },
    { id: 3, v: "x", gone: true },
    { id: 4, v: "new", gone: false },
  ]
  const result = await load(session, sealOf("2", [merged], [await fixture.part(merged, rows)]))
  expect(result.tables).toEqual({ orders: { loaded: 3, inserted: 1, updated: 1, deleted: 1 } })
  expect((await readAll(session, "SELECT id, v, note FROM orders ORDER BY id")).rows).toEqual([
    [1, "old", "kept"],
    [2, "new", "kept"],
    [4, "new", "kept"],
  ])
})

test("tables that were made by staging have NOT NULL, no comment, and no other name", async () => {
  const session = await fixture.open()
  await load(session, sealOf("1", [things], [await fixture.part(things, [{ a: 1 }])]))
  const rows = await ask(
    `SELECT c.relname, c.relpersistence, obj_description(c.oid) AS comment, a.attnotnull FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = $1::regnamespace AND a.attname = '_dlt_id' AND c.relname NOT LIKE '\\_dlt%'`,
    [fixture.dataset],
  )
  expect(rows).toEqual([{ relname: "things", relpersistence: "p", comment: null, attnotnull: true }])
})

test("a value that does not fit fails the load, names line and column, and shows no row", async () => {
  const session = await fixture.open()
  await load(session, sealOf("1", [things], [await fixture.part(things, [{ a: 1 }])]))
  await ask(`ALTER TABLE "${fixture.dataset}".things ALTER a TYPE smallint`)
  const seal = sealOf(
    "2",
    [{ ...things, columns: { ...things.columns, a: { name: "a", data_type: "bigint", precision: 16 } } }],
    [await fixture.part(things, [{ a: 1 }, { a: 70_000 }])],
  )
  await expect(load(session, seal)).rejects.toMatchObject({
    code: "destination-error",
    details: { sqlstate: "22003", line: 2, column: "a" },
  })
})

test("an owner on this machine whose process is gone is not waited for, another is", async () => {
  const session = await fixture.open()
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()
  const { pid } = spawnSync(process.execPath, ["-e", ""])
  await session.takeLease({ owner: `${hostname()}:${boot}:${pid}`, takeOver: false })
  await session.takeLease({ owner: `${hostname()}:${boot}:${process.pid}`, takeOver: false })
  await expect(session.takeLease({ owner: "b", takeOver: false })).rejects.toMatchObject({ code: "fenced" })
  await ask(`UPDATE "${fixture.dataset}"._lading_lease SET heartbeat = now() - interval '61 seconds'`)
  expect((await session.takeLease({ owner: "b", takeOver: false })).epoch).toBe(3)
})

test("a wrong password and a missing database are told apart from a server that is not there, and show no password", async () => {
  const refused = await fixture.open({ password: "canary" }).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: "login-refused" })
  expect(String(refused)).not.toContain("canary")
  await expect(fixture.open({ database: "no such" })).rejects.toMatchObject({ code: "login-refused" })
  await expect(fixture.open({ port: 1 })).rejects.toMatchObject({ code: "connection-failed", retryable: true })
})

test("a user without rights is told what it needs", async () => {
  await ask("DROP ROLE IF EXISTS lading_guest")
  await ask("CREATE ROLE lading_guest LOGIN PASSWORD 'x'")
  const session = await fixture.open({ user: "lading_guest", password: "x" })
  await expect(session.takeLease({ owner: "a", takeOver: false })).rejects.toMatchObject({ code: "permission-denied" })
  await session.close()
  await ask("DROP ROLE lading_guest")
})

test("values that have no JavaScript type come as text, exactly", async () => {
  const session = await fixture.open()
  const sql = `SELECT 'infinity'::timestamptz, '0044-03-15 BC'::date, 1.10::numeric(10,2), '24:00'::time, '{"a": 1}'::jsonb, ARRAY[1,2],
    9007199254740993::bigint, 7::numeric(156,78), 'NaN'::float8, '\\x00ff'::bytea, '2024-01-02 03:04:05.1'::timestamp, NULL::bool`
  const { rows, columns } = await readAll(session, sql)
  expect(rows).toEqual([
    [
      ...["infinity", "0044-03-15 BC", "1.10", "24:00:00", '{"a": 1}', "{1,2}", 9007199254740993n, "7"],
      ...[Number.NaN, Uint8Array.of(0, 255), "2024-01-02T03:04:05.100000", null],
    ],
  ])
  expect(columns.map(({ type }) => type).slice(0, 3)).toEqual(["timestamp with time zone", "date", "numeric(10,2)"])
})

test.each([
  "EXPLAIN ANALYZE DELETE FROM things",
  "CREATE TABLE other (a int)",
  "WITH gone AS (DELETE FROM things RETURNING a) SELECT a FROM gone",
])("%s is no query", async (sql) => {
  const session = await fixture.open()
  await load(session, sealOf("1", [things], [await fixture.part(things, [{ a: 1 }])]))
  await expect(readAll(session, sql)).rejects.toMatchObject({ code: "query-changes-data" })
  expect((await readAll(session, "SELECT a FROM things")).rows).toEqual([[1]])
})

test("a server that crashes between staging and commit loses staged rows, and no load is committed without them", async () => {
  const server: PostgresServer = await startPostgres({ environment })
  try {
    const { host, port, user, password, database } = server
    const session = await fixture.open({ host, port, user, password, database })
    await load(session, sealOf("1", [things], [await fixture.part(things, [{ a: 1 }])]))
    const seal = sealOf("2", [things], [await fixture.part(things, [{ a: 2 }])])
    const { writer, epoch } = await begin(session, "2")
    for (const part of seal.parts) await writer.stage(part, { things })
    await server.stop()
    await server.start()
    await expect(writer.commit({ ...seal, epoch })).rejects.toMatchObject({ code: "connection-failed" })
    await writer.abort()
    expect((await load(session, seal)).status).toBe("committed")
    expect((await readAll(session, "SELECT a FROM things ORDER BY a")).rows).toEqual([[1], [2]])
  } finally {
    await server.remove()
  }
})

test.each(["append", "merge"] as const)("staged rows that got lost are staged again before the commit (%s)", async (disposition) => {
  const session = await fixture.open()
  const table = defineTable(
    "things",
    { a: { data_type: "bigint", primary_key: true, nullable: false } },
    { write_disposition: disposition, "x-merge-strategy": "upsert" },
  )
  await load(session, sealOf("1", [table], [await fixture.part(table, [{ a: 1 }])]))
  const seal = sealOf("2", [table], [await fixture.part(table, [{ a: 2 }]), await fixture.part(table, [{ a: 3 }])])
  const { writer, epoch } = await begin(session, "2")
  for (const part of seal.parts) await writer.stage(part, { things: table })
  const [staging] = await ask("SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename LIKE '%stage%'", [fixture.dataset])
  await ask(`TRUNCATE "${fixture.dataset}"."${String(staging?.tablename)}"`)
  expect((await writer.commit({ ...seal, epoch })).tables.things?.loaded).toBe(2)
  expect((await readAll(session, "SELECT a FROM things ORDER BY a")).rows).toEqual([[1], [2], [3]])
})

test("the environment's own variables are not looked at", async () => {
  const { password } = await testServer()
  const before = { ...process.env }
  Object.assign(process.env, { PGPASSWORD: password, PGOPTIONS: "-c search_path=nowhere", PGSSLMODE: "verify-full" })
  try {
    const { host, port, user, database } = await testServer()
    const { postgres } = await import("./destination.ts")
    const bare = postgres({ host, port, user, database })
    await expect(bare.open({ dataset: fixture.dataset, pipeline: "p" }, fixture.context)).rejects.toMatchObject({
      code: expect.any(String),
    })
    const session = await fixture.open()
    expect((await readAll(session, "SHOW search_path")).rows[0]?.[0]).not.toContain("nowhere")
  } finally {
    process.env = before
  }
})
