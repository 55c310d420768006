import { toBase64 } from "../hash/base64.ts"
import { shake128 } from "../hash/keccak.ts"
import { encodeUtf8 } from "../hash/utf8.ts"
import { compareDecimals, shortestDecimal } from "../types/decimal.ts"
import { type TypedValue, toInteger } from "../types/infer.ts"
import { formatDate, formatTimestamp, microsToTimestamp, parseIso, timestampToMicros } from "../types/iso.ts"
import { hashText } from "../types/json-text.ts"
import { compareCodePoints } from "../types/python-text.ts"

const hashBytes = 15

/**
 * Orders two cursor values: numbers by value, timestamps, dates and ISO texts as instants whatever their offset, other texts by code
 * point. Negative, zero or positive; undefined when they cannot be compared.
 */
export function compareCursors(a: TypedValue, b: TypedValue): number | undefined {
  if (isNumber(a) && isNumber(b)) return order(a.value as number | bigint, b.value as number | bigint)
  if (isNumeric(a) && isNumeric(b)) return compareDecimals(toDecimal(a), toDecimal(b))
  const left = instantOf(a)
  const right = instantOf(b)
  if (left !== undefined && right !== undefined) return order(left, right)
  return a.type === "text" && b.type === "text" ? compareCodePoints(a.value as string, b.value as string) : undefined
}

/**
 * A cursor value moved earlier by `lag`: seconds for timestamps, days for dates, units for numbers; texts keep the shape they had.
 * Values that have no distance stay as they are.
 */
export function cursorLag(typed: TypedValue, lag: number): TypedValue {
  const { type, value } = typed
  if (type === "double") return { type, value: (value as number) - lag }
  if (type === "bigint") return { type, value: toInteger(BigInt(value as number | bigint) - BigInt(Math.trunc(lag))) }
  if (type === "date") return { type, value: (value as number) - lag }
  if (type === "timestamp") return { type, value: (value as bigint) - toMicros(lag) }
  return type === "text" ? { type, value: textLag(value as string, lag) } : typed
}

/** The hash by which dlt knows a row at the cursor's boundary: 15 bytes of SHAKE-128 over key-sorted JSON, in base64 (reference: extract 2.4). */
export function hashRow(value: unknown): string {
  return toBase64(shake128(encodeUtf8(hashText(value)), hashBytes), { padding: false })
}

function textLag(text: string, lag: number): string {
  const parsed = parseIso(text)
  if (parsed?.kind === "date") return formatDate(parsed.days - lag)
  if (parsed?.kind !== "timestamp") return text
  const { days, micros } = microsToTimestamp(timestampToMicros(parsed.days, parsed.micros) - toMicros(lag))
  const earlier = formatTimestamp(days, micros, parsed.hasZone)
  return text.endsWith("Z") ? earlier.replace("+00:00", "Z") : earlier
}

function toMicros(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e6))
}

function order<Value extends number | bigint>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function isNumber({ type }: TypedValue): boolean {
  return type === "bigint" || type === "double"
}

function isNumeric({ type }: TypedValue): boolean {
  return type === "bigint" || type === "double" || type === "decimal" || type === "wei"
}

function toDecimal({ type, value }: TypedValue): string {
  return type === "double" ? shortestDecimal(value as number) : String(value)
}

function instantOf({ type, value }: TypedValue): bigint | undefined {
  if (type === "timestamp") return value as bigint
  if (type === "date") return timestampToMicros(value as number, 0)
  if (type !== "text") return undefined
  const parsed = parseIso(value as string)
  return parsed === undefined || parsed.kind === "time" ? undefined : timestampToMicros(parsed.days, parsed.micros)
}
