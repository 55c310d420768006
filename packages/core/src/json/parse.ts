import { LadingError } from "../errors.ts"
import { decodeUtf8, encodeUtf8 } from "../hash/utf8.ts"
import { asTagged, type JsonDouble, jsonDouble } from "../types/values.ts"
import { JsonObject } from "./json-object.ts"

/** Why bytes are not a JSON document (RFC 8259), and where. */
export class JsonFault extends Error {
  readonly code: "invalid-json" | "too-deep" | "invalid-utf8"
  /** Byte offset in the bytes that were given. */
  readonly offset: number

  constructor(code: "invalid-json" | "too-deep" | "invalid-utf8", message: string, offset: number) {
    super(message)
    this.code = code
    this.offset = offset
  }
}

const quote = 0x22
const backslash = 0x5c
const escapes: Readonly<Record<number, string>> = { 34: '"', 92: "\\", 47: "/", 98: "\b", 102: "\f", 110: "\n", 114: "\r", 116: "\t" }

/**
 * Parses one JSON document exactly: integers beyond 2^53 as bigint, whole numbers with a fraction or exponent as a tagged double,
 * objects as `JsonObject`. Strict RFC 8259.
 * @throws JsonFault with the byte offset
 */
export class JsonParser {
  private bytes: Uint8Array = new Uint8Array(0)
  private at = 0
  private end = 0
  private readonly maxDepth: number

  constructor(maxDepth: number) {
    this.maxDepth = maxDepth
  }

  parse(bytes: Uint8Array, start: number, end: number): unknown {
    this.bytes = bytes
    this.at = start
    this.end = end
    const value = this.value(0)
    this.skipSpace()
    if (this.at < this.end) throw this.fault("more text after the document")
    return value
  }

  private value(depth: number): unknown {
    this.skipSpace()
    const byte = this.bytes[this.at]
    if (this.at >= this.end || byte === undefined) throw this.fault("the document ends too early")
    switch (byte) {
      case 0x7b:
        return this.object(depth + 1)
      case 0x5b:
        return this.array(depth + 1)
      case quote:
        return this.string()
      case 0x74:
        return this.word("true", true)
      case 0x66:
        return this.word("false", false)
      case 0x6e:
        return this.word("null", null)
      default:
        return this.number()
    }
  }

  private object(depth: number): JsonObject {
    this.checkDepth(depth)
    const object = new JsonObject()
    this.at++
    this.skipSpace()
    if (this.take(0x7d)) return object
    for (;;) {
      this.skipSpace()
      if (this.bytes[this.at] !== quote || this.at >= this.end) throw this.fault("a key in double quotes is expected")
      const key = this.string()
      this.skipSpace()
      if (!this.take(0x3a)) throw this.fault("a colon is expected after a key")
      object.set(key, this.value(depth))
      this.skipSpace()
      if (this.take(0x7d)) return object
      if (!this.take(0x2c)) throw this.fault("a comma or } is expected")
    }
  }

  private array(depth: number): unknown[] {
    this.checkDepth(depth)
    const list: unknown[] = []
    this.at++
    this.skipSpace()
    if (this.take(0x5d)) return list
    for (;;) {
      list.push(this.value(depth))
      this.skipSpace()
      if (this.take(0x5d)) return list
      if (!this.take(0x2c)) throw this.fault("a comma or ] is expected")
    }
  }

  private string(): string {
    let from = ++this.at
    let text = ""
    for (;;) {
      const byte = this.bytes[this.at]
      if (this.at >= this.end || byte === undefined) throw this.fault("a string without end")
      if (byte < 0x20) throw this.fault("a control character in a string must be escaped")
      if (byte === quote || byte === backslash) {
        const piece = decodeUtf8(this.bytes, from, this.at)
        if (piece === undefined) throw this.fault("bytes that are not UTF-8", "invalid-utf8")
        text += piece
        this.at++
        if (byte === quote) return text
        text += this.escape()
        from = this.at
      } else this.at++
    }
  }

  private escape(): string {
    const byte = this.bytes[this.at++]
    if (byte === undefined || this.at > this.end) throw this.fault("a string without end")
    if (byte !== 0x75) {
      const plain = escapes[byte]
      if (plain === undefined) throw this.fault("an unknown escape")
      return plain
    }
    let code = 0
    for (let i = 0; i < 4; i++) {
      const digit = hexDigit(this.bytes[this.at++])
      if (digit < 0 || this.at > this.end) throw this.fault("four hexadecimal digits are expected after \\u")
      code = code * 16 + digit
    }
    return String.fromCharCode(code)
  }

  private number(): number | bigint | JsonDouble {
    const start = this.at
    this.take(0x2d)
    if (!this.take(0x30)) this.digits()
    let isInteger = true
    if (this.take(0x2e)) {
      isInteger = false
      this.digits()
    }
    if (this.take(0x65) || this.take(0x45)) {
      isInteger = false
      if (!this.take(0x2b)) this.take(0x2d)
      this.digits()
    }
    const text = asciiText(this.bytes, start, this.at)
    const value = Number(text)
    if (isInteger) return Number.isSafeInteger(value) ? (value === 0 ? 0 : value) : BigInt(text)
    return Number.isInteger(value) ? jsonDouble(value) : value
  }

  private digits(): void {
    const start = this.at
    while (this.at < this.end && isDigit(this.bytes[this.at])) this.at++
    if (this.at === start) throw this.fault("a JSON value is expected")
  }

  private word<Value>(word: string, value: Value): Value {
    if (this.at + word.length > this.end || asciiText(this.bytes, this.at, this.at + word.length) !== word)
      throw this.fault("a JSON value is expected")
    this.at += word.length
    return value
  }

  private take(byte: number): boolean {
    if (this.at >= this.end || this.bytes[this.at] !== byte) return false
    this.at++
    return true
  }

  private skipSpace(): void {
    while (this.at < this.end) {
      const byte = this.bytes[this.at]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      this.at++
    }
  }

  private checkDepth(depth: number): void {
    if (depth > this.maxDepth) throw this.fault(`nested deeper than ${this.maxDepth} levels`, "too-deep")
  }

  private fault(message: string, code: JsonFault["code"] = "invalid-json"): JsonFault {
    return new JsonFault(code, message, this.at)
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = ""
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i] as number)
  return text
}

/**
 * Parses a JSON text into plain JavaScript values without losing an integer: integers beyond 2^53 become bigint. Objects are plain
 * objects; a key `__proto__` is an own property.
 * @throws LadingError `invalid-json` or `too-deep`, with the byte offset in `details`
 */
export function parseJsonExact(text: string, maxDepth = 256): unknown {
  const bytes = encodeUtf8(text)
  try {
    return toPlain(new JsonParser(maxDepth).parse(bytes, 0, bytes.length))
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    throw new LadingError({
      code: error.code,
      message: `not a JSON document: ${error.message} at byte ${error.offset}`,
      details: { offset: error.offset },
    })
  }
}

function toPlain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(toPlain)
  if (!(value instanceof JsonObject)) return (asTagged(value) as JsonDouble).value
  const object: Record<string, unknown> = {}
  value.keys.forEach((key, i) => {
    Object.defineProperty(object, key, { value: toPlain(value.values[i]), enumerable: true, writable: true, configurable: true })
  })
  return object
}
