import { microsPerDay } from "./calendar.ts"

/** A text in ISO 8601 form. */
export interface IsoValue {
  readonly kind: "timestamp" | "date" | "time"
  /** Days from 1970-01-01; of a timestamp in UTC, so it may lie one day outside the years 1 to 9999; 0 of a time. */
  readonly days: number
  /** Microseconds of the day, in UTC where the text has a zone; 0 of a date. */
  readonly micros: number
  /** The text names a zone; without one it is taken as UTC. */
  readonly hasZone: boolean
}

/** A timestamp whose `micros` may have left the day. */
export function toTimestamp(days: number, micros: number, hasZone: boolean): IsoValue {
  if (micros < 0) return { kind: "timestamp", days: days - 1, micros: micros + microsPerDay, hasZone }
  if (micros >= microsPerDay) return { kind: "timestamp", days: days + 1, micros: micros - microsPerDay, hasZone }
  return { kind: "timestamp", days, micros, hasZone }
}

/** Microseconds of a fraction, its digits from `start` to `end`; more than six are cut. */
export function microsOf(text: string, start: number, end: number): number {
  let micros = 0
  for (let i = start; i < start + 6; i++) micros = micros * 10 + (i < end ? text.charCodeAt(i) - 48 : 0)
  return micros
}

/** Minutes east of UTC of `Z`, `+HH`, `+HHMM` or `+HH:MM` that fills the rest of the text, else undefined. */
export function offsetMinutes(text: string, at: number): number | undefined {
  const sign = text.charCodeAt(at)
  const length = text.length - at
  if (sign === 90) return length === 1 ? 0 : undefined
  if (sign !== 43 && sign !== 45) return undefined
  const hours = twoDigits(text, at + 1)
  const hasColon = text.charCodeAt(at + 3) === 58
  const minutes = length === 3 ? 0 : length === (hasColon ? 6 : 5) ? twoDigits(text, at + (hasColon ? 4 : 3)) : Number.NaN
  if (!(hours <= 23 && minutes <= 59)) return undefined
  return sign === 45 ? -(hours * 60 + minutes) : hours * 60 + minutes
}

/** The number that two digits at `at` make, or NaN. */
export function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}
