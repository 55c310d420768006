import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { duckdb } from "../../../destinations/duckdb/src/index.ts"
import { pipeline, resource } from "../../../packages/cli/src/index.ts"
import { type Circumstances, lading, makeFolder } from "./harness.ts"

const cwd = makeFolder()
const destination = duckdb("shop.duckdb")
const orders = resource("orders", { primaryKey: "id", columns: { note: { description: "what the customer wrote" } } }, [
  [
    { id: 1, note: 'a|b, "c"\nd', big: 9007199254740993n, items: [{ sku: "tea" }] },
    { id: 2, note: "", big: 2n, items: [] },
    { id: 3, note: null, big: 3n, items: [{ sku: "cup" }] },
    { id: 4, note: () => 1, big: 4n },
  ],
])
const shop = () =>
  pipeline({ name: "shop", destination, dataset: "shop_data", durability: "process", rejects: { maxShare: 1 } }).with(orders)
const circumstances: Circumstances = { cwd, module: () => Promise.resolve({ default: shop() }) }

beforeAll(async () => {
  writeFileSync(join(cwd, "pipeline.ts"), "")
  await lading(["run"], circumstances)
})
afterAll(() => rm(cwd, { recursive: true, force: true }))

const query = (...argv: readonly string[]) => lading(["query", ...argv], circumstances)

describe("lading query", () => {
  it("shows a table with numbers on the right, and how many rows there are beside it", async () => {
    const { code, stdout, stderr } = await query("select id, note from orders order by id")
    expect(code).toBe(0)
    expect(stdout).toBe('id  note\n 1  a|b, "c"\\nd\n 2\n 3\n')
    expect(stderr).toBe("3 rows\n")
  })

  it("fits its table into the window", async () => {
    const answer = await lading(["query", "select repeat('x', 200) as a, id from orders"], { ...circumstances, terminal: 40 })
    expect(Math.max(...answer.stdout.split("\n").map((line) => line.length))).toBe(40)
  })

  it("shows the first rows of a long result and says that there are more", async () => {
    const { stdout, stderr } = await query("select * from range(5000) order by 1", "--max-rows", "2")
    expect(stdout.trim().split(/\s+/)).toEqual(["range", "0", "1"])
    expect(stderr).toBe("the first 2 rows; --max-rows 0 shows all\n")
  })

  it("does not say that there are more rows when there are not", async () => {
    expect((await query("select * from range(2)", "--max-rows", "2")).stderr).toBe("2 rows\n")
  })

  it("writes CSV in which null and an empty text differ", async () => {
    const { stdout } = await query("select id, note, big from orders order by id", "--format", "csv")
    expect(stdout).toBe('id,note,big\n1,"a|b, ""c""\nd",9007199254740993\n2,"",2\n3,,3\n')
  })

  it("writes Markdown with aligned numbers", async () => {
    const { stdout } = await query("select id, note from orders where id = 1", "--format", "markdown")
    expect(stdout).toBe('| id | note |\n| ---: | --- |\n| 1 | a\\|b, "c"\\\\nd |\n')
  })

  it("writes the same JSON document with --json and with --format json, without losing a digit", async () => {
    const sql = "select id, big from orders where id = 1"
    const { stdout } = await query(sql, "--json")
    expect(JSON.parse(stdout)).toEqual({
      columns: [
        { name: "id", type: "BIGINT" },
        { name: "big", type: "BIGINT" },
      ],
      rows: [{ id: 1, big: "9007199254740993" }],
    })
    expect((await query(sql, "--format", "json")).stdout).toBe(stdout)
  })

  it("reports a wrong statement with its code", async () => {
    const { code, stdout } = await query("select nothing from orders", "--json")
    expect(code).toBe(1)
    expect(JSON.parse(stdout).error).toMatchObject({ code: "destination-error", details: { kind: "binder" } })
  })
})

it("a database that is not there is an error, and stays away", async () => {
  const empty = makeFolder()
  const duckdbPlugin = fileURLToPath(new URL("../../../destinations/duckdb/src/index.ts", import.meta.url))
  const arguments_ = ["query", "select 1", "--destination", duckdbPlugin, "--path", "no.duckdb", "--dataset", "d"]
  const { code, stderr } = await lading(arguments_, { cwd: empty })
  expect([code, readdirSync(empty)]).toEqual([1, []])
  expect(stderr).toContain("dataset-missing")
})

