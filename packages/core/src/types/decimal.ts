/**
 * A decimal text is canonical when it has the form `-?digits(.digits)?` without exponent, without leading zeros, and without sign when
 * it is zero. Zeros behind the point stay as they were written: `1.10` is `1.10`.
 */
const literal = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/** More digits than any destination holds and any double has (1074 behind the point); a longer literal is refused, not expanded. */
const maxDigits = 2000

/** The canonical text of a decimal literal with the same value, or undefined. */
export function parseDecimal(text: string): string | undefined {
  const match = literal.exec(text)
  if (match === null) return undefined
  const [, sign = "", whole = "", fraction = "", exponentText = "0"] = match
  const exponent = Number(exponentText)
  if (whole === "" && fraction === "") return undefined
  if (whole.length + fraction.length > maxDigits || Math.abs(exponent) > maxDigits) return undefined
  return placePoint(sign === "-", whole + fraction, whole.length + exponent)
}

/** True when the value has at most `scale` digits behind the point and at most `precision - scale` before it. */
export function fitsDecimal(text: string, precision: number, scale: number): boolean {
  const start = text.charCodeAt(0) === 45 ? 1 : 0
  const point = text.indexOf(".")
  const wholeEnd = point < 0 ? text.length : point
  const whole = text.charCodeAt(start) === 48 ? 0 : wholeEnd - start
  let end = text.length
  if (point >= 0) while (text.charCodeAt(end - 1) === 48) end--
  return whole <= precision - scale && (point < 0 || end - point - 1 <= scale)
}

/** The value of a finite double in full: 1.1 is 1.100000000000000088817841970012523233890533447265625. */
export function doubleToDecimal(value: number): string {
  const bits = new BigUint64Array(Float64Array.of(Math.abs(value)).buffer)[0] ?? 0n
  const biased = Number(bits >> 52n)
  const mantissa = (bits & 0xfffffffffffffn) | (biased === 0 ? 0n : 1n << 52n)
  const exponent = (biased === 0 ? 1 : biased) - 1075
  if (exponent >= 0) return placePoint(value < 0, String(mantissa << BigInt(exponent)), Number.POSITIVE_INFINITY)
  // mantissa / 2^n = mantissa * 5^n / 10^n
  const digits = String(mantissa * 5n ** BigInt(-exponent)).padStart(-exponent, "0")
  return trimFraction(placePoint(value < 0, digits, digits.length + exponent))
}

/** The shortest decimal that reads back as the same finite double: 1.1 is 1.1. */
export function shortestDecimal(value: number): string {
  const { digits, exponent } = shortestDigits(value)
  return placePoint(value < 0, digits, exponent + 1)
}

/** The digits of the shortest decimal of a finite double and the power of ten of the first of them. */
export function shortestDigits(value: number): { readonly digits: string; readonly exponent: number } {
  const [mantissa = "0", exponent = "0"] = Math.abs(value).toExponential().split("e")
  return { digits: mantissa.replace(".", ""), exponent: Number(exponent) }
}

/** Negative, zero or positive as canonical text `left` is less than, equal to or greater than `right`. */
export function compareDecimals(left: string, right: string): number {
  const scale = Math.max(fractionLength(left), fractionLength(right))
  const a = unscaled(left, scale)
  const b = unscaled(right, scale)
  return a < b ? -1 : a > b ? 1 : 0
}

/** The integer that a canonical text is equal to, or undefined when it has a fraction. */
export function decimalToInteger(text: string): bigint | undefined {
  const [whole = "", fraction = ""] = text.split(".")
  return /[1-9]/.test(fraction) ? undefined : BigInt(whole)
}

/** `digits` with the point behind the first `position` of them, in canonical form. */
function placePoint(negative: boolean, digits: string, position: number): string {
  const whole = position <= 0 ? "0" : position > digits.length && position < 1e9 ? digits.padEnd(position, "0") : digits.slice(0, position)
  const fraction = position <= 0 ? "0".repeat(-position) + digits : digits.slice(position)
  const text = whole.replace(/^0+(?=\d)/, "") + (fraction === "" ? "" : `.${fraction}`)
  return negative && /[1-9]/.test(text) ? `-${text}` : text
}

function trimFraction(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text
}

function fractionLength(text: string): number {
  const point = text.indexOf(".")
  return point < 0 ? 0 : text.length - point - 1
}

function unscaled(text: string, scale: number): bigint {
  return BigInt(text.replace(".", "") + "0".repeat(scale - fractionLength(text)))
}
