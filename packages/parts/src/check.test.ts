import type { ColumnVector } from "@lading/core"
import { expect, test } from "vitest"
import { checkBatch, countBits, countValidRows } from "./check.ts"
import { toColumn } from "./testing/to-column.ts"

const text = toColumn("text", ["a", undefined, "bc"])
const lengths = (...values: number[]) => ({ kind: "bytes" as const, bytes: new Uint8Array(3), lengths: Int32Array.from(values) })

test("a consistent batch passes, whatever stands in the bits after its last row", () => {
  expect(() => checkBatch({ table: "t", rowCount: 3, columns: [{ ...text, validity: Uint8Array.of(0b1111_1101) }] })).not.toThrow()
})

test.each<{ name: string; column: ColumnVector; message: string }>([
  { name: "another kind of vector", column: { ...text, dataType: "bigint" }, message: "needs a vector of kind int64, not bytes" },
  { name: "more values than announced", column: { ...text, valueCount: 1 }, message: "announces 1 values and holds 2" },
  { name: "a bitmap of other rows", column: { ...text, validity: Uint8Array.of(0b111) }, message: "3 of 3 rows are marked valid" },
  { name: "no bitmap despite nulls", column: { ...text, validity: undefined }, message: "3 of 3 rows are marked valid" },
  { name: "a bitmap that is too short", column: { ...text, validity: new Uint8Array(0) }, message: "shorter than 3 rows" },
  { name: "lengths that miss bytes", column: { ...text, vector: lengths(1, 1) }, message: "lengths sum up to 2, but it holds 3 bytes" },
  { name: "a negative length", column: { ...text, vector: lengths(4, -1) }, message: "lengths sum up to NaN" },
])("refuses $name", ({ column, message }) => {
  expect(() => checkBatch({ table: "t", rowCount: 3, columns: [column] })).toThrowError(
    expect.objectContaining({ code: "invalid-batch", message: expect.stringContaining(message) }),
  )
})

test("counts the bits of every byte", () => {
  for (let byte = 0; byte < 256; byte++) expect(countBits(byte)).toBe([...byte.toString(2)].filter((bit) => bit === "1").length)
})

test("counts only bits of existing rows", () => {
  expect([0, 1, 8, 9, 15, 16].map((rowCount) => countValidRows(Uint8Array.of(0xff, 0xff), rowCount))).toEqual([0, 1, 8, 9, 15, 16])
})
