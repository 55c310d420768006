const simple = new Uint8Array(128)
for (const [letter, byte] of [
  ['"', 0x22],
  ["\\", 0x5c],
  ["/", 0x2f],
  ["b", 0x08],
  ["f", 0x0c],
  ["n", 0x0a],
  ["r", 0x0d],
  ["t", 0x09],
] as const) {
  simple[letter.charCodeAt(0)] = byte
}

/**
 * Decodes one JSON escape whose backslash is before `at` into UTF-8 at `to`. Gives `bytesRead * 256 + bytesWritten`, or 0 where the
 * escape is wrong or stands for something that cannot be stored: half a surrogate pair, or U+0000 unless `keepsNul`.
 */
export function readEscapes(bytes: Uint8Array, at: number, end: number, target: Uint8Array, to: number, keepsNul: boolean): number {
  const letter = at < end ? (bytes[at] as number) : 0
  if (letter !== 0x75) {
    const byte = letter < 128 ? (simple[letter] as number) : 0
    if (byte === 0) return 0
    target[to] = byte
    return 0x101
  }
  const code = readHex(bytes, at + 1, end)
  if (code < 0 || (code === 0 && !keepsNul)) return 0
  if (code < 0xd800 || code > 0xdfff) return (5 << 8) | writeCodePoint(code, target, to)
  if (code > 0xdbff || bytes[at + 5] !== 0x5c || bytes[at + 6] !== 0x75) return 0
  const low = readHex(bytes, at + 7, end)
  if (low < 0xdc00 || low > 0xdfff) return 0
  return (11 << 8) | writeCodePoint(0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00), target, to)
}

function readHex(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return -1
  let code = 0
  for (let i = 0; i < 4; i++) {
    const byte = bytes[at + i] as number
    const letter = byte | 0x20
    const digit = byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
    if (digit < 0) return -1
    code = code * 16 + digit
  }
  return code
}

function writeCodePoint(code: number, target: Uint8Array, to: number): number {
  if (code < 0x80) {
    target[to] = code
    return 1
  }
  if (code < 0x800) {
    target[to] = 0xc0 | (code >> 6)
    target[to + 1] = 0x80 | (code & 0x3f)
    return 2
  }
  if (code < 0x10000) {
    target[to] = 0xe0 | (code >> 12)
    target[to + 1] = 0x80 | ((code >> 6) & 0x3f)
    target[to + 2] = 0x80 | (code & 0x3f)
    return 3
  }
  target[to] = 0xf0 | (code >> 18)
  target[to + 1] = 0x80 | ((code >> 12) & 0x3f)
  target[to + 2] = 0x80 | ((code >> 6) & 0x3f)
  target[to + 3] = 0x80 | (code & 0x3f)
  return 4
}
