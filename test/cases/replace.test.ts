import { describe, expect, it } from "vitest"
import { createTarget, inputFile } from "./support/target.ts"

describe("merge-nothing-new (dlt-hub/dlt#3998): a replace by a source that yields nothing", () => {
  it("leaves the rows and says why in the receipt", async () => {
    const target = createTarget()
    await target.pipeline.run(inputFile("merge-nothing-new.ndjson", { table: "t" }))
    const receipt = await target.pipeline.run([], { table: "t", writeDisposition: "replace" })
    expect(await target.read("select count(*) as n from t")).toEqual([{ n: 3 }])
    expect(receipt.warnings.join("\n")).toMatch(/no rows.*\bt\b.*left as it is/)
  })

  it("empties the table, nested ones included, when a replace by an empty set was asked for", async () => {
    const target = createTarget()
    await target.pipeline.run([{ id: 1, l: [1, 2] }], { table: "t" })
    await target.pipeline.run([], { table: "t", writeDisposition: "replace", replaceWithEmpty: true })
    expect(await target.read("select (select count(*) from t) as roots, (select count(*) from t__l) as nested")).toEqual([
      { roots: 0, nested: 0 },
    ])
  })
})
