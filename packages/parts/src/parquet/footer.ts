import type { ColumnVector, TableBatch } from "@lading/core"
import { encodings, toEncoding } from "./pages.ts"
import { encodeThrift, i32, i64, list, struct, type ThriftValue, text } from "./thrift.ts"
import { toParquetType } from "./types.ts"

const required = 0
const optional = 1

/** Where the pages of a column lie in the file, in bytes. */
export interface ColumnChunk {
  readonly column: ColumnVector
  readonly offset: number
  readonly byteCount: number
}

/** Encodes the file's metadata (FileMetaData of parquet.thrift): the schema, and one row group unless there are no rows. */
export function encodeFooter(batch: TableBatch, chunks: readonly ColumnChunk[]): Uint8Array {
  const schema = [struct([4, text("schema")], [5, i32(batch.columns.length)]), ...batch.columns.map(toSchemaElement)]
  const rowGroups = batch.rowCount === 0 ? [] : [toRowGroup(batch.rowCount, chunks)]
  return encodeThrift(
    struct([1, i32(2)], [2, list("struct", schema)], [3, i64(batch.rowCount)], [4, list("struct", rowGroups)], [6, text("lading")]),
  )
}

function toSchemaElement(column: ColumnVector): ThriftValue {
  const { physical, converted, logical } = toParquetType(column)
  return struct(
    [1, i32(physical)],
    [3, i32(column.validity === undefined ? required : optional)],
    [4, text(column.name)],
    [6, converted === undefined ? undefined : i32(converted)],
    [10, logical],
  )
}

function toRowGroup(rowCount: number, chunks: readonly ColumnChunk[]): ThriftValue {
  const total = chunks.reduce((sum, chunk) => sum + chunk.byteCount, 0)
  const columns = chunks.map((chunk) => struct([2, i64(0)], [3, toColumnMetadata(rowCount, chunk)]))
  return struct([1, list("struct", columns)], [2, i64(total)], [3, i64(rowCount)])
}

function toColumnMetadata(rowCount: number, chunk: ColumnChunk): ThriftValue {
  const { column, offset, byteCount } = chunk
  const used = [toEncoding(column.vector), ...(column.validity === undefined ? [] : [encodings.rle])]
  return struct(
    [1, i32(toParquetType(column).physical)],
    [2, list("i32", used.map(i32))],
    [3, list("binary", [text(column.name)])],
    [4, i32(0)],
    [5, i64(rowCount)],
    [6, i64(byteCount)],
    [7, i64(byteCount)],
    [9, i64(offset)],
    [12, struct([3, i64(rowCount - column.valueCount)])],
  )
}
