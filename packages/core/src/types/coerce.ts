import { fromBase64 } from "../hash/base64.ts"
import type { DataType } from "../schema/model.ts"
import { firstDay, lastDay, microsPerDay } from "./calendar.ts"
import { coerceToText } from "./coerce-text.ts"
import { decimalToInteger, parseDecimal, shortestDecimal } from "./decimal.ts"
import { toInteger } from "./infer.ts"
import { microsToTimestamp, parseIso, timestampToMicros } from "./iso.ts"
import { parseFloatText, parseIntegerText } from "./number-text.ts"
import { parseJsonText } from "./parse-json.ts"
import { strip } from "./strip.ts"

/** A coerced value, in a box because the value itself may be null (JSON). */
export interface Coerced {
  readonly value: unknown
}

/**
 * Converts a value in canonical form (see TypedValue) between types by dlt's table (reference: schema 2.5, as of dlt 1.31: a double
 * becomes its shortest decimal); undefined when it does not fit. Stricter than dlt: only 0 and 1 are bool, a time of day is not
 * cut off for a date, what is not a finite number is neither a decimal nor wei.
 */
export function coerce(value: unknown, from: DataType, to: DataType): Coerced | undefined {
  if (from === to) return { value }
  const result = convert(value, from, to)
  return result === undefined ? undefined : { value: result }
}

function convert(value: unknown, from: DataType, to: DataType): unknown {
  switch (to) {
    case "text":
      return coerceToText(value, from)
    case "bigint":
      return toBigint(value, from)
    case "double":
      return toDouble(value, from)
    case "decimal":
    case "wei":
      return toDecimal(value, from)
    case "bool":
      return toBool(value, from)
    case "timestamp":
      return toTimestampMicros(value, from)
    case "date":
      return toDays(value, from)
    case "time":
      return from === "text" ? timeOf(String(value)) : undefined
    case "json":
      return from === "text" ? parseJsonText(String(value)) : undefined
    case "binary":
      return toBinary(value, from)
  }
}

function toBigint(value: unknown, from: DataType): number | bigint | undefined {
  if (from === "text") return parseIntegerText(String(value))
  if (from === "double") return Number.isInteger(value) ? toInteger(BigInt(value as number)) : undefined
  if (from !== "decimal" && from !== "wei") return undefined
  const integer = decimalToInteger(String(value))
  return integer === undefined ? undefined : toInteger(integer)
}

function toDouble(value: unknown, from: DataType): number | undefined {
  if (from === "text") return parseFloatText(String(value))
  if (from !== "bigint" && from !== "decimal" && from !== "wei") return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

function toDecimal(value: unknown, from: DataType): string | undefined {
  switch (from) {
    case "text":
      return decimalOfText(String(value))
    case "double":
      return Number.isFinite(value) ? shortestDecimal(value as number) : undefined
    case "bigint":
    case "decimal":
    case "wei":
      return String(value)
    default:
      return undefined
  }
}

function decimalOfText(text: string): string | undefined {
  const integer = parseIntegerText(text)
  // Python's Decimal takes any number of underscores anywhere
  return integer === undefined ? parseDecimal(strip(text).replaceAll("_", "")) : String(integer)
}

function toBool(value: unknown, from: DataType): boolean | undefined {
  switch (from) {
    case "text":
      return truth[String(value).toLowerCase()]
    case "bigint":
    case "double":
    case "decimal":
    case "wei": {
      const number = Number(value)
      return number === 0 ? false : number === 1 && (from === "bigint" || isOne(value)) ? true : undefined
    }
    default:
      return undefined
  }
}

/** A decimal may be so close to 1 that the nearest double is 1. */
function isOne(value: unknown): boolean {
  return value === 1 || (typeof value === "string" && /^1(?:\.0*)?$/.test(value))
}

const truth: Readonly<Record<string, boolean>> = Object.assign(Object.create(null), {
  ...{ yes: true, true: true, t: true, y: true, 1: true },
  ...{ no: false, false: false, f: false, n: false, 0: false },
})

function toTimestampMicros(value: unknown, from: DataType): bigint | undefined {
  switch (from) {
    case "text": {
      const parsed = parseIso(String(value))
      if (parsed !== undefined) return parsed.kind === "time" ? undefined : timestampToMicros(parsed.days, parsed.micros)
      const seconds = parseFloatText(String(value), { hexadecimal: false })
      return seconds === undefined ? undefined : microsOfSeconds(seconds)
    }
    case "bigint":
      return typeof value === "number" ? microsOfSeconds(value) : undefined
    case "double":
      return microsOfSeconds(value as number)
    case "date":
      return timestampToMicros(value as number, 0)
    default:
      return undefined
  }
}

/** Microseconds of unix seconds, rounded half to even as Python does; undefined outside the years 1 to 9999. */
function microsOfSeconds(seconds: number): bigint | undefined {
  if (!(seconds >= firstDay * 86_400 && seconds < (lastDay + 1) * 86_400)) return undefined
  const whole = Math.trunc(seconds)
  const scaled = (seconds - whole) * 1e6
  let fraction = Math.round(scaled)
  if (Math.abs(scaled - Math.trunc(scaled)) === 0.5 && fraction % 2 !== 0) fraction -= 1
  const micros = BigInt(whole) * 1_000_000n + BigInt(fraction)
  return micros < BigInt(lastDay + 1) * BigInt(microsPerDay) ? micros : undefined
}

function toDays(value: unknown, from: DataType): number | undefined {
  if (from !== "text" && from !== "timestamp" && from !== "bigint" && from !== "double") return undefined
  const timestamp = from === "timestamp" ? (value as bigint) : toTimestampMicros(value, from)
  if (timestamp === undefined) return undefined
  const { days, micros } = microsToTimestamp(timestamp)
  return micros === 0 ? days : undefined
}

function timeOf(text: string): number | undefined {
  const parsed = parseIso(text)
  return parsed?.kind === "time" ? parsed.micros : undefined
}

function toBinary(value: unknown, from: DataType): Uint8Array | undefined {
  if (from === "text") {
    const text = String(value)
    return text.startsWith("0x") ? bytesOfHex(text.slice(2)) : fromBase64(text)
  }
  return from === "bigint" ? bytesOfInteger(BigInt(value as number | bigint)) : undefined
}

/** Bytes of hexadecimal text; white space between bytes is passed over, as by Python's `bytes.fromhex`. */
function bytesOfHex(text: string): Uint8Array | undefined {
  if (!/^[\t-\r ]*(?:[0-9a-fA-F]{2}[\t-\r ]*)*$/.test(text)) return undefined
  const digits = text.replace(/[\t-\r ]+/g, "")
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16))
}

/** The fewest bytes that hold the integer, lowest first. */
function bytesOfInteger(value: bigint): Uint8Array | undefined {
  if (value < 0n) return undefined
  const bytes: number[] = []
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 255n))
  return Uint8Array.from(bytes)
}
