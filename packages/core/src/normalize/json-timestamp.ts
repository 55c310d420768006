/** Where `readTimestamp` leaves its result, so that it allocates nothing. */
export interface TimestampSlot {
  /** Microseconds since 1970-01-01T00:00:00Z, exact. */
  micros: number
}

const microsPerSecond = 1_000_000
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * Reads the common shape `YYYY-MM-DD(T| )hh:mm:ss[.f{1,9}][Z|±hh[:]mm]"` of an ISO timestamp, years 1800 to 2199 so that
 * microseconds stay exact in a double. Gives the offset behind the closing quote, or -1 for every other string, which the
 * strict parser decides.
 */
export function readTimestamp(bytes: Uint8Array, at: number, end: number, slot: TimestampSlot): number {
  if (at + 20 > end || bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d || bytes[at + 13] !== 0x3a || bytes[at + 16] !== 0x3a) return -1
  if (bytes[at + 10] !== 0x54 && bytes[at + 10] !== 0x20) return -1
  const year = two(bytes, at) * 100 + two(bytes, at + 2)
  const month = two(bytes, at + 5)
  const day = two(bytes, at + 8)
  const hour = two(bytes, at + 11)
  const minute = two(bytes, at + 14)
  const second = two(bytes, at + 17)
  if (!(year >= 1800 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && hour >= 0 && minute >= 0 && second >= 0)) return -1
  if (hour > 23 || minute > 59 || second > 59 || day > lastDay(year, month)) return -1
  let next = at + 19
  let micros = 0
  if (bytes[next] === 0x2e) {
    let scale = 100_000
    const from = ++next
    for (let digit = (bytes[next] as number) - 0x30; digit >= 0 && digit <= 9; digit = (bytes[next] as number) - 0x30) {
      micros += digit * scale
      scale = Math.floor(scale / 10)
      next++
    }
    if (next === from || next - from > 9) return -1
  }
  const zone = readZone(bytes, next)
  if (zone.end < 0 || bytes[zone.end] !== 0x22 || zone.end >= end) return -1
  const seconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - zone.seconds
  slot.micros = seconds * microsPerSecond + micros
  return zone.end + 1
}

const zoneSlot = { seconds: 0, end: 0 }

function readZone(bytes: Uint8Array, at: number): { seconds: number; end: number } {
  const sign = bytes[at]
  zoneSlot.seconds = 0
  zoneSlot.end = at
  if (sign === 0x5a) zoneSlot.end = at + 1
  else if (sign === 0x2b || sign === 0x2d) {
    const hours = two(bytes, at + 1)
    const colon = bytes[at + 3] === 0x3a ? 1 : 0
    const minutes = two(bytes, at + 3 + colon)
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) zoneSlot.end = -1
    else {
      zoneSlot.seconds = (hours * 60 + minutes) * (sign === 0x2b ? 60 : -60)
      zoneSlot.end = at + 5 + colon
    }
  }
  return zoneSlot
}

/** Two ASCII digits as a number, or a negative number. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 0x30
  const ones = (bytes[at + 1] as number) - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -10_000
}

function lastDay(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && isLeap ? 29 : (daysInMonth[month - 1] as number)
}

/** Days since 1970-01-01 (H. Hinnant, chrono-compatible low-level date algorithms, days_from_civil). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}
