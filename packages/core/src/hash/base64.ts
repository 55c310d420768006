const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
const codes = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0))
const values = new Uint8Array(128).fill(255)
for (const [value, code] of codes.entries()) values[code] = value

/** Base64 of `bytes` in the standard alphabet (RFC 4648, section 4), with or without `=` at the end. */
export function toBase64(bytes: Uint8Array, options: { readonly padding: boolean }): string {
  const ascii = new Uint8Array(Math.ceil((bytes.length * 4) / 3))
  writeBase64(bytes, 0, bytes.length, ascii, 0)
  let text = ""
  for (let at = 0; at < ascii.length; at += 4096) text += String.fromCharCode(...ascii.subarray(at, at + 4096))
  return options.padding ? text.padEnd(Math.ceil(text.length / 4) * 4, "=") : text
}

/**
 * Bytes of padded base64 text, or undefined when a character, the length or the padding is wrong. Bits beyond the last byte are not
 * looked at, as Python's `b64decode(validate=True)` does not.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0
  const length = text.length - padding
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let written = 0
  for (let at = 0; at < length; at += 4) {
    let group = 0
    for (let i = 0; i < 4; i++) {
      const value = at + i < length ? (values[text.charCodeAt(at + i)] ?? 255) : 0
      if (value === 255) return undefined
      group = (group << 6) | value
    }
    bytes[written++] = group >> 16
    if (written < bytes.length) bytes[written++] = group >> 8
    if (written < bytes.length) bytes[written++] = group
  }
  return bytes
}

/**
 * Writes base64 without padding of `input[inputOffset..inputOffset + inputLength)` to `output` as ASCII bytes.
 * Returns the number of bytes written; allocates nothing.
 */
export function writeBase64(input: Uint8Array, inputOffset: number, inputLength: number, output: Uint8Array, outputOffset: number): number {
  const end = inputOffset + inputLength
  let at = outputOffset
  for (let i = inputOffset; i < end; i += 3) {
    const group = ((input[i] ?? 0) << 16) | (i + 1 < end ? (input[i + 1] ?? 0) << 8 : 0) | (i + 2 < end ? (input[i + 2] ?? 0) : 0)
    output[at++] = codes[group >> 18] ?? 0
    output[at++] = codes[(group >> 12) & 63] ?? 0
    if (i + 1 < end) output[at++] = codes[(group >> 6) & 63] ?? 0
    if (i + 2 < end) output[at++] = codes[group & 63] ?? 0
  }
  return at - outputOffset
}
