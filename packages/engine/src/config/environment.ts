import { LadingError } from "@lading/core"
import type { Layer, LayerValues } from "./layers.ts"

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The environment of this process; the one place that reads it. */
export function processEnvironment(): Environment {
  return process.env
}

/** Which variables a layer is made of. */
export interface EnvironmentSection {
  /** What a name starts with, such as `["destination", "duckdb"]` for `DESTINATION__DUCKDB__PATH`. */
  readonly sections: readonly string[]
  /** Options that may be there; default: any. */
  readonly known?: readonly string[]
}

/**
 * The options that the environment sets in one section: parts of a name are joined by two underscores, words by one, all in upper
 * case, so `DESTINATION__DUCKDB__MEMORY_LIMIT_MB` is the option `memoryLimitMb`. Every value is a text; an empty one counts.
 * @throws LadingError `config-invalid` when one variable sets an option and another a part of it
 */
export function environmentLayer(environment: Environment, { sections, known }: EnvironmentSection): Layer {
  const prefix = `${environmentName(sections)}__`
  const values: LayerValues = {}
  for (const name of Object.keys(environment).sort()) {
    const text = environment[name]
    if (text === undefined || !name.startsWith(prefix)) continue
    const path = name.slice(prefix.length).split("__").map(toOption)
    if (path.includes("") || (known !== undefined && !known.includes(path[0] ?? ""))) continue
    setAt(values, path, text, name)
  }
  return { source: "environment", values, place: (path) => `environment variable ${environmentName([...sections, ...path])}` }
}

/** Name of the variable that sets an option. */
export function environmentName(path: readonly string[]): string {
  return path.map(toSegment).join("__")
}

function toSegment(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase()
}

/** The option that a segment of a variable or a key of a TOML file means: `MEMORY_LIMIT_MB` is `memoryLimitMb`. */
export function toOption(segment: string): string {
  return segment.toLowerCase().replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function setAt(values: LayerValues, path: readonly string[], text: string, name: string): void {
  const [key = "", ...rest] = path
  const before = Object.hasOwn(values, key) ? values[key] : undefined
  if (rest.length === 0 ? before !== undefined : typeof before === "string") {
    throw new LadingError({
      code: "config-invalid",
      message: `environment variable ${name} sets a part of an option that another variable sets as a whole`,
      hint: "unset one of them",
      details: { places: [name] },
    })
  }
  if (rest.length === 0) define(values, key, text)
  else {
    const inner = (before ?? {}) as LayerValues
    if (before === undefined) define(values, key, inner)
    setAt(inner, rest, text, name)
  }
}

/** Not an assignment, so that a name such as `constructor` is an option like any other. */
function define(values: LayerValues, key: string, value: unknown): void {
  Object.defineProperty(values, key, { value, enumerable: true, configurable: true, writable: true })
}
