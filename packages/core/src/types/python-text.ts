import { shortestDigits } from "./decimal.ts"

/** A double as Python's `repr` writes it: `1.0`, `1e+16`, `1e-07`, `nan`, `inf`. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan"
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf"
  return floatText(value, -4, 2)
}

/** A finite double as orjson writes it, with which dlt makes JSON: as Python's repr, but `0.00001` and `1e-7`. */
export function jsonFloat(value: number): string {
  return floatText(value, -5, 1)
}

/** `True` or `False`. */
export function pythonBoolean(value: boolean): string {
  return value ? "True" : "False"
}

/** Orders texts by code point, as Python does; JavaScript orders by UTF-16 unit. */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i)
    const b = right.charCodeAt(i)
    // surrogates stand for code points above all other units
    if (a !== b) return isSurrogate(a) === isSurrogate(b) ? a - b : isSurrogate(a) ? 1 : -1
  }
  return left.length - right.length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}

/** Decimal notation from `lowest` to 15 as power of ten of the first digit, else an exponent of at least `exponentDigits` digits. */
function floatText(value: number, lowest: number, exponentDigits: number): string {
  const { digits, exponent } = shortestDigits(value)
  const sign = value < 0 || Object.is(value, -0) ? "-" : ""
  if (exponent < lowest || exponent > 15) {
    const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`
    return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(exponentDigits, "0")}`
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0")
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`
}
