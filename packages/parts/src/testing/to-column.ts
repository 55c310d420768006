import type { ColumnVector, DataType, Vector } from "@lading/core"

export type TestValue = string | number | bigint | boolean | Uint8Array

/** Builds a column the slow and obvious way. It has a validity bitmap when a value is undefined, or when `optional` is set. */
export function toColumn(
  dataType: DataType,
  cells: readonly (TestValue | undefined)[],
  options: { readonly name?: string; readonly timezone?: boolean; readonly optional?: boolean } = {},
): ColumnVector {
  const values = cells.filter((cell) => cell !== undefined)
  const isOptional = options.optional ?? values.length < cells.length
  return {
    name: options.name ?? dataType,
    dataType,
    timezone: options.timezone ?? true,
    valueCount: values.length,
    validity: isOptional ? toValidity(cells) : undefined,
    vector: toVector(dataType, values),
  }
}

function toValidity(cells: readonly unknown[]): Uint8Array {
  const validity = new Uint8Array(Math.ceil(cells.length / 8))
  cells.forEach((cell, row) => {
    if (cell !== undefined) validity[row >> 3] = (validity[row >> 3] ?? 0) | (1 << (row & 7))
  })
  return validity
}

function toVector(dataType: DataType, values: readonly TestValue[]): Vector {
  switch (dataType) {
    case "bigint":
    case "timestamp":
    case "time":
      return { kind: "int64", words: new Int32Array(BigInt64Array.from(values, (value) => BigInt(value as bigint)).buffer) }
    case "date":
      return { kind: "int32", values: Int32Array.from(values, Number) }
    case "double":
      return { kind: "double", values: Float64Array.from(values, Number) }
    case "bool":
      return { kind: "bool", values: Uint8Array.from(values, Number) }
    default:
      return toBytesVector(values)
  }
}

function toBytesVector(values: readonly TestValue[]): Vector {
  const encoder = new TextEncoder()
  const parts = values.map((value) => (value instanceof Uint8Array ? value : encoder.encode(String(value))))
  const lengths = Int32Array.from(parts, (part) => part.length)
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let position = 0
  for (const part of parts) {
    bytes.set(part, position)
    position += part.length
  }
  return { kind: "bytes", bytes, lengths }
}
