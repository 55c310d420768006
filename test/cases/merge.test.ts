import { describe, expect, it } from "vitest"
import { createTarget, inputFile } from "./support/target.ts"

// Of the outcomes the case allows we take: upsert and insert-only are refused before anything is read, delete-insert appends with a warning.
describe("merge-without-keys (dlt-hub/dlt#1005)", () => {
  const first = [
    { id: 1, v: "a" },
    { id: 2, v: "b" },
  ]
  const merge = (strategy: "delete-insert" | "upsert" | "insert-only") =>
    inputFile("merge-no-key.2.ndjson", { table: "t", writeDisposition: { disposition: "merge", strategy } })

  it.each(["upsert", "insert-only"] as const)("a merge (%s) without a key is refused and the earlier rows stay", async (strategy) => {
    const target = createTarget()
    await target.pipeline.run(inputFile("merge-no-key.1.ndjson", { table: "t" }))
    const run = target.pipeline.run(merge(strategy))
    await expect(run).rejects.toMatchObject({ code: "missing-key", message: expect.stringMatching(/\bt\b.*key/) })
    expect(await target.read("select id, v from t order by id")).toEqual(first)
  })

  it("a merge (delete-insert) without a key appends, and the receipt warns of it", async () => {
    const target = createTarget()
    await target.pipeline.run(inputFile("merge-no-key.1.ndjson", { table: "t" }))
    const receipt = await target.pipeline.run(merge("delete-insert"))
    expect(receipt.warnings.join("\n")).toMatch(/\bt\b.*key.*appended/)
    expect(await target.read("select id, v from t order by id")).toEqual([...first, { id: 3, v: "c" }])
  })
})

describe("merge-nothing-new (dlt-hub/dlt#3998)", () => {
  it("a merge after a replace does not empty the table when the source has nothing new", async () => {
    const target = createTarget()
    const rows = { name: "t", table: "t" }
    const merged = { ...rows, writeDisposition: "merge", primaryKey: "id", incremental: { cursor: "updated_at" } } as const
    const count = () => target.read("select count(*) as n from t")
    await target.pipeline.run(inputFile("merge-nothing-new.ndjson", { ...rows, writeDisposition: "replace" }))
    expect(await count()).toEqual([{ n: 3 }])
    await target.pipeline.run(inputFile("merge-nothing-new.ndjson", merged))
    expect(await count()).toEqual([{ n: 3 }])
    const third = await target.pipeline.run(inputFile("merge-nothing-new.ndjson", merged))
    expect(await count()).toEqual([{ n: 3 }])
    expect(third.tables["t"]).toMatchObject({ extracted: 3, loaded: 0 })
    const [stored] = await target.read("select schema from _dlt_version order by inserted_at desc, version desc limit 1")
    expect(JSON.parse(String(stored?.["schema"])).tables.t.write_disposition).toBe("merge")
  })
})
