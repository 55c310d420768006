import type { Output } from "./output.ts"

const backslash = 0x5c
/** Second byte of the escape of each byte that COPY text cannot hold as it is; 0 for all others. */
const escapes = new Uint8Array(256)
for (const [letter, byte] of [
  ["\\", backslash],
  ["n", 0x0a],
  ["r", 0x0d],
  ["t", 0x09],
] as const) {
  escapes[byte] = letter.charCodeAt(0)
}

/** True when a byte of the range would need an escape. */
export function needsEscapes(bytes: Uint8Array): boolean {
  let found = 0
  for (let index = 0; index < bytes.length; index++) found |= escapes[bytes[index] as number] as number
  return found !== 0
}

/** Copies bytes that need no escape. */
export function writePlain(output: Output, bytes: Uint8Array, start: number, end: number): void {
  const count = end - start
  output.reserve(count)
  const { bytes: target, position } = output
  if (count > 48) target.set(bytes.subarray(start, end), position)
  else for (let index = 0; index < count; index++) target[position + index] = bytes[start + index] as number
  output.position = position + count
}

/** Copies bytes, with a backslash before each tab, line end and backslash. */
export function writeEscaped(output: Output, bytes: Uint8Array, start: number, end: number): void {
  output.reserve(2 * (end - start))
  const { bytes: target } = output
  let { position } = output
  for (let index = start; index < end; index++) {
    const byte = bytes[index] as number
    const letter = escapes[byte] as number
    if (letter !== 0) {
      target[position++] = backslash
      target[position++] = letter
    } else target[position++] = byte
  }
  output.position = position
}

const hexDigits = new TextEncoder().encode("0123456789abcdef")

/** Writes bytes in the hex form of bytea: `\x`, of which COPY needs the backslash twice, and two digits a byte. */
export function writeHex(output: Output, bytes: Uint8Array, start: number, end: number): void {
  output.reserve(3 + 2 * (end - start))
  output.ascii("\\\\x")
  const { bytes: target } = output
  let { position } = output
  for (let index = start; index < end; index++) {
    const byte = bytes[index] as number
    target[position++] = hexDigits[byte >> 4] as number
    target[position++] = hexDigits[byte & 15] as number
  }
  output.position = position
}
