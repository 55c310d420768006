import { execFileSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { closeSync, openSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { sharedPostgres } from "@lading/testkit"
import pg from "pg"
import { beforeAll, describe, expect, it } from "vitest"
import { readDatabase } from "../cases/support/read-database.ts"
import { makeFolder, makeLastingFolder } from "../cases/support/target.ts"
import { input, type LoadAnswer, pipeLoad, runLoad } from "./cases/run-load.ts"

const mebibyte = 2 ** 20
const small = ["--max-old-space-size=256"]
const rows = 700_001

/** Whether memory stays flat: the highest of the last nine tenths is not far above that of the first tenth. */
function growth(samples: readonly number[]): number {
  const first = Math.max(...samples.slice(0, Math.max(2, Math.ceil(samples.length / 10))))
  return Math.max(...samples) - first
}

async function expectWhole(folder: string, answer: LoadAnswer): Promise<void> {
  expect(answer.stderr).toBe("")
  expect(answer).toMatchObject({
    exitCode: 0,
    receipt: { tables: { t: { extracted: rows, loaded: rows, rejected: 0 }, t__list: { loaded: 700_000 } } },
  })
  const [read] = await readDatabase(
    join(folder, "target.duckdb"),
    "select count(*) as n, count(distinct id) as ids, max(length(text)) as longest, sum(o__a)::varchar as o, (select count(*) from t__list) as nested from t",
  )
  expect(read).toEqual({ n: rows, ids: rows, longest: 12_582_912, o: String((699_999 * 700_000) / 2 + 1), nested: 700_000 })
  expect(answer.receipt.peak).toBeLessThan(600 * mebibyte)
}

let file = ""
beforeAll(() => {
  const { folder, remove } = makeLastingFolder()
  file = join(folder, "half.ndjson")
  const out = openSync(file, "w")
  execFileSync(process.execPath, [input("generate.mjs"), "half-a-gigabyte"], { stdio: ["ignore", out, "inherit"] })
  closeSync(out)
  return remove
})

describe("mem-half-a-gigabyte (n8n-io/n8n#4900), to DuckDB", () => {
  it("a file of 500 MB with a record of 12 MB loads with a heap of 256 MB, at most 600 MB in all, and no more at its end than at its start", async () => {
    const folder = makeFolder()
    const answer = await runLoad(folder, file, { nodeOptions: small })
    await expectWhole(folder, answer)
    expect(growth(answer.receipt.samples ?? [])).toBeLessThan(300 * mebibyte)
  })

  it("so does an async iterable that reads the same from standard input", async () => {
    const folder = makeFolder()
    const answer = await pipeLoad(folder, [input("generate.mjs"), "half-a-gigabyte"], small, { table: "t" })
    await expectWhole(folder, answer)
  })
})

describe("mem-half-a-gigabyte (n8n-io/n8n#4900), to PostgreSQL", () => {
  it("the same file loads with a heap of 256 MB, at most 600 MB in all, and no more at its end than at its start", async () => {
    const { url } = await sharedPostgres(process.env)
    const dataset = `half_${randomBytes(4).toString("hex")}`
    const script = join(dirname(fileURLToPath(import.meta.url)), "cases", "load-postgres.mjs")
    const answer = JSON.parse(execFileSync(process.execPath, [...small, script, makeFolder(), file, dataset, url], { encoding: "utf8" }))
    expect(answer.tables).toMatchObject({ t: { extracted: rows, loaded: rows, rejected: 0 }, t__list: { loaded: 700_000 } })
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      const { rows: read } = await client.query(
        `SELECT count(*)::int AS n, count(DISTINCT id)::int AS ids, max(length(text)) AS longest, sum(o__a)::text AS o,
           (SELECT count(*)::int FROM ${dataset}.t__list) AS nested FROM ${dataset}.t`,
      )
      expect(read).toEqual([{ n: rows, ids: rows, longest: 12_582_912, o: String((699_999 * 700_000) / 2 + 1), nested: 700_000 }])
    } finally {
      await client.query(`DROP SCHEMA ${dataset} CASCADE`)
      await client.end()
    }
    expect(answer.peak).toBeLessThan(600 * mebibyte)
    expect(growth(answer.samples)).toBeLessThan(300 * mebibyte)
  })
})
