import { type ColumnVector, LadingError, type Vector } from "@lading/core"
import { encodeDeltaBinaryPacked } from "./delta.ts"
import { type PageRange, toPageRanges } from "./ranges.ts"
import { encodeThrift, i32, struct, writeVarint } from "./thrift.ts"

/** Numbers of Parquet's encodings. */
export const encodings = { plain: 0, rle: 3, deltaLengthByteArray: 6 } as const

const dataPage = 0
const maxInt32 = 0x7fffffff

/** The encoding of a column's values. */
export function toEncoding(vector: Vector): number {
  return vector.kind === "bytes" ? encodings.deltaLengthByteArray : encodings.plain
}

/**
 * Encodes the data pages (version 1, uncompressed) of one column, as chunks in the order of the file. Numbers and strings are views of
 * the column's own memory.
 * @throws LadingError `part-too-large` when 8 rows alone exceed 2 GiB
 */
export function encodePages(column: ColumnVector, rowCount: number, maxPageBytes: number): readonly Uint8Array[] {
  return toPageRanges(column, rowCount, maxPageBytes).flatMap((range) => encodePage(column, range))
}

function encodePage(column: ColumnVector, range: PageRange): readonly Uint8Array[] {
  const body = [...encodeLevels(column, range), ...encodeValues(column.vector, range)]
  const size = body.reduce((sum, chunk) => sum + chunk.length, 0)
  if (size > maxInt32) {
    throw new LadingError({
      code: "part-too-large",
      message: `Rows ${range.firstRow} to ${range.firstRow + range.rowCount - 1} of column "${column.name}" take ${size} bytes, more than a Parquet page can hold.`,
      hint: "Leave values of hundreds of megabytes out of the data, or store them elsewhere and load their address.",
      details: { column: column.name, bytes: size },
    })
  }
  return [encodePageHeader(size, range.rowCount, toEncoding(column.vector)), ...body]
}

function encodePageHeader(size: number, rowCount: number, encoding: number): Uint8Array {
  const dataPageHeader = struct([1, i32(rowCount)], [2, i32(encoding)], [3, i32(encodings.rle)], [4, i32(encodings.rle)])
  return encodeThrift(struct([1, i32(dataPage)], [2, i32(size)], [3, i32(size)], [5, dataPageHeader]))
}

/**
 * Definition levels 0 and 1, which are the validity bits as they are: one bit-packed run, or one repeated run when all are alike.
 * Source: https://parquet.apache.org/docs/file-format/data-pages/encodings/ (RLE / bit-packing hybrid)
 */
function encodeLevels(column: ColumnVector, range: PageRange): readonly Uint8Array[] {
  if (column.validity === undefined) return []
  const { firstRow, rowCount, valueCount } = range
  const run: number[] = []
  if (valueCount === 0 || valueCount === rowCount) {
    writeVarint(run, rowCount * 2)
    run.push(valueCount === 0 ? 0 : 1)
    return [withLength(run, 0)]
  }
  const groups = Math.ceil(rowCount / 8)
  writeVarint(run, groups * 2 + 1)
  return [withLength(run, groups), column.validity.subarray(firstRow / 8, firstRow / 8 + groups)]
}

/** Puts the length of the levels, of which `following` bytes are in the next chunk, in front of them. */
function withLength(run: readonly number[], following: number): Uint8Array {
  const out = new Uint8Array(4 + run.length)
  new DataView(out.buffer).setUint32(0, run.length + following, true)
  out.set(run, 4)
  return out
}

function encodeValues(vector: Vector, range: PageRange): readonly Uint8Array[] {
  const { firstValue, valueCount, firstByte, byteCount } = range
  switch (vector.kind) {
    case "bytes": {
      const lengths = encodeDeltaBinaryPacked(vector.lengths.subarray(firstValue, firstValue + valueCount))
      return [lengths, vector.bytes.subarray(firstByte, firstByte + byteCount)]
    }
    case "bool":
      return [packBits(vector.values, firstValue, valueCount)]
    case "int64":
      return [toBytes(vector.words, firstByte, byteCount)]
    default:
      return [toBytes(vector.values, firstByte, byteCount)]
  }
}

function toBytes(values: Int32Array | Float64Array, firstByte: number, byteCount: number): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset + firstByte, byteCount)
}

function packBits(values: Uint8Array, first: number, count: number): Uint8Array {
  const out = new Uint8Array(Math.ceil(count / 8))
  let bits = 0
  for (let index = 0; index < count; index++) {
    bits |= (values[first + index] ?? 0) << (index & 7)
    out[index >> 3] = bits
    if ((index & 7) === 7) bits = 0
  }
  return out
}
