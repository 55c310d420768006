import { toInteger } from "./infer.ts"
import { jsonDouble } from "./values.ts"

/** Numbers that JSON.parse would change: a whole number with fraction or exponent, or more than 15 digits. */
const delicateNumber = /\d(?:\.|[eE])|\d{16}/

/**
 * The structure that JSON text stands for, numbers as they are written: an integer beyond 2^53 is a bigint, `1.0` a JsonDouble.
 * Undefined for text that is not JSON, that has a number too great for a double or half a surrogate pair; `null` gives null.
 */
export function parseJsonText(text: string): unknown {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  const isDelicate = delicateNumber.test(text)
  if ((isDelicate || text.includes("\\u")) && holdsUnstorable(parsed)) return undefined
  if (!isDelicate) return parsed
  return readValue({ text, at: 0 })
}

/** Reads text that JSON.parse has accepted, so only the shape is told apart, not checked. */
interface Reader {
  readonly text: string
  at: number
}

const skipSpace = /[ \t\n\r]*/y
const numberToken = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const stringToken = /"(?:[^"\\]|\\.)*"/y

function readValue(reader: Reader): unknown {
  token(reader, skipSpace)
  const code = reader.text[reader.at]
  if (code === "{") return readObject(reader)
  if (code === "[") return readList(reader)
  if (code === '"') return readString(reader)
  if (code === "t" || code === "n") reader.at += 4
  else if (code === "f") reader.at += 5
  else return toNumber(token(reader, numberToken))
  return code === "n" ? null : code === "t"
}

function readObject(reader: Reader): unknown {
  const result: Record<string, unknown> = {}
  if (!opens(reader, "}")) return result
  do {
    token(reader, skipSpace)
    const key = readString(reader)
    token(reader, skipSpace)
    reader.at++
    // a plain assignment would lose the key `__proto__`
    Object.defineProperty(result, key, { value: readValue(reader), writable: true, enumerable: true, configurable: true })
  } while (continues(reader))
  return result
}

function readList(reader: Reader): unknown {
  const result: unknown[] = []
  if (!opens(reader, "]")) return result
  do result.push(readValue(reader))
  while (continues(reader))
  return result
}

/** Steps over the bracket; false when the structure is empty. */
function opens(reader: Reader, closing: string): boolean {
  reader.at++
  token(reader, skipSpace)
  if (reader.text[reader.at] !== closing) return true
  reader.at++
  return false
}

/** Steps over a comma or the closing bracket; true after a comma. */
function continues(reader: Reader): boolean {
  token(reader, skipSpace)
  return reader.text[reader.at++] === ","
}

function readString(reader: Reader): string {
  return String(JSON.parse(token(reader, stringToken)))
}

function token(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at
  const found = pattern.exec(reader.text)?.[0] ?? ""
  reader.at += found.length
  return found
}

function toNumber(text: string): unknown {
  if (/^-?\d+$/.test(text)) return text.length <= 15 ? Number(text) + 0 : toInteger(BigInt(text))
  const value = Number(text)
  return Number.isInteger(value) ? jsonDouble(value) : value
}

/** Half a surrogate pair, or a number that has become infinite. */
function holdsUnstorable(value: unknown): boolean {
  if (typeof value === "string") return /[\ud800-\udfff]/u.test(value)
  if (typeof value === "number") return !Number.isFinite(value)
  if (typeof value !== "object" || value === null) return false
  return Object.entries(value).some(([key, element]) => holdsUnstorable(key) || holdsUnstorable(element))
}
