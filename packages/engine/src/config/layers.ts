import { isSecret } from "@lading/core"

/** Options by name, nested. */
export type LayerValues = Record<string, unknown>

/** One place that options come from. */
export interface Layer {
  /** Texts of the environment may be meant as JSON, those of `secrets` are secrets; both only where the option is not refused that way. */
  readonly source: "options" | "environment" | "secrets" | "file"
  /** Options by name, or a single value in their place. */
  readonly values: unknown
  /** Where the option of this path is in this place, as the user writes it. */
  place(path: readonly string[]): string
}

/** The options of all layers, the first layer first: records are merged option by option, anything else is taken whole. */
export function mergeLayers(layers: readonly Layer[]): unknown {
  return layers.map(({ values }) => values).reduceRight((low, high) => mergeValues(high, low), undefined) ?? {}
}

/** The value of a path, or undefined. An empty path is everything, if there is anything. */
export function valueAt(values: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return isRecord(values) && Object.keys(values).length === 0 ? undefined : values
  let value = values
  for (const key of path) {
    if (typeof value !== "object" || value === null || isSecret(value) || !Object.hasOwn(value, key)) return undefined
    value = (value as LayerValues)[key]
  }
  return value
}

/** The same values with another one at a path that exists. */
export function withValue(values: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(values)) return values.map((old: unknown, i) => (String(i) === key ? withValue(old, rest, value) : old))
  return fromEntries(Object.entries(values as LayerValues).map(([name, old]) => [name, name === key ? withValue(old, rest, value) : old]))
}

/** Paths and values of everything that is no record. */
export function leavesOf(values: unknown, path: readonly string[] = []): { readonly path: readonly string[]; readonly value: unknown }[] {
  if (isRecord(values)) return Object.entries(values).flatMap(([key, value]) => leavesOf(value, [...path, key]))
  if (Array.isArray(values)) return values.flatMap((value, i) => leavesOf(value, [...path, String(i)]))
  return values === undefined ? [] : [{ path, value: values }]
}

/** True for an object that is only its properties: no list, no secret, no instance of a class. */
export function isRecord(value: unknown): value is LayerValues {
  if (typeof value !== "object" || value === null || isSecret(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function mergeValues(high: unknown, low: unknown): unknown {
  if (!isRecord(high) || !isRecord(low)) return high === undefined ? low : high
  const keys = [...new Set([...Object.keys(low), ...Object.keys(high)])]
  return fromEntries(keys.map((key) => [key, mergeValues(valueAt(high, [key]), valueAt(low, [key]))]))
}

function fromEntries(entries: readonly (readonly [string, unknown])[]): LayerValues {
  return Object.fromEntries(entries)
}
