import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { existsSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import { currentProcess } from "@lading/sql"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createFixture, type Fixture, load, rows, sealOf, table } from "../test/fixture.ts"
import { duckdb } from "./destination.ts"
import plugin from "./plugin.ts"

let fixture: Fixture
beforeEach(() => {
  fixture = createFixture()
})
afterEach(() => fixture.dispose())

const api = import.meta.resolve("@duckdb/node-api")
const things = table("t", { a: "bigint" })
const onePart = async () => sealOf("1", [things], [await fixture.part("t", { a: "bigint" }, [[1]])])

/** Opens the file with plain DuckDB in another process and counts the rows. */
function countElsewhere(): string {
  const script = `const { DuckDBInstance } = await import(${JSON.stringify(api)})
    const c = await (await DuckDBInstance.create(${JSON.stringify(fixture.path)})).connect()
    console.log((await (await c.run("SELECT count(*)::INT FROM ds.t")).getRows())[0][0])`
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" })
  return stdout.trim() || stderr
}

/** A process that holds the file with plain DuckDB until it is killed. */
async function holdElsewhere(): Promise<ChildProcess> {
  const script = `const { DuckDBInstance } = await import(${JSON.stringify(api)})
    const c = await (await DuckDBInstance.create(${JSON.stringify(fixture.path)})).connect()
    console.log("open"); setInterval(() => c, 1000)`
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] })
  await new Promise((resolve) => child.stdout.once("data", resolve))
  return child
}

test("closing the last session releases the file and the lock", async () => {
  const session = await fixture.open()
  await load(session, await onePart())
  expect(existsSync(`${fixture.path}.lock`)).toBe(true)
  expect(countElsewhere()).toContain("Could not set lock")
  await session.close()
  expect(existsSync(`${fixture.path}.lock`)).toBe(false)
  expect(existsSync(`${fixture.path}.wal`)).toBe(false)
  expect(countElsewhere()).toBe("1")
})

test("closing releases the file also under an unfinished query and an open load", async () => {
  const session = await fixture.open()
  await load(session, await onePart())
  const abandoned = session.query("SELECT * FROM range(10_000_000)")[Symbol.asyncIterator]()
  await abandoned.next()
  for await (const batch of session.query("SELECT * FROM range(10_000_000)")) if (batch.rows.length > 0) break
  const writer = await session.begin({ loadId: "2", epoch: 1 })
  await writer.stage(await fixture.part("t", { a: "bigint" }, [[2]]), { t: things })
  await session.close()
  expect(countElsewhere()).toBe("1")
})

test("sessions of one process share the file, whichever way its path is spelled", async () => {
  const first = await fixture.open()
  symlinkSync(fixture.folder, join(fixture.folder, "link"))
  const second = await fixture.open({ options: { path: join(fixture.folder, "link", "data.duckdb") } })
  await load(first, await onePart())
  expect(await rows(second, "FROM t")).toEqual([[1]])
  await first.close()
  expect(await rows(second, "FROM t")).toEqual([[1]])
  await second.close()
  await second.close()
  expect(countElsewhere()).toBe("1")
})

test("sessions may be opened and closed at the same time", async () => {
  await Promise.all(
    [1, 2, 3].map(async () => {
      const session = await fixture.open()
      await session.snapshot()
      await session.close()
    }),
  )
  const session = await fixture.open()
  expect(await session.snapshot()).toMatchObject({ exists: false })
})

test("a process that holds the file with plain DuckDB is named", async () => {
  const child = await holdElsewhere()
  try {
    await expect(fixture.open()).rejects.toMatchObject({
      code: "database-locked",
      message: expect.stringContaining(`process ${child.pid}`),
    })
    expect(existsSync(`${fixture.path}.lock`)).toBe(false)
  } finally {
    child.kill("SIGKILL")
  }
})

