import { execFile } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { sharedPostgres } from "@lading/testkit"
import pg from "pg"
import { describe, expect, it, onTestFinished } from "vitest"
import { readDatabase } from "../../test/cases/support/read-database.ts"
import { realDbt } from "../../test/e2e/support/dbt.ts"

const here = dirname(fileURLToPath(import.meta.url))
const line = "const warehouse = warehouses.postgres"

type Rows = readonly Readonly<Record<string, unknown>>[]

/** A copy of the example, in which nothing is left of earlier runs; dbt is the one that all tests share. */
function copyExample(change: (text: string) => string = (text) => text): string {
  const folder = mkdtempSync(join(tmpdir(), "lading-example-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const copy = join(folder, "rest-to-warehouse")
  const own = new Set([".lading", "shop.duckdb", "schema-changes.ndjson", "target", "logs"])
  cpSync(here, copy, { recursive: true, filter: (path) => !own.has(path.split("/").at(-1) ?? "") })
  symlinkSync(join(here, "..", "node_modules"), join(folder, "node_modules"))
  const file = join(copy, "pipeline.ts")
  writeFileSync(file, change(readFileSync(file, "utf8")))
  mkdirSync(join(copy, ".lading"), { recursive: true })
  mkdirSync(realDbt.cacheFolder, { recursive: true })
  symlinkSync(realDbt.cacheFolder, join(copy, ".lading", "dbt"))
  return copy
}

async function runExample(folder: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "main.mjs")], { env: { ...process.env, ...environment } })
  return stdout
}

/** A listener that keeps what is posted to it. */
async function listen(): Promise<{ readonly url: string; readonly bodies: unknown[] }> {
  const bodies: unknown[] = []
  const server = createServer(async (request, response) => {
    let text = ""
    for await (const chunk of request) text += String(chunk)
    bodies.push(JSON.parse(text))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/schema`, bodies }
}

/** A database of its own on the shared server. */
async function makeDatabase(): Promise<string> {
  const { url } = await sharedPostgres(process.env)
  const name = `lading_example_${process.pid}`
  await ask(url, `create database ${name}`)
  onTestFinished(async () => void (await ask(url, `drop database ${name} with (force)`)))
  const own = new URL(url)
  own.pathname = name
  return own.href
}

async function ask(url: string, sql: string): Promise<Rows> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** What must be there after both days, whatever the database. */
async function expectWarehouse(read: (sql: string) => Promise<Rows>): Promise<readonly string[]> {
  const loads = await read("select load_id from _dlt_loads where schema_name = 'shop' order by inserted_at")
  const results = await read("select load_ids, status, resource_type from dbt_results")
  const ids = loads.map(({ load_id }) => String(load_id)).filter((id) => results.some(({ load_ids }) => textOf(load_ids).includes(id)))
  expect(ids).toHaveLength(2)
  const [monday, tuesday] = ids

  expect(results).toHaveLength(26)
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["success", "pass"]))
  expect(new Set(results.map(({ resource_type }) => resource_type))).toEqual(new Set(["seed", "model", "snapshot", "test"]))

  const orders = await read("select cast(id as int) as id, status, coupon, _dlt_load_id as load_id from orders order by id")
  const order = (id: number, status: string, load_id: unknown, coupon: string | null = null) => ({ id, status, coupon, load_id })
  expect(orders).toEqual([
    ...[order(1, "paid", monday), order(2, "paid", tuesday), order(3, "paid", monday), order(4, "paid", monday)],
    ...[order(5, "paid", tuesday, "SPRING"), order(6, "open", tuesday)],
  ])
  expect(await read("select cast(count(*) as int) as n from orders__lines")).toEqual([{ n: 4 }])

  expect(
    await read(
      "select cast(id as int) as id, country, cast(pieces as int) as pieces, _dlt_load_id as load_id from paid_orders order by id",
    ),
  ).toEqual([
    { id: 1, country: "France", pieces: 2, load_id: monday },
    { id: 2, country: "Germany", pieces: 1, load_id: tuesday },
    { id: 3, country: "France", pieces: 1, load_id: monday },
    // Cleo has moved since, but the incremental model reads only orders of the last load.
    { id: 4, country: "France", pieces: 0, load_id: monday },
    { id: 5, country: "Germany", pieces: 0, load_id: tuesday },
  ])
  const history = "select country, dbt_valid_to is null as is_current from customers_history where name = 'Cleo' order by 2"
  expect(await read(history)).toEqual([
    { country: "fr", is_current: false },
    { country: "de", is_current: true },
  ])
  return ids
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value)
}

function expectMessages(messages: readonly unknown[], [monday, tuesday]: readonly string[]): void {
  const aboutCoupon = messages.filter((message) => JSON.stringify(message).includes("coupon"))
  expect(aboutCoupon).toEqual([
    expect.objectContaining({
      pipeline: "shop",
      dataset: "shop",
      loadId: tuesday,
      changes: [
        expect.objectContaining({
          kind: "column-added",
          table: "orders",
          column: "coupon",
          after: "text",
          resource: "orders",
          owner: "shop team",
        }),
      ],
    }),
  ])
  // Two more: the first load, and the table with dbt's results.
  expect(messages).toHaveLength(3)
  expect(messages[0]).toMatchObject({ loadId: monday, changes: [{ table: "customers" }, { table: "orders" }, { table: "orders__lines" }] })
}

describe("from a REST API to models, twice, with a new field in between", () => {
  it("runs on PostgreSQL as the file stands, and tells a file of the new column", async () => {
    const folder = copyExample()
    const url = await makeDatabase()
    const output = await runExample(folder, { WAREHOUSE_URL: url })
    expect(output).toMatch(/schema {3}\+ orders\.coupon text/)
    expect(output).toMatch(/429 [1-9]\d* times/)
    const ids = await expectWarehouse((sql) => ask(`${url}?options=-csearch_path%3Dshop`, sql))
    const messages = readFileSync(join(folder, "schema-changes.ndjson"), "utf8").trim().split("\n")
    expectMessages(
      messages.map((text) => JSON.parse(text)),
      ids,
    )
  })

  it("runs on DuckDB with one line changed, and posts a message about the new column", async () => {
    const text = readFileSync(join(here, "pipeline.ts"), "utf8")
    expect(text.split("\n").filter((one) => one === line)).toHaveLength(1)
    const folder = copyExample((all) => all.replace(line, line.replace("postgres", "duckdb")))
    const hook = await listen()
    const output = await runExample(folder, { SCHEMA_WEBHOOK: hook.url })
    expect(output).toMatch(/429 [1-9]\d* times/)
    const ids = await expectWarehouse((sql) => readDatabase(join(folder, "shop.duckdb"), sql, "shop"))
    expectMessages(hook.bodies, ids)
  })
})
