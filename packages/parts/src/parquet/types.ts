import type { ColumnVector, Vector } from "@lading/core"
import { bool, struct, type ThriftValue } from "./thrift.ts"

/** Numbers of Parquet's physical types. Source: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift */
const physicalTypes = { bool: 0, int32: 1, int64: 2, double: 5, bytes: 6 } as const satisfies Record<Vector["kind"], number>

/** How a column is described in the file's schema. */
export interface ParquetType {
  readonly physical: number
  /** The older annotation, for readers that do not know logical types; undefined where it would say something else. */
  readonly converted: number | undefined
  readonly logical: ThriftValue | undefined
}

const none = struct()
const micros = struct([2, none])
const utf8 = { converted: 0, logical: struct([1, none]) }
const plain = { converted: undefined, logical: undefined }

/**
 * Maps a column to its Parquet type: text, json, decimal and wei are strings, a timestamp is TIMESTAMP(MICROS) that is adjusted to
 * UTC when it has a zone, time is TIME(MICROS) without zone.
 */
export function toParquetType(column: ColumnVector): ParquetType {
  return { physical: physicalTypes[column.vector.kind], ...annotation(column) }
}

function annotation(column: ColumnVector): Omit<ParquetType, "physical"> {
  switch (column.dataType) {
    case "text":
    case "json":
    case "decimal":
    case "wei":
      return utf8
    case "date":
      return { converted: 6, logical: struct([6, none]) }
    case "time":
      return { converted: undefined, logical: struct([7, struct([1, bool(false)], [2, micros])]) }
    case "timestamp":
      return {
        converted: column.timezone ? 10 : undefined,
        logical: struct([8, struct([1, bool(column.timezone)], [2, micros])]),
      }
    default:
      return plain
  }
}
