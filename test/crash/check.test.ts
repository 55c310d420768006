import { copyFileSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { check } from "./check.mjs"
import { readDuckdb } from "./read.mjs"
import { runStep } from "./subject.mjs"
import { truthAfter } from "./truth.mjs"

const folder = mkdtempSync(join(tmpdir(), "lading-checker-"))
const clean = join(folder, "clean.duckdb")
let copies = 0

beforeAll(async () => {
  for (const step of [1, 2, 3]) await runStep({ disposition: "scd2", duckdb: clean, workDir: join(folder, "work") }, step)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the checker says of the dataset after somebody has meddled with it. */
async function checkAfter(sql: string): Promise<ReturnType<typeof check>> {
  const path = join(folder, `data${++copies}.duckdb`)
  copyFileSync(clean, path)
  if (sql !== "") {
    const instance = await DuckDBInstance.create(path)
    const connection = await instance.connect()
    await connection.run(`use crash; ${sql}`)
    connection.closeSync()
    instance.closeSync()
  }
  return check(await readDuckdb(path, "crash"), truthAfter("scd2"))
}

const newest = "(select max(load_id) from _dlt_loads)"

describe("the checker of the crash tests", () => {
  it("finds nothing in what an undisturbed pipeline has loaded", async () => {
    expect(await checkAfter("")).toEqual({ lost: 0, duplicated: 0, wrong: 0, unmarked: 0, findings: [] })
  })

  it.each<["lost" | "duplicated" | "wrong" | "unmarked", string, string]>([
    ["lost", "a row is gone", "delete from journal where seq = 1003"],
    ["lost", "a nested row is gone", "delete from things__lines where _dlt_id = (select max(_dlt_id) from things__lines)"],
    ["lost", "there is no state", "delete from _dlt_pipeline_state"],
    [
      "duplicated",
      "a row is there twice",
      "insert into journal by name select * replace ('other' as _dlt_id) from journal where seq = 1003",
    ],
    ["wrong", "a row id is there twice", "insert into journal by name select * from journal where seq = 1003"],
    ["wrong", "a value has changed", "update journal set name = 'else' where seq = 1003"],
    [
      "wrong",
      "a nested row has another parent",
      "update things__lines set _dlt_parent_id = 'nobody' where sku = (select max(sku) from things__lines)",
    ],
    [
      "wrong",
      "a nested row stands elsewhere",
      "update things__lines set _dlt_list_idx = 7 where _dlt_id = (select max(_dlt_id) from things__lines)",
    ],
    [
      "wrong",
      "a version that ended holds on",
      "update things set _dlt_valid_to = null where _dlt_id = (select max(_dlt_id) from things where _dlt_valid_to is not null)",
    ],
    [
      "wrong",
      "a version begins too early",
      "update things set _dlt_valid_from = '2000-01-01' where _dlt_id = (select max(_dlt_id) from things where _dlt_valid_to is not null)",
    ],
    ["wrong", "the newest state is gone", `delete from _dlt_pipeline_state where _dlt_load_id = ${newest}`],
    ["wrong", "a reject is gone", `delete from _lading_rejects where load_id = ${newest}`],
    ["wrong", "a step is spread over two loads", `update journal set _dlt_load_id = ${newest} where seq = 1003`],
    ["wrong", "the schema of a load is gone", "delete from _dlt_version"],
    ["wrong", "a staging table is left over", "create table _lading_stage_x (a int)"],
    ["unmarked", "a marker is missing", `delete from _dlt_loads where load_id = ${newest}`],
    ["unmarked", "a marker has no rows", "insert into _dlt_loads by name select * replace ('9' as load_id) from _dlt_loads limit 1"],
    ["unmarked", "the rows of a load are gone", `delete from journal where _dlt_load_id = ${newest}`],
    ["unmarked", "a load has not ended well", `update _dlt_loads set status = 1 where load_id = ${newest}`],
  ])("says %s when %s", async (kind, _, sql) => {
    const result = await checkAfter(sql)
    expect(result[kind], result.findings.join("\n")).toBeGreaterThan(0)
  })
})
