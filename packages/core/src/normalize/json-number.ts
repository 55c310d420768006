/** Where `readNumber` leaves its result, so that it allocates nothing. */
export interface NumberSlot {
  value: number
}

const powersOfTen = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent)
const maxExactDigits = 15

/**
 * Reads a JSON number at `start` when it is one of the common kind: at most 15 significant digits, no exponent. Then digits and
 * power of ten are both exact doubles and one division rounds correctly (W. D. Clinger, How to Read Floating Point Numbers
 * Accurately, 1990). Gives the offset behind it, or -1 for everything else, which is read exactly elsewhere. As an integer, `-0` is 0.
 */
export function readNumber(bytes: Uint8Array, start: number, slot: NumberSlot): number {
  const isNegative = bytes[start] === 0x2d
  const first = isNegative ? start + 1 : start
  let at = first
  let digits = 0
  let digit = (bytes[at] as number) - 0x30
  while (digit >= 0 && digit <= 9) {
    digits = digits * 10 + digit
    digit = (bytes[++at] as number) - 0x30
  }
  const integerDigits = at - first
  if (integerDigits === 0 || (integerDigits > 1 && bytes[first] === 0x30)) return -1
  let fractionDigits = 0
  if (bytes[at] === 0x2e) {
    const point = at
    digit = (bytes[++at] as number) - 0x30
    while (digit >= 0 && digit <= 9) {
      digits = digits * 10 + digit
      digit = (bytes[++at] as number) - 0x30
    }
    fractionDigits = at - point - 1
    if (fractionDigits === 0) return -1
  }
  if (integerDigits + fractionDigits > maxExactDigits || (bytes[at] as number | 0x20) === 0x65) return -1
  if (fractionDigits === 0) slot.value = isNegative ? 0 - digits : digits
  else {
    const magnitude = digits / (powersOfTen[fractionDigits] as number)
    slot.value = isNegative ? -magnitude : magnitude
  }
  return at
}
