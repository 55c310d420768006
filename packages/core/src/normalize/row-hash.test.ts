import { describe, expect, it, test } from "vitest"
import { readBatch } from "../columns/read-batch.ts"
import { encodeUtf8 } from "../hash/utf8.ts"
import type { ResourceHints } from "../plugin/source.ts"
import { decimal } from "../types/values.ts"
import { createNormalizer } from "./fixtures/create-normalizer.ts"
import { rowHash } from "./row-hash.ts"

// Made with dlt 1.31: get_row_hash of the same objects.
test.each<readonly [object, string]>([
  [{ id: 1 }, "z5jIxXIbUnmbKw"],
  [{ id: "1" }, "34mTpKkIs8DCig"],
  [{ id: 1, name: "a" }, "swX5JrcV4/PVUA"],
  [{ name: "a", id: 1 }, "swX5JrcV4/PVUA"],
  [{ b: 1, a: "\u00e9" }, "A+1TKD9ctj3P/Q"],
  [{ id: 1, x: null }, "cBoyiOlX23mY+A"],
  [{}, "RoBn8+L4hTHbJQ"],
  [{ k: "\uf0282024-01-01" }, "F23DxfKuRAfQAA"],
  [{ at: new Date("2024-01-01T00:00:00Z") }, "uRJMfrD9fsVHrg"],
  [{ a: 1e21 }, "z0J5dBlV8EwLJQ"],
  [{ _dlt_id: "x", _dlt_load_id: "y", id: 1 }, "z5jIxXIbUnmbKw"],
  [new Map<string, unknown>([["id", 1]]), "z5jIxXIbUnmbKw"],
])("a version of a row has dlt's hash: %j", (record, expected) => {
  expect(rowHash(record)).toBe(expected)
})

test("what is nested counts, and so does the type of a value", () => {
  const records = [
    { l: [1, 2] },
    { l: [2, 1] },
    { l: [1, { x: 2 }] },
    { l: [1, { x: "2" }] },
    { l: decimal("1.10") },
    { l: "1.10" },
    { l: 1.1 },
  ]
  expect(new Set(records.map(rowHash)).size).toBe(records.length)
})

const scd2: ResourceHints = { writeDisposition: { disposition: "merge", strategy: "scd2" } }

describe("rows of a table with versions", () => {
  const line = '{"id":1,"l":[{"x":1.0}],"o":{"b":"\\u00e9","a":null}}'
  const normalized = (hints: ResourceHints, useLane: boolean) => {
    const { normalizer, target } = createNormalizer(hints, useLane)
    normalizer.pushJsonLines(target, encodeUtf8(`${line}\n${line}`))
    return new Map(normalizer.takeBatches(0).map((batch) => [batch.table, readBatch(batch)]))
  }

  it("have the hash of the record as id, whichever lane reads them, and link their nested rows to it", () => {
    const [bytes, objects] = [normalized(scd2, true), normalized(scd2, false)]
    expect(bytes).toEqual(objects)
    const [first, second] = bytes.get("t") ?? []
    expect(first).toEqual(second)
    expect(first).toMatchObject({ id: 1, _dlt_id: expect.stringMatching(/^[\w+/]{14}$/) })
    expect(bytes.get("t__l")).toMatchObject([{ x: 1, _dlt_parent_id: first?.["_dlt_id"] }, { _dlt_parent_id: first?.["_dlt_id"] }])
    expect(Object.keys(bytes.get("t__l")?.[0] ?? {})).not.toContain("_dlt_root_id")
  })

  it("have ids of their own when the data brings the version", () => {
    const [first, second] =
      normalized({ writeDisposition: { disposition: "merge", strategy: "scd2", rowVersionColumnName: "id" } }, true).get("t") ?? []
    expect(first?.["_dlt_id"]).not.toEqual(second?.["_dlt_id"])
  })
})
