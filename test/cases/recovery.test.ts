import { LadingError, onFault } from "@lading/core"
import { afterEach, describe, expect, it } from "vitest"
import { createTarget, inputFile } from "./support/target.ts"

afterEach(() => onFault(undefined))

/** Makes the load protocol fail once at a point. */
function failOnceAt(point: string, error: Error): void {
  let failures = 1
  onFault((reached) => {
    if (reached === point && failures-- > 0) throw error
  })
}

// The case stops a Postgres server. Here the destination goes away with the package sealed: the same as a server that stops while a run publishes.
describe("pending-then-new-data (dlt-hub/dlt#3227), on DuckDB", () => {
  it.each([
    ["package.after-manifest", "committed"],
    ["publish.after-stage", "committed"],
    ["publish.before-commit", "committed"],
    ["publish.after-commit", "already-committed"],
  ])("after an outage at %s the next run first brings what was pending, then its own data", async (point, outcome) => {
    const target = createTarget()
    failOnceAt(point, new LadingError({ code: "connection-lost", message: "the server went away", retryable: true }))
    await expect(target.pipeline.run(inputFile("pending-then-new.1.ndjson", { table: "t" }))).rejects.toThrow("went away")
    const receipt = await target.pipeline.run(inputFile("pending-then-new.2.ndjson", { table: "t" }))
    expect(receipt.recovered).toMatchObject([{ outcome, rows: 1 }])
    expect(receipt.tables["t"]).toMatchObject({ extracted: 1, loaded: 1 })
    expect(receipt.toString()).toContain(`${outcome}, 1 rows`)
    expect(await target.read("select id, v from t order by id")).toEqual([
      { id: 1, v: "first" },
      { id: 2, v: "second" },
    ])
  })

  it("a load that was refused for good leaves nothing behind that would stop the next run", async () => {
    const target = createTarget()
    failOnceAt("publish.before-commit", new LadingError({ code: "refused", message: "no such thing" }))
    await expect(target.pipeline.run(inputFile("pending-then-new.1.ndjson", { table: "t" }))).rejects.toThrow("no such thing")
    const receipt = await target.pipeline.run(inputFile("pending-then-new.2.ndjson", { table: "t" }))
    expect(receipt.recovered).toEqual([])
    expect(await target.read("select id, v from t")).toEqual([{ id: 2, v: "second" }])
  })
})
