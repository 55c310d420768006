/** Where a value of a document stands, in bytes, and its elements as lines. */
export interface Slice {
  /** First byte of the value. */
  readonly start: number
  /** Byte after the value. */
  readonly end: number
  /** The elements of the list one a line; the value itself as one line when it is no list. A copy. */
  readonly lines: Uint8Array
  readonly count: number
  /** Whether every element is an object. */
  readonly areObjects: boolean
}

/** A document whose structure is broken; the byte where. */
export class BrokenDocument extends Error {
  readonly offset: number
  constructor(offset: number) {
    super(`the document is broken at byte ${offset}`)
    this.offset = offset
  }
}

const quote = 0x22
const backslash = 0x5c
const newline = 0x0a
const space = 0x20

/**
 * Finds the value at a path of keys without parsing what is in it, and gives the elements of the list there as JSON lines: the bytes stay as they are,
 * so no number changes. The structure of the whole document (brackets, strings, its end) is checked; undefined when nothing is at the path.
 * @throws BrokenDocument
 */
export function sliceRows(bytes: Uint8Array, keys: readonly string[]): Slice | undefined {
  const scanner = new Scanner(bytes)
  const slice = scanner.find(keys, 0)
  scanner.skipSpace()
  if (scanner.at < bytes.length) throw new BrokenDocument(scanner.at)
  return slice
}

class Scanner {
  at = 0
  private readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    // a byte-order mark is no part of the document
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.at = 3
  }

  /** Moves past a value, and gives the slice in it at `keys`. As in every parser, the last of two equal keys counts. */
  find(keys: readonly string[], level: number): Slice | undefined {
    this.skipSpace()
    const key = keys[level]
    if (key === undefined) return this.take()
    if (this.bytes[this.at] !== 0x7b) {
      this.skipValue()
      return undefined
    }
    let found: Slice | undefined
    this.at++
    this.skipSpace()
    if (this.bytes[this.at] === 0x7d) {
      this.at++
      return undefined
    }
    for (;;) {
      this.skipSpace()
      const isKey = this.key() === key
      this.skipSpace()
      this.expect(0x3a)
      if (isKey) found = this.find(keys, level + 1)
      else this.skipValue()
      this.skipSpace()
      if (this.bytes[this.at] === 0x7d) break
      this.expect(0x2c)
    }
    this.at++
    return found
  }

  private take(): Slice {
    const start = this.at
    if (this.bytes[start] === 0x5b) return this.list(start)
    this.skipValue()
    const lines = new Uint8Array(this.bytes.subarray(start, this.at))
    flatten(lines)
    return { start, end: this.at, lines, count: 1, areObjects: this.bytes[start] === 0x7b }
  }

  private list(start: number): Slice {
    const ends: number[] = []
    let areObjects = true
    this.at++
    this.skipSpace()
    if (this.bytes[this.at] === 0x5d) {
      this.at++
      return { start, end: this.at, lines: new Uint8Array(0), count: 0, areObjects }
    }
    for (;;) {
      this.skipSpace()
      if (this.bytes[this.at] !== 0x7b) areObjects = false
      this.skipValue()
      this.skipSpace()
      ends.push(this.at)
      if (this.bytes[this.at] === 0x5d) break
      this.expect(0x2c)
    }
    this.at++
    // the closing bracket takes the place of the comma that the last element does not have
    const lines = new Uint8Array(this.bytes.subarray(start + 1, this.at))
    flatten(lines)
    for (const end of ends) lines[end - start - 1] = newline
    return { start, end: this.at, lines, count: ends.length, areObjects }
  }

  skipSpace(): void {
    for (let byte = this.bytes[this.at]; byte === space || byte === newline || byte === 0x0d || byte === 0x09; )
      byte = this.bytes[++this.at]
  }

  private expect(byte: number): void {
    if (this.bytes[this.at] !== byte) throw new BrokenDocument(this.at)
    this.at++
  }

  private key(): string {
    const from = this.at
    this.expect(quote)
    this.skipString()
    const text: unknown = JSON.parse(Buffer.from(this.bytes.subarray(from, this.at)).toString("utf8"))
    return String(text)
  }

  /** Moves past the rest of a string whose opening quote was passed. */
  private skipString(): void {
    const { bytes } = this
    let at = this.at
    for (; at < bytes.length; at++) {
      const byte = bytes[at] as number
      if (byte === quote) {
        this.at = at + 1
        return
      }
      if (byte === backslash) at++
      else if (byte < space) throw new BrokenDocument(at)
    }
    throw new BrokenDocument(bytes.length)
  }

  /** Moves past one value; brackets are matched by a stack of their kinds. */
  private skipValue(): void {
    const { bytes } = this
    const open: number[] = []
    this.skipSpace()
    for (;;) {
      const byte = bytes[this.at]
      if (byte === undefined) throw new BrokenDocument(this.at)
      if (byte === quote) {
        this.at++
        this.skipString()
      } else if (byte === 0x7b || byte === 0x5b) {
        // the closing bracket of both kinds is two further on
        open.push(byte + 2)
        this.at++
        continue
      } else if (byte === 0x7d || byte === 0x5d) {
        if (open.pop() !== byte) throw new BrokenDocument(this.at)
        this.at++
      } else if (open.length > 0 && isBetween(byte)) {
        this.at++
        continue
      } else this.skipScalar()
      if (open.length === 0) return
    }
  }

  private skipScalar(): void {
    const from = this.at
    for (let byte = this.bytes[this.at]; byte !== undefined && isScalar(byte); ) byte = this.bytes[++this.at]
    if (this.at === from) throw new BrokenDocument(from)
  }
}

function isBetween(byte: number): boolean {
  return byte === 0x2c || byte === 0x3a || byte === space || byte === newline || byte === 0x0d || byte === 0x09
}

/** Characters of numbers, true, false and null. */
function isScalar(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x2b || byte === 0x2d || byte === 0x2e || byte === 0x45
  )
}

/** Line breaks between tokens become spaces; within strings there are none. */
function flatten(bytes: Uint8Array): void {
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) bytes[at] = space
}
