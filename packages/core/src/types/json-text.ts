import { LadingError } from "../errors.ts"
import { toBase64 } from "../hash/base64.ts"
import { JsonObject } from "../json/json-object.ts"
import { inferValue, structureOf, type TypedValue } from "./infer.ts"
import { formatDate, formatTime, formatTimestamp, microsToTimestamp } from "./iso.ts"
import { compareCodePoints, jsonFloat } from "./python-text.ts"

/** The private-use characters with which dlt marks typed values in JSON text (reference: schema 3.5). */
export const typePrefixes = {
  decimal: "\uf026",
  timestamp: "\uf027",
  date: "\uf028",
  uuid: "\uf029",
  hexBytes: "\uf02a",
  binary: "\uf02b",
  wei: "\uf02c",
  time: "\uf02d",
} as const

interface JsonOptions {
  /** Sorts the keys of every object by code point. */
  readonly sortKeys: boolean
  /** Marks values that JSON has no type for with dlt's prefixes. */
  readonly typed: boolean
}

/** Levels of lists and objects in one text; more is most likely an object that contains itself. */
const maxDepth = 1_000

/**
 * Compact JSON text of a structure as dlt writes it into json columns: timestamps, dates and times in ISO form, decimals as text,
 * bytes in base64, numbers that are not finite as null, characters outside ASCII as they are. Maps are objects, sets are lists.
 * @throws LadingError `unsupported-value`, `invalid-date`, `too-deep` beyond 1,000 levels
 */
export function jsonText(value: unknown): string {
  return write(value, { sortKeys: false, typed: false })
}

/** Compact JSON text with sorted keys and marked types: the text that dlt hashes for row ids and state versions. */
export function hashText(value: unknown): string {
  return write(value, { sortKeys: true, typed: true })
}

/** Compact JSON text with sorted keys: the text that dlt hashes for schemas. */
export function sortedJsonText(value: unknown): string {
  return write(value, { sortKeys: true, typed: false })
}

/** Compact JSON text with marked types, keys in their order: the text of dlt's state. */
export function typedJsonText(value: unknown): string {
  return write(value, { sortKeys: false, typed: true })
}

function write(value: unknown, options: JsonOptions, depth = 0): string {
  const typed = inferValue(value)
  if (typed === undefined) return "null"
  return typed.type === "json" ? writeStructure(typed.value as object, options, depth + 1) : writeScalar(typed, options)
}

function writeStructure(value: object, options: JsonOptions, depth: number): string {
  if (depth > maxDepth) throw new LadingError({ code: "too-deep", message: `nested deeper than ${maxDepth} levels` })
  if (structureOf(value) === "list") {
    const elements = Array.from(value as Iterable<unknown>, (element) => write(element, options, depth))
    return `[${elements.join(",")}]`
  }
  const entries = entriesOf(value)
  if (options.sortKeys) entries.sort((left, right) => compareCodePoints(left[0], right[0]))
  const members: string[] = []
  for (const [key, element] of entries) if (element !== undefined) members.push(`${JSON.stringify(key)}:${write(element, options, depth)}`)
  return `{${members.join(",")}}`
}

function entriesOf(value: object): [string, unknown][] {
  if (value instanceof JsonObject) return value.keys.map((key, i) => [key, value.values[i]])
  return value instanceof Map ? Array.from(value, ([key, element]) => [String(key), element]) : Object.entries(value)
}

function writeScalar({ type, value }: TypedValue, options: JsonOptions): string {
  switch (type) {
    case "double":
      return Number.isFinite(value) ? jsonFloat(value as number) : "null"
    case "bigint":
    case "bool":
      return String(value)
    default:
      return JSON.stringify(prefixOf(type, options) + scalarText(type, value))
  }
}

function prefixOf(type: string, options: JsonOptions): string {
  return options.typed && type !== "text" && type in typePrefixes ? typePrefixes[type as keyof typeof typePrefixes] : ""
}

/** A value of a type that JSON does not know, as text. */
function scalarText(type: string, value: unknown): string {
  switch (type) {
    case "timestamp": {
      const { days, micros } = microsToTimestamp(value as bigint)
      return formatTimestamp(days, micros, true)
    }
    case "date":
      return formatDate(value as number)
    case "time":
      return formatTime(value as number)
    case "binary":
      return toBase64(value as Uint8Array, { padding: true })
    default:
      return String(value)
  }
}
