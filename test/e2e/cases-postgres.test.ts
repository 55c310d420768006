import { execFile } from "node:child_process"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { sharedPostgres } from "@lading/testkit"
import pg from "pg"
import { describe, expect, it } from "vitest"
import { makeFolder } from "../cases/support/target.ts"
import { input } from "./cases/run-load.ts"

const script = join(dirname(fileURLToPath(import.meta.url)), "cases", "load-postgres.mjs")

function load(
  words: readonly string[],
): Promise<{ readonly exitCode: number; readonly answer: { readonly message?: string }; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...words], (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : -1
      resolve({ exitCode, answer: stdout.trim() === "" ? {} : JSON.parse(stdout), stderr })
    })
  })
}

// Of the outcomes the case allows we take: one of the two may stop, because one run at a time owns a pipeline; it says who does. Run again, it loads.
describe("conc-same-name (dlt-hub/dlt#1102), to PostgreSQL", () => {
  it("two processes of one pipeline at the same moment lose and double nothing, in ten rounds", async () => {
    const { url } = await sharedPostgres(process.env)
    const folder = makeFolder()
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    for (let round = 0; round < 10; round++) {
      const dataset = `round_${process.pid}_${round}`
      const run = (tenant: string) => load([folder, input(`conc-tenant-${tenant}.ndjson`), dataset, url])
      const answers = await Promise.all(["a", "b"].map(async (tenant) => ({ tenant, ...(await run(tenant)) })))
      const stopped = answers.filter(({ exitCode }) => exitCode !== 0)
      expect(stopped.length, JSON.stringify(stopped)).toBeLessThan(2)
      for (const { tenant, exitCode, answer, stderr } of stopped) {
        expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: "" })
        expect(answer.message).toMatch(/is being run by \S+:\d+$/)
        expect(await run(tenant)).toMatchObject({ exitCode: 0 })
      }
      const { rows } = await client.query(
        `SELECT count(*)::int AS n, count(DISTINCT (tenant, id))::int AS distinct_rows,
           (SELECT count(*)::int FROM ${dataset}._dlt_loads WHERE status = 0) AS loads,
           (SELECT count(*)::int FROM pg_tables WHERE schemaname = '${dataset}' AND tablename LIKE '%stage%') AS left_behind FROM ${dataset}.t`,
      )
      expect(rows).toEqual([{ n: 400, distinct_rows: 400, loads: 2, left_behind: 0 }])
      await client.query(`DROP SCHEMA ${dataset} CASCADE`)
    }
    await client.end()
  })
})
