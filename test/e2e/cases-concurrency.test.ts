import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { readDatabase } from "../cases/support/read-database.ts"
import { makeFolder } from "../cases/support/target.ts"
import { input, runLoad } from "./cases/run-load.ts"

// Of the outcomes the case allows we take: one of the two stops, because one process owns a DuckDB file; it says who does. Run again, it loads.
describe("conc-same-name (dlt-hub/dlt#1102), to DuckDB", () => {
  it("two processes of one pipeline at the same moment lose and double nothing, in ten rounds", async () => {
    const folder = makeFolder()
    for (let round = 0; round < 10; round++) {
      const dataset = `round_${round}`
      const load = (tenant: string) => runLoad(folder, input(`conc-tenant-${tenant}.ndjson`), { hints: { dataset } })
      const answers = await Promise.all(["a", "b"].map(async (tenant) => ({ tenant, answer: await load(tenant) })))
      const stopped = answers.filter(({ answer }) => answer.exitCode !== 0)
      expect(stopped.length).toBeLessThan(2)
      for (const { tenant, answer } of stopped) {
        expect(answer, JSON.stringify(answer)).toMatchObject({
          exitCode: 3,
          receipt: { message: expect.stringMatching(/process \d+|pid \d+/i) },
        })
        expect(await load(tenant)).toMatchObject({ exitCode: 0 })
      }
      const [count] = await readDatabase(
        join(folder, "target.duckdb"),
        `select count(*) as n, count(distinct (tenant, id)) as distinct_rows, (select count(*) from _dlt_loads where status = 0) as loads from t`,
        dataset,
      )
      expect(count).toEqual({ n: 400, distinct_rows: 400, loads: 2 })
    }
  })
})
