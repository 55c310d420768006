import { civilFromDays } from "@lading/core"

const microsPerDay = 86_400_000_000n

/** Formats days since 1970-01-01 as an ISO 8601 date; years before 0 or after 9999 have a sign and six digits. */
export function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days)
  const size = Math.abs(year)
  const years = year < 0 || year > 9999 ? `${year < 0 ? "-" : "+"}${pad(size, 6)}` : pad(year, 4)
  return `${years}-${pad(month, 2)}-${pad(day, 2)}`
}

/** Formats microseconds since midnight as `HH:MM:SS.ffffff`. */
export function formatTime(micros: bigint): string {
  const value = Number(micros)
  const seconds = Math.floor(value / 1e6)
  return `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}.${pad(value % 1e6, 6)}`
}

/** Formats microseconds since 1970-01-01 as an ISO 8601 timestamp, with `Z` when it has a zone. */
export function formatTimestamp(micros: bigint, options: { readonly timezone: boolean }): string {
  const time = ((micros % microsPerDay) + microsPerDay) % microsPerDay
  const days = Number((micros - time) / microsPerDay)
  return `${formatDate(days)}T${formatTime(time)}${options.timezone ? "Z" : ""}`
}

/** Formats a double so that it reads back as the same one. JSON has no non-finite numbers; they become strings. */
export function formatDouble(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`
  return Object.is(value, -0) ? "-0.0" : String(value)
}

/** Encodes bytes as Base64 with padding. */
export function formatBase64(bytes: Uint8Array): string {
  let binary = ""
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, "0")
}
