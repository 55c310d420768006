import type { Column, ColumnVector, DataType, Vector } from "@lading/core"
import { microsOfTime, microsOfTimestamp } from "./temporal.ts"

/**
 * A value as the checks write it down: bigint as number or bigint, double as number, dates, times and timestamps in ISO form, decimal and wei as
 * decimal text, json as JSON text; undefined and null are null.
 */
export type Cell = string | number | bigint | boolean | Uint8Array | null | undefined

/** Builds the column of a batch, the slow and obvious way. */
export function toColumn(column: Column, dataType: DataType, cells: readonly Cell[]): ColumnVector {
  const values = cells.filter((cell) => cell !== undefined && cell !== null)
  return {
    name: column.name,
    dataType,
    timezone: column.timezone ?? true,
    valueCount: values.length,
    validity: values.length < cells.length ? toValidity(cells) : undefined,
    vector: toVector(dataType, values),
  }
}

function toValidity(cells: readonly Cell[]): Uint8Array {
  const validity = new Uint8Array(Math.ceil(cells.length / 8))
  for (const [row, cell] of cells.entries())
    if (cell !== undefined && cell !== null) validity[row >> 3] = (validity[row >> 3] ?? 0) | (1 << (row & 7))
  return validity
}

type Value = NonNullable<Cell>

function toVector(dataType: DataType, values: readonly Value[]): Vector {
  switch (dataType) {
    case "bigint":
      return toWords(values.map((value) => BigInt(String(value))))
    case "timestamp":
      return toWords(values.map((value) => microsOfTimestamp(String(value))))
    case "time":
      return toWords(values.map((value) => microsOfTime(String(value))))
    case "date":
      return { kind: "int32", values: Int32Array.from(values, (value) => Date.parse(`${String(value)}T00:00:00Z`) / 86_400_000) }
    case "double":
      return { kind: "double", values: Float64Array.from(values, Number) }
    case "bool":
      return { kind: "bool", values: Uint8Array.from(values, Number) }
    default:
      return toBytes(values)
  }
}

function toWords(values: readonly bigint[]): Vector {
  return { kind: "int64", words: new Int32Array(BigInt64Array.from(values).buffer) }
}

function toBytes(values: readonly Value[]): Vector {
  const pieces = values.map((value) => (value instanceof Uint8Array ? value : new TextEncoder().encode(String(value))))
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let position = 0
  for (const piece of pieces) {
    bytes.set(piece, position)
    position += piece.length
  }
  return { kind: "bytes", bytes, lengths: Int32Array.from(pieces, (piece) => piece.length) }
}
