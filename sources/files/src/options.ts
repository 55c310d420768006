import type { IncrementalHints, ResourceHints, StandardSchema } from "@lading/core"

/** How the rows of a file are written. */
export type FileFormat = "auto" | "ndjson" | "json" | "csv" | "tsv"
/** How the bytes of a file are packed. */
export type FileCompression = "auto" | "gzip" | "none"
/** Which of the matching files a run reads; see the README for what is remembered between runs. */
export type FileIncremental = "modified" | "name" | "none"

/** What `files()` takes: where the files are, how to read them, and any hint of a resource. */
export interface FilesOptions extends Omit<ResourceHints, "incremental"> {
  /** Paths or glob patterns, relative to the base folder; `!pattern` leaves files out. */
  readonly path: string | readonly string[]
  /** Name of the resource; default: the table, else the first path's file name without wildcards and extension. */
  readonly name?: string
  /** Default `auto`: by file extension (`.ndjson`, `.jsonl`, `.json`, `.csv`, `.tsv`, each with or without `.gz`). */
  readonly format?: FileFormat
  /** Default `auto`: gzip by the first two bytes of the file, or by the extension `.gz`. */
  readonly compression?: FileCompression
  /** Default `none`: every run reads every file. An object is the row cursor of any resource. */
  readonly incremental?: FileIncremental | IncrementalHints
  /** Adds a column of this name that holds the row's file. */
  readonly fileColumn?: string
  /** Adds a column of this name that holds the row's first line, counted from 1. */
  readonly lineColumn?: string
  /** CSV: what separates fields; default a comma (csv) or a tab (tsv); never guessed. */
  readonly delimiter?: string
  /** CSV: default `"`, doubled inside a quoted field; false: quotes are text. */
  readonly quote?: string | false
  /** CSV: whether the first row holds names; default true. */
  readonly header?: boolean
  /** CSV: names of the columns by position, instead of those in the header. */
  readonly columnNames?: readonly string[]
  /** Any label of the WHATWG Encoding Standard; default `utf-8`. */
  readonly encoding?: string
  /** CSV: columns that hold only canonical integers, decimals or true/false get that type; default true. */
  readonly inferTypes?: boolean
  /** CSV: further unquoted texts that mean null; an empty unquoted field always does. */
  readonly nullValues?: readonly string[]
  /** JSON: path of keys with dots to the list of rows; default: the whole document. */
  readonly selector?: string
}

const text = (value: unknown) => typeof value === "string" && value !== ""
const oneOf = (names: readonly string[]) => (value: unknown) => names.includes(String(value))
const flag = (value: unknown) => typeof value === "boolean"
const texts = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === "string")
const record = (value: unknown) => typeof value === "object" && value !== null

const rules: Readonly<Record<string, readonly [check: (value: unknown) => boolean, expected: string]>> = {
  path: [(value) => text(value) || (texts(value) && Array.isArray(value) && value.length > 0), "a path or a list of paths"],
  name: [text, "a text"],
  table: [(value) => text(value) || typeof value === "function", "a text or a function of a row"],
  format: [oneOf(["auto", "ndjson", "json", "csv", "tsv"]), "auto, ndjson, json, csv or tsv"],
  compression: [oneOf(["auto", "gzip", "none"]), "auto, gzip or none"],
  incremental: [(value) => record(value) || oneOf(["modified", "name", "none"])(value), "modified, name, none or a row cursor"],
  fileColumn: [text, "a column name"],
  lineColumn: [text, "a column name"],
  delimiter: [text, "a text of at least one character"],
  quote: [(value) => value === false || (typeof value === "string" && value.length === 1), "one character or false"],
  header: [flag, "true or false"],
  columnNames: [texts, "a list of names"],
  encoding: [text, "the label of an encoding"],
  inferTypes: [flag, "true or false"],
  nullValues: [texts, "a list of texts"],
  selector: [text, "a path with dots"],
}

const hintKeys = [
  ...["writeDisposition", "primaryKey", "mergeKey", "columns", "maxTableNesting", "contract", "schema", "description", "replaceWithEmpty"],
  ...["nested", "hintsFor", "owner"],
] as const

/** Names every option that is missing, unknown or of the wrong kind; one text a fault, empty when all is well. */
export function optionFaults(options: unknown): { readonly message: string; readonly path: readonly string[] }[] {
  if (typeof options !== "object" || options === null) return [{ message: "options must be an object with a path", path: [] }]
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const faults = given.flatMap(([key, value]) => {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined
    if (rule !== undefined) return rule[0](value) ? [] : [{ message: `${key} must be ${rule[1]}`, path: [key] }]
    return hintKeys.some((hint) => hint === key) ? [] : [{ message: `there is no option ${key}`, path: [key] }]
  })
  if (!given.some(([key]) => key === "path")) faults.unshift({ message: "path is missing", path: ["path"] })
  return faults
}

/** The options as a Standard Schema, for an engine that reads them from a configuration file. */
export const filesOptionsSchema: StandardSchema<FilesOptions> = {
  "~standard": {
    version: 1,
    vendor: "lading",
    validate: (value) => {
      const issues = optionFaults(value)
      return issues.length > 0 ? { issues } : { value: value as FilesOptions }
    },
  },
}

/** The part of the options that every resource has. */
export function resourceHints(options: FilesOptions): ResourceHints {
  const hints = Object.fromEntries(hintKeys.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]))
  return {
    ...hints,
    ...(options.table === undefined ? {} : { table: options.table }),
    ...(typeof options.incremental === "object" ? { incremental: options.incremental } : {}),
  }
}