test("the lock file of a living process is respected, that of a dead one is not", async () => {
  const lock = (pid: number | undefined, more = {}) =>
    writeFileSync(`${fixture.path}.lock`, JSON.stringify({ ...currentProcess(), start: "", token: "x", pid, ...more }))
  lock(process.ppid)
  await expect(fixture.open()).rejects.toMatchObject({
    code: "database-locked",
    details: { holder: expect.stringContaining(String(process.ppid)) },
  })
  lock(spawnSync(process.execPath, ["-e", ""]).pid)
  await (await fixture.open()).close()
  lock(process.ppid, { boot: "another" })
  await (await fixture.open()).close()
  lock(process.ppid, { start: "1" })
  await (await fixture.open()).close()
  lock(1, { host: "elsewhere" })
  await expect(fixture.open()).rejects.toMatchObject({ code: "database-locked", message: expect.stringContaining("elsewhere") })
  utimesSync(`${fixture.path}.lock`, new Date(), new Date(Date.now() - 61_000))
  await (await fixture.open()).close()
  writeFileSync(`${fixture.path}.lock`, "")
  await expect(fixture.open()).rejects.toMatchObject({ code: "database-locked" })
  utimesSync(`${fixture.path}.lock`, new Date(), new Date(Date.now() - 3_000))
  const session = await fixture.open()
  expect(JSON.parse(readFileSync(`${fixture.path}.lock`, "utf8"))).toMatchObject({ pid: process.pid })
  await session.close()
})

test("another thread of this process does not get the file", async () => {
  await fixture.open()
  const code = `
    const { workerData, parentPort } = require("node:worker_threads")
    const { readFileSync } = require("node:fs")
    parentPort.postMessage(JSON.parse(readFileSync(workerData, "utf8")).pid === process.pid)`
  const worker = new Worker(code, { eval: true, workerData: `${fixture.path}.lock` })
  expect(await new Promise((resolve) => worker.once("message", resolve))).toBe(true)
  const owners = Reflect.get(globalThis, Symbol.for("lading.duckdb.owners"))
  Reflect.deleteProperty(globalThis, Symbol.for("lading.duckdb.owners"))
  try {
    await expect(fixture.open()).rejects.toMatchObject({
      code: "database-locked",
      details: { holder: expect.stringContaining("in this process") },
    })
  } finally {
    Reflect.set(globalThis, Symbol.for("lading.duckdb.owners"), owners)
  }
})

test("a file of a newer DuckDB is refused with the remedy", async () => {
  await (await fixture.open()).close()
  const bytes = readFileSync(fixture.path)
  bytes.writeBigUInt64LE(69n, 12)
  writeFileSync(fixture.path, bytes)
  await expect(fixture.open()).rejects.toMatchObject({
    code: "database-too-new",
    hint: expect.stringContaining("STORAGE_VERSION 'v1.4.0'"),
  })
  expect(existsSync(`${fixture.path}.lock`)).toBe(false)
})

test("a file that is no database, and a folder that does not exist, are said to be so", async () => {
  writeFileSync(fixture.path, "not a database ".repeat(1000))
  await expect(fixture.open()).rejects.toMatchObject({
    code: "database-unreadable",
    message: expect.stringContaining("not a valid DuckDB database"),
  })
  await expect(fixture.open({ options: { path: "no/such/folder.duckdb" } })).rejects.toMatchObject({ code: "database-unreadable" })
})

test("a session works in UTC, without extensions that would be downloaded, within its memory", async () => {
  const session = await fixture.open({ options: { memoryLimitMb: 128, threads: 1 } })
  const settings = ["TimeZone", "autoinstall_known_extensions", "autoload_known_extensions", "memory_limit", "threads"]
  expect(await rows(session, `SELECT ${settings.map((name) => `current_setting('${name}')`).join(", ")}`)).toEqual([
    ["UTC", false, false, "128.0 MiB", 1],
  ])
})

test.each([
  ["no path", ""],
  ["memory", ":memory:"],
  ["an unknown option", { path: "x", memory: 1 }],
  ["no threads", { path: "x", threads: 0 }],
  ["little memory", { path: "x", memoryLimitMb: 1.5 }],
])("%s is refused as options", async (_, options) => {
  expect(await plugin.options["~standard"].validate(options)).toHaveProperty("issues")
  if (typeof options === "string") expect(() => duckdb(options)).toThrow(expect.objectContaining({ code: "invalid-options" }))
})

test("the plugin takes a path as its options", async () => {
  expect(await plugin.options["~standard"].validate("a.duckdb")).toEqual({ value: { path: "a.duckdb" } })
  expect(plugin).toMatchObject({ kind: "destination", name: "duckdb", specVersion: 1 })
})
