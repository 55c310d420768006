import type { ColumnVector, TableBatch } from "@lading/core"
import { checkBatch } from "../check.ts"
import { formatBase64, formatDate, formatDouble, formatTime, formatTimestamp } from "./format.ts"

/** Keeps a byte order mark, which is data here; replaces what is not UTF-8. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true })

/**
 * Encodes a batch as JSON lines, one object a row and each line ended by a line feed; a row without any value is `{}`. A column
 * without value in a row is left out of its object.
 *
 * bigint and double are numbers (a non-finite double is the string "NaN", "Infinity" or "-Infinity"), bool is a boolean, json is
 * embedded as it is, decimal and wei are strings of decimal text, binary is Base64, date, time and timestamp are ISO 8601 with
 * microseconds (`2024-02-29`, `13:00:00.000001`, `2024-02-29T13:00:00.000001Z`, without `Z` when the timestamp has no zone).
 *
 * @throws LadingError `invalid-batch` when counts, lengths and bitmaps disagree
 */
export function encodeNdjson(batch: TableBatch): Uint8Array {
  checkBatch(batch)
  const rows: string[][] = Array.from({ length: batch.rowCount }, () => [])
  for (const column of batch.columns) addColumn(rows, column)
  return new TextEncoder().encode(rows.map((members) => `{${members.join(",")}}\n`).join(""))
}

function addColumn(rows: readonly string[][], column: ColumnVector): void {
  const key = JSON.stringify(column.name)
  const next = toReader(column)
  rows.forEach((members, row) => {
    const isPresent = column.validity === undefined || ((column.validity[row >> 3] ?? 0) >> (row & 7)) & 1
    if (isPresent) members.push(`${key}:${next()}`)
  })
}

/** Returns a function that gives the JSON text of the column's next value. */
function toReader(column: ColumnVector): () => string {
  const { vector } = column
  let index = 0
  switch (vector.kind) {
    case "bool":
      return () => (vector.values[index++] ? "true" : "false")
    case "double":
      return () => formatDouble(vector.values[index++] ?? 0)
    case "int32":
      return () => `"${formatDate(vector.values[index++] ?? 0)}"`
    case "int64":
      return () => {
        const low = vector.words[2 * index] ?? 0
        const high = vector.words[2 * index + 1] ?? 0
        index++
        return formatInt64(column, (BigInt(high) << 32n) | BigInt(low >>> 0))
      }
    case "bytes": {
      let end = 0
      return () => {
        const start = end
        end += vector.lengths[index++] ?? 0
        return formatBytes(column, vector.bytes.subarray(start, end))
      }
    }
  }
}

function formatInt64(column: ColumnVector, value: bigint): string {
  if (column.dataType === "timestamp") return `"${formatTimestamp(value, { timezone: column.timezone })}"`
  return column.dataType === "time" ? `"${formatTime(value)}"` : String(value)
}

function formatBytes(column: ColumnVector, bytes: Uint8Array): string {
  if (column.dataType === "binary") return `"${formatBase64(bytes)}"`
  const value = utf8.decode(bytes)
  // Line breaks of JSON text can only stand between its tokens.
  return column.dataType === "json" ? value.replace(/[\r\n]/g, " ") : JSON.stringify(value)
}
