import { LadingError, secret } from "@lading/core"
import { environmentName, toOption } from "./environment.ts"
import { isRecord, type Layer, type LayerValues } from "./layers.ts"
import type { TomlFile } from "./toml-file.ts"

/** Which part of a TOML file a layer is made of. */
export interface TomlSection {
  /** Names of the tables, such as `["destination", "duckdb"]` for `[destination.duckdb]`. */
  readonly sections: readonly string[]
  readonly source: "secrets" | "file"
  /** Names inside of tables are options as well; false: they are data, kept as they are written. */
  readonly isDeep: boolean
  /** Options that may be there; tables of other names belong to somebody else, other keys are mistakes. Default: any. */
  readonly known?: readonly string[]
}

/**
 * The options that a TOML file sets in one section. Keys are written as in the environment, in lower case (`memory_limit_mb`), or as in
 * code (`memoryLimitMb`).
 * @throws LadingError `config-invalid` when a section is no table, a key is no option, or an option is there in both forms
 */
export function tomlLayer({ place, values }: TomlFile, section: TomlSection): Layer {
  const { sections, source, isDeep, known } = section
  const name = (path: readonly string[]): string => `${place} ${[...sections, ...path.map(toTomlKey)].join(".")}`
  const table = tableAt(values, sections, place)
  const own = known === undefined ? table : onlyKnown(table, known, place, sections)
  const options = toOptions(own, isDeep, name([]))
  return { source, values: source === "secrets" ? toSecrets(options) : options, place: name }
}

/** `memoryLimitMb` as TOML files have it: `memory_limit_mb`. */
export function toTomlKey(name: string): string {
  return environmentName([name]).toLowerCase()
}

/** The table of a section; names that no TOML key can have without quotes may have underscores in place of the other characters. */
function tableAt(values: LayerValues, sections: readonly string[], place: string): LayerValues {
  let table = values
  for (const [depth, name] of sections.entries()) {
    const key = [name, name.replace(/[^A-Za-z0-9]+/g, "_")].find((one) => Object.hasOwn(table, one))
    const found = key === undefined ? {} : table[key]
    if (!isRecord(found)) throw invalid(place, `${sections.slice(0, depth + 1).join(".")} is no table`, `write [${sections.join(".")}]`)
    table = found
  }
  return table
}

function onlyKnown(table: LayerValues, known: readonly string[], place: string, sections: readonly string[]): LayerValues {
  const entries = Object.entries(table)
  const isKnown = (key: string): boolean => known.includes(toKey(key))
  const wrong = entries.find(([key, value]) => !isKnown(key) && (sections.length > 1 || !isRecord(value)))
  if (wrong !== undefined)
    throw invalid(place, `${[...sections, wrong[0]].join(".")} is no option`, `known here: ${known.map(toTomlKey).join(", ")}`)
  return Object.fromEntries(entries.filter(([key]) => isKnown(key)))
}

function toOptions(table: LayerValues, isDeep: boolean, place: string): LayerValues {
  const options: LayerValues = {}
  for (const [key, value] of Object.entries(table)) {
    const option = toKey(key)
    if (Object.hasOwn(options, option)) throw invalid(place, `${key} is there twice, in two forms of its name`, "leave one of them out")
    const inner = isDeep && isRecord(value) ? toOptions(value, isDeep, place) : value
    Object.defineProperty(options, option, { value: inner, enumerable: true, configurable: true, writable: true })
  }
  return options
}

/** Every text as a secret; an option that takes none is given the text again. */
function toSecrets(value: unknown): unknown {
  if (typeof value === "string") return secret(value)
  if (Array.isArray(value)) return value.map(toSecrets)
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toSecrets(inner)])) : value
}

function toKey(key: string): string {
  return /^[a-z0-9]+(?:_[a-z0-9]+)+$/.test(key) ? toOption(key) : key
}

function invalid(place: string, problem: string, hint: string): LadingError {
  return new LadingError({ code: "config-invalid", message: `${place}: ${problem}`, hint, details: { places: [place] } })
}
