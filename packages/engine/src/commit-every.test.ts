import type { IncrementalHints, ResourceHints } from "@lading/core"
import { describe, expect, it } from "vitest"
import { checkCommitEvery, isDue } from "./commit-every.ts"
import { resource } from "./resource.ts"

const incremental: IncrementalHints = { cursor: "at", rowOrder: "asc" }
const safe: ResourceHints = { primaryKey: "id", incremental }
const check = (hints: ResourceHints, parallel = 1) => checkCommitEvery({ rows: 1 }, [resource("events", hints, [])], parallel)

describe("commitEvery", () => {
  it.each<[string, ResourceHints]>([
    ["append with a key", safe],
    ["append with a boundary key only", { incremental: { ...incremental, boundaryKey: ["a", "b"] } }],
    ["merge by primary key", { ...safe, writeDisposition: "merge" }],
    [
      "upsert within a lag",
      { primaryKey: "id", writeDisposition: { disposition: "merge", strategy: "upsert" }, incremental: { ...incremental, lag: 60 } },
    ],
  ])("takes %s", (_, hints) => {
    expect(() => check(hints)).not.toThrow()
  })

  it.each<[string, ResourceHints, string]>([
    ["no cursor", { primaryKey: "id" }, "has no cursor"],
    ["rows in any order", { ...safe, incremental: { cursor: "at" } }, "does not say that its rows come in the order of the cursor"],
    [
      "rows from the newest on",
      { ...safe, incremental: { cursor: "at", rowOrder: "desc" } },
      "does not say that its rows come in the order",
    ],
    ["an end value", { ...safe, incremental: { ...incremental, endValue: 9 } }, "reads up to an end value"],
    [
      "rows without a cursor value",
      { ...safe, incremental: { ...incremental, onMissing: "include" } },
      "includes rows without a cursor value",
    ],
    ["append without a key", { incremental }, "appends rows without a key"],
    ["append without a boundary", { ...safe, incremental: { ...incremental, boundaryKey: [] } }, "appends rows without a key"],
    ["append with a lag", { ...safe, incremental: { ...incremental, lag: 60 } }, "appends with a lag"],
    ["replace", { ...safe, writeDisposition: "replace" }, "replaces its table"],
    ["scd2", { ...safe, writeDisposition: { disposition: "merge", strategy: "scd2" } }, "keeps versions of a snapshot"],
    ["a merge key", { ...safe, writeDisposition: "merge", mergeKey: "day" }, "has a merge key"],
  ])("refuses %s", (_, hints, text) => {
    expect(() => check(hints)).toThrow(expect.objectContaining({ code: "commit-every-unsafe", message: expect.stringContaining(text) }))
  })

  it("refuses resources that are read in parallel", () => {
    expect(() => check(safe, 2)).toThrow(expect.objectContaining({ code: "commit-every-unsafe" }))
  })

  it.each([{}, { rows: 0 }, { minutes: -1 }, { bytes: Number.NaN }])("refuses the limit %j", (limits) => {
    expect(() => checkCommitEvery(limits, [], 1)).toThrow(expect.objectContaining({ code: "config-invalid" }))
  })

  it.each([
    [{ rows: 10 }, { rows: 9, bytes: 1e9, minutes: 99 }, false],
    [{ rows: 10 }, { rows: 10, bytes: 0, minutes: 0 }, true],
    [{ rows: 10, bytes: 5 }, { rows: 1, bytes: 5, minutes: 0 }, true],
    [{ minutes: 2 }, { rows: 1, bytes: 0, minutes: 2 }, true],
    [{ minutes: 2 }, { rows: 0, bytes: 0, minutes: 9 }, false],
  ])("%j with %j: due is %s", (limits, size, due) => {
    expect(isDue(limits, size)).toBe(due)
  })
})
