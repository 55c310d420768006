import type { ColumnBuilder } from "../columns/column-builder.ts"
import { toBase64 } from "../hash/base64.ts"
import { decodeUtf8 } from "../hash/utf8.ts"
import { formatDate, formatTime, formatTimestamp, microsToTimestamp } from "../types/iso.ts"
import { typePrefixes } from "../types/json-text.ts"
import { compareCodePoints, jsonFloat } from "../types/python-text.ts"
import { RowFault } from "./reject.ts"
import type { TableBuilder } from "./table-builder.ts"

/**
 * The compact JSON of a row's primary key as dlt hashes it: keys sorted, values as stored, so `1` and `"1"` in a bigint column are
 * one key. The row must be the newest of the table.
 */
export function keyJson(table: TableBuilder, row: number): string {
  const names = Object.values(table.schema.columns).filter((column) => column.primary_key === true)
  const parts = names
    .map((column) => column.name)
    .sort(compareCodePoints)
    .map((name) => {
      const column = table.columns.get(name)
      if (column === undefined || column.lastRow !== row)
        throw new RowFault("missing-key", `a row needs its primary key: ${name} is missing or null`)
      return `${JSON.stringify(name)}:${newestAsJson(column)}`
    })
  return `{${parts.join(",")}}`
}

function newestAsJson(column: ColumnBuilder): string {
  const index = column.valueCount - 1
  switch (column.dataType) {
    case "bigint":
      return column.integerAt(index).toString()
    case "double":
      return jsonFloat(column.doubleAt(index))
    case "bool":
      return String(column.booleanAt(index))
    case "text":
      return JSON.stringify(newestText(column))
    case "json":
      return newestText(column)
    case "decimal":
    case "wei":
      return JSON.stringify(typePrefixes[column.dataType] + newestText(column))
    case "timestamp": {
      const { days, micros } = microsToTimestamp(column.integerAt(index))
      return JSON.stringify(typePrefixes.timestamp + formatTimestamp(days, micros, column.timezone))
    }
    case "date":
      return JSON.stringify(typePrefixes.date + formatDate(column.daysAt(index)))
    case "time":
      return JSON.stringify(typePrefixes.time + formatTime(Number(column.integerAt(index))))
    case "binary":
      return JSON.stringify(typePrefixes.binary + toBase64(column.bytes.slice(column.newestStart(), column.byteCount), { padding: true }))
  }
}

function newestText(column: ColumnBuilder): string {
  return decodeUtf8(column.bytes, column.newestStart(), column.byteCount) ?? ""
}
