import { JsonObject } from "../json/json-object.ts"
import { inferValue, structureOf } from "../types/infer.ts"
import { asTagged } from "../types/values.ts"

/** The value as something with elements: an array, or an object with keys (plain, Map or JsonObject); undefined when it is a scalar. */
export function asStructure(value: unknown): object | undefined {
  if (typeof value !== "object" || value === null) return undefined
  if (Array.isArray(value) || value instanceof JsonObject || value instanceof Map) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return asTagged(value) === undefined ? value : undefined
  const typed = inferValue(value)
  if (typed?.type !== "json" || typeof typed.value !== "object" || typed.value === null) return undefined
  return structureOf(typed.value) === "list" ? Array.from(typed.value as Iterable<unknown>) : typed.value
}

/** True for an object without keys. */
export function isEmptyStructure(value: object): boolean {
  if (value instanceof JsonObject) return value.keys.length === 0
  if (value instanceof Map) return value.size === 0
  return Object.keys(value).length === 0
}
