import { decodeUtf8 } from "../hash/utf8.ts"
import type { ColumnVector, TableBatch } from "./batch.ts"

/**
 * The rows of a batch as objects without nulls, for tests and small results: bigint as number where safe, else bigint; timestamps and
 * times in microseconds, dates in days; binary as bytes; text, json, decimal and wei as text.
 */
export function readBatch(batch: TableBatch): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = Array.from({ length: batch.rowCount }, () => ({}))
  for (const column of batch.columns) {
    const valueAt = reader(column)
    let index = 0
    for (let row = 0; row < batch.rowCount; row++) {
      if (hasValue(column, row)) (rows[row] as Record<string, unknown>)[column.name] = valueAt(index++)
    }
  }
  return rows
}

function hasValue({ validity }: ColumnVector, row: number): boolean {
  return validity === undefined || (((validity[row >> 3] as number) >> (row & 7)) & 1) === 1
}

/** Reads the values one after the other; must be called with rising indexes. */
function reader({ vector, dataType }: ColumnVector): (index: number) => unknown {
  switch (vector.kind) {
    case "double":
      return (index) => vector.values[index]
    case "int32":
      return (index) => vector.values[index]
    case "bool":
      return (index) => vector.values[index] === 1
    case "int64":
      return (index) => {
        const value = (BigInt(vector.words[index * 2 + 1] as number) << 32n) | BigInt((vector.words[index * 2] as number) >>> 0)
        return Number.isSafeInteger(Number(value)) ? Number(value) : value
      }
    case "bytes": {
      let end = 0
      return (index) => {
        const start = end
        end += vector.lengths[index] as number
        return dataType === "binary" ? vector.bytes.slice(start, end) : decodeUtf8(vector.bytes, start, end)
      }
    }
  }
}
