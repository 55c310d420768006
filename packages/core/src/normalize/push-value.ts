import type { ColumnBuilder } from "../columns/column-builder.ts"
import { writeUtf8 } from "../hash/utf8.ts"
import { microsPerDay } from "../types/calendar.ts"
import { jsonText } from "../types/json-text.ts"
import { RowFault } from "./reject.ts"
import type { NormalizeRun } from "./run.ts"

/** Puts a value that has exactly the column's type into the column. */
export function pushValue(run: NormalizeRun, column: ColumnBuilder, row: number, value: unknown): void {
  switch (column.dataType) {
    case "text":
    case "decimal":
    case "wei":
      pushText(run, column, row, value as string)
      break
    case "json":
      pushText(run, column, row, checkJson(run, jsonText(value)))
      break
    case "timestamp":
      if (run.capabilities.earliestDay !== undefined) checkEarliest(run, Math.floor(Number(value) / microsPerDay))
      pushWhole(column, row, value)
      break
    case "bigint":
    case "time":
      pushWhole(column, row, value)
      break
    case "double":
      column.pushDouble(row, value as number)
      break
    case "bool":
      column.pushBoolean(row, value as boolean)
      break
    case "date":
      checkEarliest(run, value as number)
      column.pushDays(row, value as number)
      break
    case "binary": {
      const bytes = value as Uint8Array
      column.pushBytes(row, bytes, 0, bytes.length)
    }
  }
}

function pushWhole(column: ColumnBuilder, row: number, value: unknown): void {
  if (typeof value === "bigint") column.pushBigInteger(row, value)
  else column.pushInteger(row, value as number)
}

function checkEarliest({ capabilities: { earliestDay } }: NormalizeRun, day: number): void {
  if (earliestDay !== undefined && day < earliestDay)
    throw new RowFault("date-out-of-range", "the date is before the first one that the destination can hold")
}

/** `JSON.stringify` leaves whole surrogate pairs as they are and escapes halves. */
const nulEscape = /(?:^|[^\\])(?:\\\\)*\\u0000/
const halfPairEscape = /(?:^|[^\\])(?:\\\\)*\\ud[89a-f]/

function checkJson(run: NormalizeRun, text: string): string {
  if (!text.includes("\\u")) return text
  if (halfPairEscape.test(text))
    throw new RowFault("lone-surrogate", "half a surrogate pair is not a character; databases refuse it in JSON")
  if (run.capabilities.hasStrictJson === true && nulEscape.test(text))
    throw new RowFault("nul-in-text", "the destination cannot hold U+0000 in JSON")
  return text
}

/** Text as UTF-8; a character that the destination cannot hold rejects the row. */
export function pushText(run: NormalizeRun, column: ColumnBuilder, row: number, text: string): void {
  if (!run.capabilities.supportsNulInText && text.includes("\0"))
    throw new RowFault("nul-in-text", "the destination cannot hold U+0000 in text")
  column.reserveBytes(text.length * 3)
  const written = writeUtf8(text, column.bytes, column.byteCount)
  if (written < 0) throw new RowFault("lone-surrogate", "half a surrogate pair is not a character and cannot be stored as UTF-8")
  column.endBytes(row, column.byteCount + written)
}
