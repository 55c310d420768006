import { LadingError } from "../errors.ts"
import { JsonObject } from "../json/json-object.ts"
import type { DataType } from "../schema/model.ts"
import { parseIso, timestampToMicros } from "./iso.ts"
import { asTagged, type TaggedValue, tagOf } from "./values.ts"

/**
 * A value with its type, in the one form that all of the core uses: text string; double number; bool boolean; bigint number when it
 * is a safe integer, else bigint; timestamp bigint, microseconds since 1970 UTC; date number, days since 1970; time number,
 * microseconds of the day; decimal and wei canonical decimal text; binary Uint8Array; json the structure itself.
 */
export interface TypedValue {
  readonly type: DataType
  readonly value: unknown
}

/**
 * The type of a JavaScript value and its canonical form; undefined for null and undefined (reference: schema 2.2). Whole numbers that
 * are not safe integers are doubles, for nobody knows which integer was meant. Objects with `toJSON` are what that returns.
 * @throws LadingError `unsupported-value` (functions, symbols, promises), `invalid-date`
 */
export function inferValue(value: unknown): TypedValue | undefined {
  switch (typeof value) {
    case "string":
      return { type: "text", value }
    case "number":
      return Number.isSafeInteger(value) ? { type: "bigint", value: value + 0 } : { type: "double", value }
    case "boolean":
      return { type: "bool", value }
    case "bigint":
      return { type: "bigint", value: toInteger(value) }
    case "undefined":
      return undefined
    case "object":
      return value === null ? undefined : inferObject(value)
    default:
      throw unsupported(typeof value)
  }
}

/** How the elements of a structure are reached: objects and maps by key, lists, sets and typed arrays by position. */
export function structureOf(value: object): "object" | "list" {
  return Array.isArray(value) || value instanceof Set || isTypedArray(value) ? "list" : "object"
}

/** A bigint as a number when that is exact. */
export function toInteger(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}

function inferObject(value: object): TypedValue | undefined {
  if (Array.isArray(value)) return { type: "json", value }
  const tagged = asTagged(value)
  if (tagged !== undefined) return inferTagged(tagged)
  if (isPlain(value) || value instanceof Map || value instanceof Set) return { type: "json", value }
  if (value instanceof Date) return inferDate(value)
  if (value instanceof Uint8Array) return { type: "binary", value }
  if (value instanceof ArrayBuffer) return { type: "binary", value: new Uint8Array(value) }
  if (isTypedArray(value)) return { type: "json", value }
  const temporal = inferTemporal(value)
  if (temporal !== undefined) return temporal
  return inferForeign(value)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === null || prototype === Object.prototype) && !("toJSON" in value)
}

function isTypedArray(value: object): boolean {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}

function inferTagged(value: TaggedValue): TypedValue {
  const tag = tagOf(value)
  return { type: tag, value: "text" in value ? value.text : value.value }
}

function inferDate(value: Date): TypedValue {
  const milliseconds = value.getTime()
  if (Number.isNaN(milliseconds))
    throw new LadingError({ code: "invalid-date", message: "A Date holds no time", hint: "Pass null where there is no date" })
  return { type: "timestamp", value: BigInt(milliseconds) * 1000n }
}

/** Temporal objects (of the language or of a polyfill) are told by their tag. */
function inferTemporal(value: object): TypedValue | undefined {
  const tag: unknown = Reflect.get(value, Symbol.toStringTag)
  if (typeof tag !== "string" || !tag.startsWith("Temporal.")) return undefined
  const nanoseconds: unknown = Reflect.get(value, "epochNanoseconds")
  if (typeof nanoseconds === "bigint") {
    const rest = ((nanoseconds % 1000n) + 1000n) % 1000n
    return { type: "timestamp", value: (nanoseconds - rest) / 1000n }
  }
  const text = String(value).replace(/\[.*$/, "")
  const parsed = parseIso(text)
  if (parsed?.kind === "timestamp") return { type: "timestamp", value: timestampToMicros(parsed.days, parsed.micros) }
  if (parsed?.kind === "date" && tag === "Temporal.PlainDate") return { type: "date", value: parsed.days }
  if (parsed?.kind === "time" && tag === "Temporal.PlainTime") return { type: "time", value: parsed.micros }
  throw unsupported(tag)
}

/** An object of a class that we do not know. */
function inferForeign(value: object): TypedValue | undefined {
  if ("then" in value || value instanceof DataView || value instanceof WeakMap || value instanceof WeakSet)
    throw unsupported("a promise or view")
  if (value instanceof JsonObject) return { type: "json", value }
  if ("toJSON" in value && typeof value.toJSON === "function") {
    const plain: unknown = value.toJSON()
    if (plain !== value) return inferValue(plain)
  }
  return { type: "json", value }
}

function unsupported(what: string): LadingError {
  return new LadingError({
    code: "unsupported-value",
    message: `A value of kind ${what} cannot be loaded`,
    hint: "Turn it into text, a number, a date, bytes, an object or a list with a map step",
  })
}