describe("lading rejects", () => {
  it("lists where and why rows were rejected", async () => {
    const { code, stdout, stderr } = await lading(["rejects", "list"], circumstances)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^load_id +table_name +ordinal +code +pointer +message/)
    expect(stdout).toMatch(/orders +3 +unsupported-value +\/note/)
    expect(stderr).toBe("1 row\n")
  })

  it("shows only those that were asked for", async () => {
    const { stdout } = await lading(["rejects", "list", "--code", "no-such-code", "--json"], circumstances)
    expect(JSON.parse(stdout)).toMatchObject({ rows: [] })
    const { stdout: quoted } = await lading(["rejects", "list", "--table", "o'ders", "--json"], circumstances)
    expect(JSON.parse(quoted)).toMatchObject({ rows: [] })
  })

  it("exports the rows themselves", async () => {
    const { stdout } = await lading(["rejects", "export", "--table", "orders"], circumstances)
    const [titles, row = ""] = stdout.split("\n")
    expect(titles).toBe("load_id,table_name,ordinal,code,pointer,message,origin,line,value")
    expect(row).toContain('""id"":4')
  })
})

describe("lading inspect", () => {
  it("shows tables, columns, counts, loads, schema changes and rejects", async () => {
    const { code, stdout } = await lading(["inspect"], circumstances)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^shop_data in duckdb shop\.duckdb · pipeline shop$/m)
    expect(stdout).toMatch(/^orders {2}3 rows$/m)
    expect(stdout).toMatch(/^orders__items {2}2 rows · part of orders$/m)
    expect(stdout).toMatch(/^ {2}id +bigint +primary key$/m)
    expect(stdout).toMatch(/^ {2}note +text +what the customer wrote$/m)
    expect(stdout).toMatch(/^last loads\n.*\n {2}[\d.]+ +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +5 +1 /m)
    expect(stdout).toMatch(/^schema changes\n {2}[\d.]+ {2}\+ orders \(new table, \d columns\)/m)
    expect(stdout).toMatch(/^ {2}[\d.]+ +orders +unsupported-value +1$/m)
    expect(stdout).not.toContain("pending")
  })

  it("gives the same facts as one JSON document", async () => {
    const { stdout } = await lading(["inspect", "--json", "--loads", "1"], circumstances)
    const [report] = JSON.parse(stdout).datasets
    expect(report).toMatchObject({ pipeline: "shop", dataset: "shop_data", exists: true, pending: [] })
    expect(report.tables.map(({ name, rowCount }: { name: string; rowCount: number }) => [name, rowCount])).toEqual([
      ["orders", 3],
      ["orders__items", 2],
    ])
    expect(report.loads).toHaveLength(1)
    expect(report.loads[0].tables.orders).toMatchObject({ extracted: 4, rejected: 1, loaded: 3 })
    expect(report.rejects).toEqual([{ loadId: report.loads[0].loadId, table: "orders", code: "unsupported-value", count: 1 }])
  })

  it("says that nothing is loaded yet", async () => {
    const module = { default: pipeline({ name: "fresh", destination, dataset: "fresh_data" }) }
    const { code, stdout } = await lading(["inspect"], { cwd, module })
    expect([code, stdout]).toEqual([0, "fresh_data in duckdb shop.duckdb · pipeline fresh\n  nothing is loaded yet: lading run\n"])
  })

  it("shows what an unfinished run left in the work folder", async () => {
    const pipelines = join(cwd, ".lading", "pipelines")
    const target = readdirSync(pipelines).find((name) => name.startsWith("shop-")) ?? ""
    const left = join(pipelines, target, "packages", "1700000000.5")
    mkdirSync(left, { recursive: true })
    const { stdout } = await lading(["inspect"], circumstances)
    rmSync(left, { recursive: true })
    expect(stdout).toMatch(/^pending packages\n.*\n {2}1700000000\.5 {2}unfinished: the next run discards it/m)
  })
})

describe("a dataset without a pipeline file", () => {
  it("needs a destination and a dataset, and says so", async () => {
    const empty = join(cwd, "empty")
    mkdirSync(empty)
    const answers = [
      await lading(["inspect", "--destination", "duckdb"], { cwd: empty }),
      await lading(["query", "select 1", "--path", "x.duckdb"], { cwd: empty }),
      await lading(["inspect", "pipeline.ts", "--destination", "duckdb", "--dataset", "d"], { cwd: empty }),
    ]
    expect(answers.map(({ code }) => code)).toEqual([2, 2, 2])
    expect(answers.map(({ stderr }) => stderr.split("\n")[0])).toEqual([
      "error usage: --destination needs --dataset",
      "error usage: --path needs --destination",
      "error usage: a pipeline file and --destination exclude each other",
    ])
  })

  it("names the package to install when the destination is not there", async () => {
    const { code, stderr } = await lading(["inspect", "--destination", "not-installed", "--dataset", "d"], { cwd })
    expect(code).toBe(1)
    expect(stderr).toContain("error plugin-not-found:")
    expect(stderr).toContain("do  npm install @lading/destination-not-installed")
  })
})
