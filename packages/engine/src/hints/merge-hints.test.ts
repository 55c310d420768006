import type { ResourceHints } from "@lading/core"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { resource } from "../resource.ts"
import { type HintChanges, mergeHints } from "./merge-hints.ts"

const before: ResourceHints = {
  table: "things",
  writeDisposition: "merge",
  primaryKey: "id",
  columns: { price: { dataType: "decimal", description: "net" }, note: { nullable: false } },
  nested: { items: { primaryKey: "sku" } },
}

const cases: readonly (readonly [name: string, changes: HintChanges, expected: Partial<Record<keyof ResourceHints, unknown>>])[] = [
  ["keeps what is not given", {}, {}],
  ["keeps what is undefined", { primaryKey: undefined } as unknown as HintChanges, {}],
  ["replaces what is given", { table: "other", primaryKey: ["a", "b"] }, { table: "other", primaryKey: ["a", "b"] }],
  ["takes a hint away that is null", { writeDisposition: null, columns: null }, { writeDisposition: undefined, columns: undefined }],
  [
    "takes a hint away that is empty",
    { table: "", primaryKey: [], nested: {} },
    { table: undefined, primaryKey: undefined, nested: undefined },
  ],
  [
    "merges columns one by one, hint by hint",
    { columns: { price: { precision: 10 }, at: { dataType: "date" } } },
    { columns: { price: { dataType: "decimal", description: "net", precision: 10 }, note: { nullable: false }, at: { dataType: "date" } } },
  ],
  ["replaces nested hints as a whole", { nested: { tags: { mergeKey: "value" } } }, { nested: { tags: { mergeKey: "value" } } }],
]

describe("merging hints", () => {
  it.each(cases)("%s", (_, changes, expected) => {
    const wanted = Object.fromEntries(Object.entries({ ...before, ...expected }).filter(([, value]) => value !== undefined))
    expect(mergeHints(before, changes)).toEqual(wanted)
  })

  it("does not take a row schema for something empty", () => {
    const schema = z.object({})
    expect(mergeHints({}, { schema })).toEqual({ schema })
  })
})

describe("a resource with hints", () => {
  it("is a new one; the old one stays as it is", () => {
    const first = resource("things", before, [[{ id: 1 }]])
    const second = first.withHints({ primaryKey: null, maxTableNesting: 0 })
    expect(first.hints).toEqual(before)
    const { primaryKey: _, ...rest } = before
    expect(second.hints).toEqual({ ...rest, maxTableNesting: 0 })
    expect(second.name).toBe("things")
  })
})
