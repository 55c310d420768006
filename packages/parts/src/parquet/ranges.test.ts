import { expect, test } from "vitest"
import { toColumn } from "../testing/to-column.ts"
import { toPageRanges } from "./ranges.ts"

test("a column within the limit is one page", () => {
  expect(toPageRanges(toColumn("text", ["ab", undefined, "c"]), 3, 3)).toEqual([
    { firstRow: 0, rowCount: 3, firstValue: 0, valueCount: 2, firstByte: 0, byteCount: 3 },
  ])
})

test("pages end at multiples of 8 rows before the limit is passed", () => {
  const cells = Array.from({ length: 27 }, (_, row) => (row % 2 === 0 ? "xx" : undefined))
  expect(toPageRanges(toColumn("text", cells), 27, 16)).toEqual([
    { firstRow: 0, rowCount: 16, firstValue: 0, valueCount: 8, firstByte: 0, byteCount: 16 },
    { firstRow: 16, rowCount: 11, firstValue: 8, valueCount: 6, firstByte: 16, byteCount: 12 },
  ])
})

test("8 rows larger than the limit are a page of their own", () => {
  const cells = Array.from({ length: 17 }, () => 1.5)
  const ranges = toPageRanges(toColumn("double", cells), 17, 8)
  expect(ranges.map(({ firstByte, byteCount }) => [firstByte, byteCount])).toEqual([
    [0, 64],
    [64, 64],
    [128, 8],
  ])
})
