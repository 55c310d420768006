import { toInteger } from "./infer.ts"
import { strip } from "./strip.ts"

const digits = "\\d+(?:_\\d+)*"
const integer = new RegExp(`^[+-]?${digits}$`)
const hexadecimal = /^0x[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*$/
const float = new RegExp(`^[+-]?(?:${digits}\\.?(?:${digits})?|\\.${digits})(?:[eE][+-]?${digits})?$`)
const nonFinite = /^([+-]?)(?:inf|infinity|(nan))$/i

/** More digits than any type holds; BigInt of a longer text would be slow. */
const maxLength = 1000

/** An integer as Python's `int` reads it: surrounding white space, sign, `_` between digits; also `0x` digits. */
export function parseIntegerText(text: string): number | bigint | undefined {
  const trimmed = strip(text)
  if (trimmed.length > maxLength) return undefined
  if (hexadecimal.test(trimmed)) return toInteger(BigInt(trimmed.replaceAll("_", "")))
  if (!integer.test(trimmed)) return undefined
  const plain = trimmed.replaceAll("_", "").replace("+", "")
  return plain.length <= 15 ? Number(plain) + 0 : toInteger(BigInt(plain))
}

/** A double as Python's `float` reads it: as above with point and exponent, `inf`, `nan`; also `0x` digits unless switched off. */
export function parseFloatText(text: string, options: { readonly hexadecimal: boolean } = { hexadecimal: true }): number | undefined {
  const trimmed = strip(text)
  if (options.hexadecimal && hexadecimal.test(trimmed)) {
    const number = Number(trimmed.replaceAll("_", ""))
    return Number.isFinite(number) ? number : undefined
  }
  if (float.test(trimmed)) return Number(trimmed.replaceAll("_", ""))
  const match = nonFinite.exec(trimmed)
  if (match === null) return undefined
  if (match[2] !== undefined) return Number.NaN
  return match[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}
