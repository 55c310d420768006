import type { ColumnVector, Vector } from "@lading/core"
import { countBits } from "../check.ts"

/** The rows of one data page, and where its values lie in the column's dense vector. */
export interface PageRange {
  readonly firstRow: number
  readonly rowCount: number
  readonly firstValue: number
  readonly valueCount: number
  /** Position in the joined bytes of a `bytes` vector, else the position as if all values were joined. */
  readonly firstByte: number
  readonly byteCount: number
}

/**
 * Cuts a column into pages of at most `maxPageBytes` bytes of values. Pages start at multiples of 8 rows, so that the bits of the
 * validity bitmap need no shifting; therefore a page is larger than the limit when 8 rows alone are.
 */
export function toPageRanges(column: ColumnVector, rowCount: number, maxPageBytes: number): readonly PageRange[] {
  const whole = { firstRow: 0, rowCount, firstValue: 0, valueCount: column.valueCount, firstByte: 0, byteCount: countBytes(column.vector) }
  if (whole.byteCount <= maxPageBytes) return [whole]
  const ranges: PageRange[] = []
  let page = { ...whole, rowCount: 0, valueCount: 0, byteCount: 0 }
  for (let row = 0; row < rowCount; row += 8) {
    const rows = Math.min(8, rowCount - row)
    const mask = (1 << rows) - 1
    const values = countBits((column.validity?.[row >> 3] ?? 0xff) & mask)
    const bytes = countRangeBytes(column.vector, page.firstValue + page.valueCount, values)
    if (page.rowCount > 0 && page.byteCount + bytes > maxPageBytes) {
      ranges.push(page)
      page = {
        firstRow: row,
        rowCount: 0,
        firstValue: page.firstValue + page.valueCount,
        valueCount: 0,
        firstByte: page.firstByte + page.byteCount,
        byteCount: 0,
      }
    }
    page.rowCount += rows
    page.valueCount += values
    page.byteCount += bytes
  }
  ranges.push(page)
  return ranges
}

function countBytes(vector: Vector): number {
  switch (vector.kind) {
    case "int64":
      return vector.words.byteLength
    case "bytes":
      return vector.bytes.length
    default:
      return vector.values.byteLength
  }
}

function countRangeBytes(vector: Vector, firstValue: number, valueCount: number): number {
  if (vector.kind === "int64" || vector.kind === "double") return 8 * valueCount
  if (vector.kind === "int32") return 4 * valueCount
  if (vector.kind === "bool") return valueCount
  let bytes = 0
  for (let index = firstValue; index < firstValue + valueCount; index++) bytes += vector.lengths[index] ?? 0
  return bytes
}
