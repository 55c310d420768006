import { civilFromDays, daysFromCivil, daysInMonth, microsPerDay } from "./calendar.ts"
import { parseLooseIso } from "./iso-loose.ts"
import { type IsoValue, microsOf, offsetMinutes, toTimestamp, twoDigits } from "./iso-parts.ts"

export type { IsoValue } from "./iso-parts.ts"

/**
 * Parses the ISO 8601 forms that dlt accepts (reference: schema 2.3, settled by trying pendulum 3). Fractions of 1 to 9 digits are
 * cut to microseconds. Refused: second 60, hour 24, days that do not exist, surrounding spaces, lower-case `t` and `z`, offsets of a
 * day or more.
 */
export function parseIso(text: string): IsoValue | undefined {
  const length = text.length
  // the shortest form is a time of day such as `1:2`; all start with a digit, `T` or a space
  if (length < 3) return undefined
  if (length < 19 || text.charCodeAt(4) !== 45 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return parseLooseIso(text)
  const between = text.charCodeAt(10)
  if (text.charCodeAt(7) !== 45 || (between !== 84 && between !== 32)) return parseLooseIso(text)
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  // a pair that is not two digits is NaN, which fails every comparison
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return undefined
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return undefined
  let at = 19
  let fraction = 0
  const point = text.charCodeAt(19)
  if (point === 46 || point === 44) {
    at = endOfDigits(text, 20)
    if (at === 20 || at > 29) return undefined
    fraction = microsOf(text, 20, at)
  }
  const offset = at === length ? 0 : offsetMinutes(text, at)
  if (offset === undefined) return undefined
  const micros = ((hour * 60 + minute - offset) * 60 + second) * 1_000_000 + fraction
  return toTimestamp(daysFromCivil(year, month, day), micros, at < length)
}

function endOfDigits(text: string, start: number): number {
  let at = start
  while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++
  return at
}

/** A timestamp as dlt writes it: `2024-01-02T03:04:05.123456+00:00`, the fraction only when it is not zero, the zone only with one. */
export function formatTimestamp(days: number, micros: number, hasZone: boolean): string {
  return `${formatDate(days)}T${formatTime(micros)}${hasZone ? "+00:00" : ""}`
}

/** `2024-01-02`. */
export function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days)
  const digits = String(Math.abs(year)).padStart(4, "0")
  return `${year < 0 ? "-" : ""}${digits}-${pad(month)}-${pad(day)}`
}

/** `03:04:05.123456`, the fraction only when it is not zero. */
export function formatTime(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000)
  const fraction = micros - seconds * 1_000_000
  const clock = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`
  return fraction === 0 ? clock : `${clock}.${String(fraction).padStart(6, "0")}`
}

function pad(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

/** Microseconds since 1970-01-01T00:00:00Z. */
export function timestampToMicros(days: number, micros: number): bigint {
  const total = days * microsPerDay + micros
  return Number.isSafeInteger(total) ? BigInt(total) : BigInt(days) * BigInt(microsPerDay) + BigInt(micros)
}

/** The inverse of `timestampToMicros`. */
export function microsToTimestamp(value: bigint): { readonly days: number; readonly micros: number } {
  const day = BigInt(microsPerDay)
  const micros = ((value % day) + day) % day
  return { days: Number((value - micros) / day), micros: Number(micros) }
}
