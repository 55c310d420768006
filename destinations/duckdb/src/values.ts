import type { DuckDBValue } from "@duckdb/node-api"
import { driver } from "./driver.ts"

const {
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
} = driver

/**
 * A value of DuckDB as a JavaScript value without loss: integers as number where that is exact, else bigint; decimals, dates and times as text
 * (timestamps in ISO form with microseconds when there are any, `+00:00` when they have a zone); blobs as Uint8Array; JSON as its text; lists as
 * arrays, structs as objects; anything else as DuckDB prints it.
 */
export function toJavaScript(value: DuckDBValue): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (typeof value !== "object" || value === null) return value
  if (value instanceof DuckDBTimestampTZValue) return withZone(isoTimestamp(new DuckDBTimestampValue(value.micros).toString()))
  if (isTimestamp(value)) return isoTimestamp(value.toString())
  if (value instanceof DuckDBTimeValue) return padFraction(value.toString())
  if (value instanceof DuckDBDecimalValue) return value.toString()
  if (value instanceof DuckDBBlobValue) return new Uint8Array(value.bytes)
  if (value instanceof DuckDBListValue) return value.items.map(toJavaScript)
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([name, item]) => [name, toJavaScript(item)]))
  return String(value)
}

function isTimestamp(value: object): boolean {
  return (
    value instanceof DuckDBTimestampValue ||
    value instanceof DuckDBTimestampSecondsValue ||
    value instanceof DuckDBTimestampMillisecondsValue ||
    value instanceof DuckDBTimestampNanosecondsValue
  )
}

/** `2024-01-02 03:04:05.1` as `2024-01-02T03:04:05.100000`; infinities and years before Christ stay as DuckDB prints them. */
function isoTimestamp(text: string): string {
  return /^\d{4,} ?/.test(text) && !text.includes("(") ? padFraction(text.replace(" ", "T")) : text
}

function withZone(text: string): string {
  return text.includes("T") ? `${text}+00:00` : text
}

function padFraction(text: string): string {
  const point = text.indexOf(".")
  return point < 0 ? text : text.padEnd(point + 7, "0")
}
