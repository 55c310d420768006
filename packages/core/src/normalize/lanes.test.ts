import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readBatch } from "../columns/read-batch.ts"
import { encodeUtf8 } from "../hash/utf8.ts"
import { createNormalizer } from "./fixtures/create-normalizer.ts"

/** JSON text whose shape changes from record to record, with everything that sends a record from one lane to the other. */
const key = fc.constantFrom("a", "b", "A", "c c", "_dlt_id", "__proto__", "é", 'q"', "", "1")
const leaf = fc.oneof(
  fc.constantFrom("1", "2.5", "1.0", "-0", "1e3", "1E400", "9007199254740993", "18446744073709551616", "true", "false", "null", "0.1"),
  fc.constantFrom(
    '"x"',
    '"2024-01-01T00:00:00Z"',
    '"2024-06-01 10:00:00.123456+02:00"',
    '"\\u00e9\\ud83d\\ude00"',
    '"\\ud800"',
    '"a\\nb"',
    '""',
    '"12"',
    '"ü"',
  ),
  fc.integer().map(String),
  fc.string().map((text) => JSON.stringify(text)),
)
const { document } = fc.letrec<{ document: string; value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    leaf,
    tie("document"),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
  ),
  document: fc
    .array(fc.tuple(key, fc.constantFrom(":", ":", ": ", " :"), tie("value")), { maxLength: 5 })
    .map((members) => `{${members.map(([name, colon, value]) => `${JSON.stringify(name)}${colon}${value}`).join(", ")}}`),
}))

function outcome(lines: readonly string[], chunk: number, useLane: boolean): unknown {
  const { normalizer, target } = createNormalizer({}, useLane)
  for (let i = 0; i < lines.length; i += chunk) normalizer.pushJsonLines(target, encodeUtf8(lines.slice(i, i + chunk).join("\n")))
  const rows = Object.fromEntries(normalizer.takeBatches(0).map((batch) => [batch.table, readBatch(batch)]))
  return {
    rows,
    schema: normalizer.schema.tables,
    rejects: normalizer.takeRejects().map(({ code, pointer, ordinal }) => ({ code, pointer, ordinal })),
  }
}

describe("the byte lane and the objects lane", () => {
  it("give the same rows, schema and rejects for any JSON lines", () => {
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 12 }), (lines) => {
        // Each record comes twice, so that the second finds its shape known.
        const twice = [...lines, ...lines]
        expect(outcome(twice, twice.length, true)).toEqual(outcome(twice, twice.length, false))
      }),
      { numRuns: 250 },
    )
  })

  it("give the same rows and rejects for lines that were cut short", () => {
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 6 }), fc.double({ min: 0, max: 1, noNaN: true }), (lines, share) => {
        const cut = [...lines, ...lines.map((line) => line.slice(0, Math.ceil(line.length * share))), ...lines]
        expect(outcome(cut, cut.length, true)).toEqual(outcome(cut, cut.length, false))
      }),
      { numRuns: 120 },
    )
  })

  it("give the same rows however the lines are cut into batches", () => {
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 8 }), (lines, chunk) => {
        expect(outcome(lines, chunk, true)).toEqual(outcome(lines, lines.length, true))
      }),
      { numRuns: 120 },
    )
  })
})
