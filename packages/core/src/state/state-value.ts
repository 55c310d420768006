import { fromBase64 } from "../hash/base64.ts"
import { coerceToText } from "../types/coerce-text.ts"
import { parseDecimal } from "../types/decimal.ts"
import { inferValue, type TypedValue } from "../types/infer.ts"
import { parseIso, timestampToMicros } from "../types/iso.ts"
import { typePrefixes } from "../types/json-text.ts"
import { jsonDouble } from "../types/values.ts"

const typeOfPrefix: ReadonlyMap<string, string> = new Map(Object.entries(typePrefixes).map(([type, prefix]) => [prefix, type]))

/**
 * A typed value as the state document holds it: texts, numbers, booleans and structures as they are, anything else as text behind
 * dlt's private-use prefix of its type.
 */
export function toStateValue({ type, value }: TypedValue): unknown {
  switch (type) {
    case "timestamp":
    case "date":
    case "time":
    case "decimal":
    case "wei":
    case "binary":
      return typePrefixes[type] + coerceToText(value, type)
    case "double":
      return Number.isInteger(value) ? jsonDouble(value as number) : value
    default:
      return value
  }
}

/** The inverse of `toStateValue`; undefined for null. A prefixed text that does not parse is text, as in dlt. */
export function fromStateValue(stored: unknown): TypedValue | undefined {
  if (typeof stored !== "string" || stored.length < 2) return inferValue(stored)
  const type = typeOfPrefix.get(stored.charAt(0))
  return (type === undefined ? undefined : parsePrefixed(type, stored.slice(1))) ?? { type: "text", value: stored }
}

function parsePrefixed(type: string, text: string): TypedValue | undefined {
  switch (type) {
    case "timestamp":
    case "date":
    case "time":
      return parseMoment(type, text)
    case "decimal":
    case "wei": {
      const value = parseDecimal(text)
      return value === undefined ? undefined : { type, value }
    }
    case "binary": {
      const value = fromBase64(text)
      return value === undefined ? undefined : { type, value }
    }
    case "hexBytes":
      return { type: "text", value: text.startsWith("0x") ? text : `0x${text}` }
    default:
      return { type: "text", value: text }
  }
}

function parseMoment(type: "timestamp" | "date" | "time", text: string): TypedValue | undefined {
  const parsed = parseIso(text)
  if (parsed?.kind !== type) return undefined
  if (type === "timestamp") return { type, value: timestampToMicros(parsed.days, parsed.micros) }
  return { type, value: type === "date" ? parsed.days : parsed.micros }
}
