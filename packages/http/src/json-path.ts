import { LadingError } from "@lading/core"

const every = Symbol("every")

/** A path into a JSON document, parsed. */
export interface JsonPath {
  readonly text: string
  readonly steps: readonly (string | number | typeof every)[]
  /** The keys, when there are only keys; `[]` is the whole document. */
  readonly keys: readonly string[] | undefined
}

const step = /\.?(?:\[\s*(?:(-?\d+)|\*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\]|(\*)|([^.[\]*]+))/y

/**
 * Parses a path: keys with dots, `[0]`, `[-1]`, `['a key']`, `[*]` or `*` for every element, with or without `$` in front; `$` alone is the whole
 * document. This is the part of JSONPath (RFC 9535) that names places; filters and recursive descent are not in it.
 * @throws LadingError `invalid-path`
 */
export function parsePath(text: string): JsonPath {
  const steps: JsonPath["steps"][number][] = []
  const body = text.trim().replace(/^\$/, "")
  step.lastIndex = 0
  while (step.lastIndex < body.length) {
    const match = step.exec(body)
    if (match === null) throw invalid(text)
    const [whole, position, double, single, star, key] = match
    const quoted = double ?? single
    if (position !== undefined) steps.push(Number(position))
    else if (quoted !== undefined) steps.push(quoted.replace(/\\(.)/g, "$1"))
    else if (star !== undefined || whole.includes("*")) steps.push(every)
    else steps.push(key ?? "")
  }
  if (text.trim() === "" || text.includes("..")) throw invalid(text)
  const keys = steps.every((one): one is string => typeof one === "string") ? steps : undefined
  return { text, steps, keys }
}

/** All values at a path; none when it leads nowhere. */
export function valuesAt(document: unknown, { steps }: Pick<JsonPath, "steps">): readonly unknown[] {
  return steps.reduce<readonly unknown[]>((values, one) => values.flatMap((value) => children(value, one)), [document])
}

/** The first value at a path; undefined when it leads nowhere. */
export function valueAt(document: unknown, path: Pick<JsonPath, "steps">): unknown {
  return valuesAt(document, path)[0]
}

function children(value: unknown, one: JsonPath["steps"][number]): readonly unknown[] {
  if (typeof value !== "object" || value === null) return []
  if (one === every) return Array.isArray(value) ? value : Object.values(value)
  if (typeof one === "number") return Array.isArray(value) && value.at(one) !== undefined ? [value.at(one)] : []
  return !Array.isArray(value) && Object.hasOwn(value, one) ? [(value as Record<string, unknown>)[one]] : []
}

/** A copy of a document with a value at a path of keys; objects on the way are created. */
export function withValueAt(document: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  const object = typeof document === "object" && document !== null && !Array.isArray(document) ? (document as Record<string, unknown>) : {}
  return { ...object, [key]: withValueAt(object[key], rest, value) }
}

function invalid(text: string): LadingError {
  return new LadingError({
    code: "invalid-path",
    message: `${JSON.stringify(text)} is no path into a JSON document`,
    hint: "write keys with dots such as data.items, positions such as data[0], and [*] for every element; $ is the whole document",
    details: { path: text },
  })
}
