import { existsSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { isLadingError, LadingError } from "@lading/core"
import type { PipelineOptions } from "../options.ts"
import { importUserModule } from "./import-module.ts"
import { isRecord, type LayerValues, valueAt } from "./layers.ts"

/** Options of a pipeline that may come from a configuration. */
export const settingNames = ["workDir", "dataset", "rejects", "evolution", "durability", "onBadRow"] as const
/** Sections with the options of plugins by name. */
export const pluginSections = ["destinations", "sources", "transformers"] as const

/** Options of a pipeline that may come from a configuration. */
export type PipelineSettings = Partial<Pick<PipelineOptions, (typeof settingNames)[number]>>

/** Options of plugins, by kind and by the plugin's name. */
export type PluginSettings = Partial<Record<(typeof pluginSections)[number], Readonly<Record<string, Readonly<Record<string, unknown>>>>>>

/** What `lading.config.ts` exports by default: what holds for every pipeline, and what holds for one of them. */
export interface LadingConfig extends PipelineSettings, PluginSettings {
  readonly pipelines?: Readonly<Record<string, PipelineSettings & PluginSettings>>
}

/** The configuration file of a project, if it has one. */
export interface ConfigFile {
  /** Absolute path of the file, or where one was looked for. */
  readonly place: string
  readonly config: LayerValues
}

const names = ["lading.config.ts", "lading.config.mts", "lading.config.js", "lading.config.mjs"] as const

/**
 * Gives the configuration back; it is there for the editor, which knows every option by it.
 *
 * @example
 * export default defineConfig({ destinations: { duckdb: { path: "chess.duckdb" } } })
 */
export function defineConfig(config: LadingConfig): LadingConfig {
  return config
}

/**
 * Finds and imports the configuration file: the first of `lading.config.{ts,mts,js,mjs}` from the folder upwards to the one that holds
 * package.json. Without a package.json above, only the folder itself counts.
 * @throws LadingError `config-invalid` when the file fails, or holds something that is no option
 */
export async function readConfigFile(baseDirectory: string): Promise<ConfigFile> {
  const folders = foldersOf(baseDirectory)
  const path = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((candidate) => existsSync(candidate))
  if (path === undefined) return { place: `${names[0]} (there is none in ${folders.join(", nor in ")})`, config: {} }
  return { place: path, config: parseConfig(path, await importConfig(path)) }
}

/** Folders that hold the configuration of a project: from this one upwards to the one with package.json; without one, only this. */
export function foldersOf(baseDirectory: string): string[] {
  const first = resolve(baseDirectory)
  const folders: string[] = []
  for (let folder = first; ; folder = dirname(folder)) {
    folders.push(folder)
    if (existsSync(join(folder, "package.json"))) return folders
    if (dirname(folder) === folder) return [first]
  }
}

/** Only the first line of what went wrong is told, and no cause: the rest may quote the file, and the file may hold a secret. */
async function importConfig(path: string): Promise<unknown> {
  try {
    return (await importUserModule(path, { cache: false })).default
  } catch (error) {
    if (isLadingError(error)) throw error
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n", 1)
    throw invalid(path, `failed while it was loaded: ${reason}`, "correct the file")
  }
}

function parseConfig(path: string, config: unknown): LayerValues {
  if (!isRecord(config)) throw invalid(path, "has no default export with options", "export default defineConfig({ ... })")
  checkNames(path, [], config, [...settingNames, ...pluginSections, "pipelines"])
  for (const [name, settings] of sectionOf(path, ["pipelines"], config)) {
    const place = ["pipelines", name]
    if (!isRecord(settings)) throw invalid(path, `${place.join(".")} is no object with options`, "write { ... }")
    checkNames(path, place, settings, [...settingNames, ...pluginSections])
    checkPlugins(path, place, config)
  }
  checkPlugins(path, [], config)
  return config
}

function checkPlugins(path: string, place: readonly string[], config: LayerValues): void {
  for (const section of pluginSections) {
    for (const [plugin, options] of sectionOf(path, [...place, section], config)) {
      if (!isRecord(options)) throw invalid(path, `${[...place, section, plugin].join(".")} is no object with options`, "write { ... }")
    }
  }
}

function sectionOf(path: string, place: readonly string[], config: LayerValues): [string, unknown][] {
  const section = valueAt(config, place) ?? {}
  if (!isRecord(section)) throw invalid(path, `${place.join(".")} is no object with a name for each entry`, "write { name: { ... } }")
  return Object.entries(section)
}

function checkNames(path: string, place: readonly string[], values: LayerValues, known: readonly string[]): void {
  const unknown = Object.keys(values).find((name) => !known.includes(name))
  if (unknown !== undefined) throw invalid(path, `${[...place, unknown].join(".")} is no option`, `known here: ${known.join(", ")}`)
}

function invalid(path: string, problem: string, hint: string): LadingError {
  return new LadingError({ code: "config-invalid", message: `${path}: ${problem}`, hint, details: { places: [path] } })
}
