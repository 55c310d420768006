import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { anyRejects, createTarget } from "../cases/support/target.ts"
import { dump } from "./support/dump.ts"
import { loadLines, loadObjects } from "./support/lanes.ts"

/** Each run loads files; few runs of many rows find as much as many runs of few. */
const parameters = { numRuns: 4 } as const

const keys = fc.constantFrom("a", "b", "c", "Ä", "a b", "__proto__", "constructor", "é", "")
const json = fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }).map(clean)
const scalar = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.string(),
  fc.constantFrom("2024-01-01T00:00:00Z", "7"),
)
const { row } = fc.letrec<{ value: unknown; row: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("row"),
  ),
  row: fc.dictionary(keys, tie("value"), { maxKeys: 5, noNullPrototype: true }),
}))
const rows = fc.array(row, { minLength: 1, maxLength: 50 })

/** JSON knows no -0, and a text must be UTF-8. */
function clean(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replace(/\\ud[89a-f][0-9a-f]{2}/gi, "?"))
}

const lines = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join("\n")
const cleaned = (values: readonly unknown[]): unknown[] => values.map(clean)

describe("any JSON value", () => {
  it("reads back from a JSON column as it was, from both lanes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(json, { minLength: 1, maxLength: 50 }), async (values) => {
        const records = values.map((v, id) => ({ id, v: { v } }))
        for (const { target } of [
          await loadObjects(records, { maxTableNesting: 0 }),
          await loadLines(lines(records), { maxTableNesting: 0 }),
        ]) {
          const read = await target.read("select v::varchar as v from t order by id")
          expect(read.map(({ v }) => JSON.parse(String(v)))).toEqual(records.map(({ v }) => v))
        }
      }),
      parameters,
    )
  })

  it("gives the same tables as JavaScript values and as bytes", async () => {
    await fc.assert(
      fc.asyncProperty(rows.map(cleaned), async (values) => {
        const objects = await loadObjects(values)
        const bytes = await loadLines(lines(values))
        expect(await dump(bytes.target.database)).toEqual(await dump(objects.target.database))
        expect(bytes.receipt.tables).toEqual(objects.receipt.tables)
      }),
      parameters,
    )
  })

  it("gives the same tables however the rows are batched and the parts are cut", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(rows.map(cleaned), sizes, fc.constantFrom(1, 200, 8 * 2 ** 20), async (values, batchSizes, partBytes) => {
        const whole = await loadObjects(values)
        const batches: unknown[][] = []
        for (let at = 0; at < values.length; at += batches.at(-1)?.length ?? 1)
          batches.push(values.slice(at, at + (batchSizes[batches.length % batchSizes.length] ?? 1)))
        const target = createTarget({ ...anyRejects, partBytes })
        await target.pipeline.run(batches.values(), { table: "t" })
        expect(await dump(target.database)).toEqual(await dump(whole.target.database))
      }),
      parameters,
    )
  })
})
