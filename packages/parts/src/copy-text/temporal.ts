import { civilFromDays } from "@lading/core"
import type { Output } from "./output.ts"

const microsPerDay = 86_400_000_000
const dash = 0x2d
const colon = 0x3a
const dot = 0x2e
const blank = 0x20
/** Bytes of the longest timestamp: a year of six digits, `+00` and ` BC`. */
const longest = 40

/** Writes days since 1970-01-01 as PostgreSQL's ISO date; a year before the first has ` BC` behind it. */
export function writeDate(output: Output, days: number): void {
  output.reserve(longest)
  if (writeDay(output, days)) output.ascii(" BC")
}

/** Writes microseconds since midnight as `HH:MM:SS.ffffff`, without the fraction when it is zero. */
export function writeTime(output: Output, micros: number): void {
  output.reserve(longest)
  writeClock(output, micros)
}

/** Writes a timestamp given as whole days since 1970-01-01 and microseconds of that day. */
export function writeTimestamp(output: Output, days: number, micros: number, hasZone: boolean): void {
  output.reserve(longest)
  const isBeforeChrist = writeDay(output, days)
  output.bytes[output.position++] = blank
  writeClock(output, micros)
  if (hasZone) output.ascii("+00")
  if (isBeforeChrist) output.ascii(" BC")
}

/** Splits microseconds since 1970-01-01, given as two 32-bit halves, and writes them. */
export function writeInstant(output: Output, low: number, high: number, hasZone: boolean): void {
  // Beyond 2^53 (the years before 1684 and after 2255) a double does not hold every microsecond.
  if (high >= -0x20_0000 && high < 0x20_0000) {
    const micros = high * 0x1_0000_0000 + (low >>> 0)
    const days = Math.floor(micros / microsPerDay)
    writeTimestamp(output, days, micros - days * microsPerDay, hasZone)
    return
  }
  const micros = (BigInt(high) << 32n) | BigInt(low >>> 0)
  const perDay = BigInt(microsPerDay)
  const rest = ((micros % perDay) + perDay) % perDay
  writeTimestamp(output, Number((micros - rest) / perDay), Number(rest), hasZone)
}

/** The day that was written last: rows that follow each other are often of one day. */
let lastDays = 0
let lastDate = civilFromDays(0)

/** Writes the day and returns whether it is before the first year. */
function writeDay(output: Output, days: number): boolean {
  if (days !== lastDays) {
    lastDays = days
    lastDate = civilFromDays(days)
  }
  const { year, month, day } = lastDate
  const isBeforeChrist = year <= 0
  const size = isBeforeChrist ? 1 - year : year
  output.digits(size, size > 99_999 ? 6 : size > 9_999 ? 5 : 4)
  output.bytes[output.position++] = dash
  output.digits(month, 2)
  output.bytes[output.position++] = dash
  output.digits(day, 2)
  return isBeforeChrist
}

function writeClock(output: Output, micros: number): void {
  const seconds = Math.floor(micros / 1e6)
  const fraction = micros - seconds * 1e6
  const minutes = (seconds / 60) | 0
  const hours = (minutes / 60) | 0
  output.digits(hours, 2)
  output.bytes[output.position++] = colon
  output.digits(minutes - hours * 60, 2)
  output.bytes[output.position++] = colon
  output.digits(seconds - minutes * 60, 2)
  if (fraction === 0) return
  output.bytes[output.position++] = dot
  output.digits(fraction, 6)
}
