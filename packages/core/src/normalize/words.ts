/**
 * Four bytes at a time: JavaScript has no vector instructions, but an Int32 holds four bytes, and a DataView reads it at any offset
 * in one machine instruction. Words are little-endian: the first byte of the text is the lowest.
 */

export const wordBytes = 4

/** The word at `at`; bytes behind the end of the array count as 0. `view` spans `bytes`. */
export function wordAt(view: DataView, bytes: Uint8Array, at: number): number {
  return at + wordBytes <= bytes.length ? view.getInt32(at, true) : lastWord(bytes, at)
}

function lastWord(bytes: Uint8Array, at: number): number {
  let word = 0
  for (let i = at; i < bytes.length; i++) word |= (bytes[i] as number) << ((i - at) * 8)
  return word
}

/** At least four bytes as words; the last word ends with the last byte, and so may overlap the one before. */
export function toWords(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const last = bytes.length - wordBytes
  return Int32Array.from({ length: Math.ceil(bytes.length / wordBytes) }, (_, i) => wordAt(view, bytes, Math.min(i * wordBytes, last)))
}

/** The word of four ASCII characters. */
export function wordOf(text: string): number {
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8) | (text.charCodeAt(2) << 16) | (text.charCodeAt(3) << 24)
}

/**
 * A word whose lowest set bit belongs to the first byte that ends plain text in a JSON string: a quote, a backslash or a control
 * character; 0 when all four are plain (S. E. Anderson, Bit Twiddling Hacks, "Determine if a word has a zero byte" and "has a
 * byte less than n").
 */
export function specialBytes(word: number): number {
  const quotes = word ^ 0x22222222
  const backslashes = word ^ 0x5c5c5c5c
  const isQuote = (quotes - 0x01010101) & ~quotes
  const isBackslash = (backslashes - 0x01010101) & ~backslashes
  const isControl = (word - 0x20202020) & ~word
  return (isQuote | isBackslash | isControl) & 0x80808080
}

/** How many bytes come before the one that the lowest set bit of `special` belongs to. */
export function bytesBefore(special: number): number {
  return (31 - Math.clz32(special & -special)) >> 3
}
