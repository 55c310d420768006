import { existsSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { LadingError } from "@lading/core"
import { foldersOf } from "./config-file.ts"
import type { LayerValues } from "./layers.ts"

/** The TOML files of a project, the stronger first. */
export const tomlNames = [".lading/secrets.toml", ".lading/config.toml"] as const

/** One TOML file of a project, if it has it. */
export interface TomlFile {
  /** Absolute path of the file, or where one was looked for. */
  readonly place: string
  /** Undefined when there is none. */
  readonly path: string | undefined
  /** Sections and keys as they are written; numbers and lists as TOML types them, dates as their text. */
  readonly values: LayerValues
}

/**
 * Finds and reads a TOML file: in the folder, or above it up to the one that holds package.json.
 * @throws LadingError `config-invalid` with file, line and column; the text of the file is not shown, because it may hold a secret
 */
export function readTomlFile(baseDirectory: string, name: (typeof tomlNames)[number]): TomlFile {
  const folders = foldersOf(baseDirectory)
  const path = folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate))
  if (path === undefined) return { place: `${name} (there is none in ${folders.join(", nor in ")})`, path, values: {} }
  return { place: path, path, values: parseToml(path, readText(path)) }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "")
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown"
    throw invalid(`${path}: cannot be read (${reason})`, path, "check that it is a file that this user may read")
  }
}

/** The library is loaded when there is a file: a project without one does not wait for it. */
function parseToml(path: string, text: string): LayerValues {
  const { parse, TomlError } = toml()
  try {
    return toValues(parse(text, { integersAsBigInt: "asNeeded" })) as LayerValues
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [problem = ""] = error.message.replace(/^Invalid TOML document: /, "").split("\n", 1)
    const place = `${path}:${error.line}:${error.column}`
    throw invalid(`${place}: ${problem}`, place, `correct line ${error.line}; texts stand in quotes: name = "value"`)
  }
}

function invalid(message: string, place: string, hint: string): LadingError {
  return new LadingError({ code: "config-invalid", message, hint, details: { places: [place] } })
}

function toml(): typeof import("smol-toml") {
  return createRequire(import.meta.url)("smol-toml") as typeof import("smol-toml")
}

function toValues(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(toValues)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toValues(inner)]))
}
