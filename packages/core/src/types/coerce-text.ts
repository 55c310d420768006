import { toBase64 } from "../hash/base64.ts"
import type { DataType } from "../schema/model.ts"
import { formatDate, formatTime, formatTimestamp, microsToTimestamp } from "./iso.ts"
import { jsonText } from "./json-text.ts"
import { pythonBoolean, pythonFloat } from "./python-text.ts"

/** Any value in canonical form as text, as dlt writes it into a text column (reference: schema 2.5, text formats). */
export function coerceToText(value: unknown, from: DataType): string {
  switch (from) {
    case "double":
      return pythonFloat(value as number)
    case "bool":
      return pythonBoolean(value as boolean)
    case "timestamp": {
      const { days, micros } = microsToTimestamp(value as bigint)
      return formatTimestamp(days, micros, true)
    }
    case "date":
      return formatDate(value as number)
    case "time":
      return formatTime(value as number)
    case "binary":
      return toBase64(value as Uint8Array, { padding: true })
    case "json":
      return jsonText(value)
    default:
      return String(value)
  }
}
