import type { DataType } from "../schema/model.ts"

/**
 * The non-null values of a column, densely packed, in the memory layout that Parquet's PLAIN encoding wants.
 * - `int64`: little-endian low and high 32-bit halves of each value, alternating (bigint; timestamp and time in microseconds)
 * - `int32`: days since 1970-01-01 (date)
 * - `double`: IEEE doubles
 * - `bool`: one byte a value, 0 or 1
 * - `bytes`: all values joined, and the byte length of each (text and json in UTF-8; binary; decimal and wei as decimal text)
 */
export type Vector =
  | { readonly kind: "int64"; readonly words: Int32Array }
  | { readonly kind: "int32"; readonly values: Int32Array }
  | { readonly kind: "double"; readonly values: Float64Array }
  | { readonly kind: "bool"; readonly values: Uint8Array }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly lengths: Int32Array }

/** The values of one column in one batch; nulls are told by `validity`, not stored. */
export interface ColumnVector {
  /** Normalized column name. */
  readonly name: string
  /** Logical type of the values in this batch; a later batch of the same column may carry a wider one. */
  readonly dataType: DataType
  /** timestamp only: false when the values are wall-clock times without zone. */
  readonly timezone: boolean
  /** Number of non-null values, which is the number of values in `vector`. */
  readonly valueCount: number
  /** Bit r (least significant first) is 1 when row r has a value; undefined when every row has one. */
  readonly validity: Uint8Array | undefined
  readonly vector: Vector
}

/** Rows of one table, column by column: what the normalizer hands to an encoder of parts. */
export interface TableBatch {
  readonly table: string
  readonly rowCount: number
  /** In the column order of the schema; columns without any value in this batch are left out. */
  readonly columns: readonly ColumnVector[]
}
