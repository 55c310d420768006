/** Where `readNumber` leaves its result, so that it allocates nothing. */
export interface NumberSlot {
  value: number
  isInteger: boolean
  /** Offset behind the number. */
  end: number
}

const powersOfTen = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)
const maxExactDigits = 15

/**
 * Reads a JSON number at `at` when it is one of the common kind: at most 15 significant digits, no exponent. Then digits and power
 * of ten are both exact doubles and one division rounds correctly (W. D. Clinger, How to Read Floating Point Numbers
 * Accurately, 1990). False for everything else, which is read exactly elsewhere.
 */
export function readNumber(bytes: Uint8Array, start: number, end: number, slot: NumberSlot): boolean {
  let at = start
  const isNegative = bytes[at] === 0x2d
  if (isNegative) at++
  const first = at
  let digits = 0
  let byte = bytes[at] as number
  while (at < end && byte >= 0x30 && byte <= 0x39) {
    digits = digits * 10 + (byte - 0x30)
    byte = bytes[++at] as number
  }
  const integerDigits = at - first
  if (integerDigits === 0 || (integerDigits > 1 && bytes[first] === 0x30)) return false
  let fractionDigits = 0
  if (at < end && byte === 0x2e) {
    const point = at
    byte = bytes[++at] as number
    while (at < end && byte >= 0x30 && byte <= 0x39) {
      digits = digits * 10 + (byte - 0x30)
      byte = bytes[++at] as number
    }
    fractionDigits = at - point - 1
    if (fractionDigits === 0) return false
  }
  if (integerDigits + fractionDigits > maxExactDigits || byte === 0x65 || byte === 0x45) return false
  const magnitude = fractionDigits === 0 ? digits : digits / (powersOfTen[fractionDigits] as number)
  slot.isInteger = fractionDigits === 0
  slot.value = isNegative ? (magnitude === 0 && slot.isInteger ? 0 : -magnitude) : magnitude
  slot.end = at
  return true
}
