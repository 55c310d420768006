const whole = new Intl.NumberFormat("en-US")

/** An integer with thousands separators: `20,000`. */
export function formatCount(value: number | bigint): string {
  return whole.format(value)
}

/** A number of things with their noun: `1 row`, `20,000 rows`. */
export function formatCountOf(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? "" : "s"}`
}

const byteUnits = ["B", "kB", "MB", "GB", "TB"] as const

/** Bytes in decimal units with one fraction digit: `12.4 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (unit < byteUnits.length - 1 && Number(value.toFixed(unit === 0 ? 0 : 1)) >= 1000) {
    value /= 1000
    unit++
  }
  return `${value.toFixed(unit === 0 ? 0 : 1)} ${byteUnits[unit]}`
}

/** Milliseconds as a person would say them: `85 ms`, `1.3 s`, `2 min 05 s`, `3 h 07 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0")
}
