import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { toRunResults } from "./artifacts.ts"
import { createResult, resultRows } from "./result.ts"

/** Recorded from dbt-core 1.11.16. */
const recorded = JSON.parse(readFileSync(new URL("./fixtures/run_results.json", import.meta.url), "utf8"))
const manifest = { nodes: { "model.shop.good": { name: "good", resource_type: "model", original_file_path: "models/good.sql" } } }

describe("run_results.json", () => {
  const results = toRunResults(recorded, manifest, "build")

  it("becomes one result for each node, with path and name from the manifest", () => {
    expect(results.dbtVersion).toBe("1.11.16")
    expect(results.nodes.map(({ name, resourceType, status }) => [name, resourceType, status])).toEqual([
      ["good", "model", "success"],
      ["not_null_good_id.cf53bc9459", "test", "pass"],
      ["accepted_values_good_id__2.57d70b8f04", "test", "fail"],
      ["bad", "model", "skipped"],
    ])
    expect(results.nodes[0]).toMatchObject({
      path: "models/good.sql",
      relation: '"x"."ds"."good"',
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    })
    expect(results.nodes[2]).toMatchObject({ failures: 1, message: "Got 1 result, configured to fail if != 0" })
    expect(results.nodes[3]).toMatchObject({ startedAt: undefined, rowsAffected: undefined })
  })

  it.each(["v5", "v7", ""])("in version %s is refused", (version) => {
    const metadata = { dbt_schema_version: `https://schemas.getdbt.com/dbt/run-results/${version}.json`, dbt_version: "9" }
    expect(() => toRunResults({ metadata, results: [] }, {}, "run")).toThrow(expect.objectContaining({ code: "dbt-failed" }))
  })

  it("does not take -1 for a number of rows", () => {
    const result = { unique_id: "model.a.b", status: "success", adapter_response: { rows_affected: -1 } }
    expect(toRunResults({ ...recorded, results: [result] }, {}, "run").nodes[0]?.rowsAffected).toBeUndefined()
  })

  it("gives rows for a table, and a text that names what failed", () => {
    const result = createResult({
      dataset: "ds",
      loadIds: ["1.2"],
      adapter: "duckdb",
      dbtVersion: results.dbtVersion,
      invocationId: results.invocationId,
      commands: ["build"],
      nodes: results.nodes,
      warnings: [],
      durationMs: 1500,
    })
    const rows = resultRows(result)
    expect(rows).toHaveLength(4)
    expect(rows[2]).toMatchObject({ status: "fail", failures: 1, load_ids: ["1.2"], adapter: "duckdb", command: "build" })
    expect(result.toString()).toContain("1 success, 1 pass, 1 fail, 1 skipped in 1.5 s")
    expect(result.toString()).toContain("fail  test accepted_values_good_id__2")
  })
})
