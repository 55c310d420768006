import { mkdir, readFile, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { isSystemName, LadingError, type SchemaDocument, type Table } from "@lading/core"
import { resultsTable } from "../result.ts"
import { ownerOf, withMarker } from "./marker.ts"
import { type Freshness, sourcesFile, storedColumns } from "./sources-file.ts"
import { stagingModel } from "./staging-model.ts"
import { toYaml } from "./yaml.ts"

/** What is generated, and where. */
export interface GenerateOptions {
  /** Schema document of the dataset, as the destination stores it. */
  readonly schema: SchemaDocument
  /** Folder of the dbt project; made when it does not exist. */
  readonly folder: string
  /** Dataset that the source points at unless the variable `lading_dataset` says another; default: name of the schema with `_dataset`. */
  readonly dataset?: string
  /** Tables that are left out. */
  readonly exclude?: readonly string[]
  /** Default: a warning after 24 hours without a load, an error after 48; false: no freshness. */
  readonly freshness?: Freshness | false
}

/** What became of one file. `kept`: people changed it, or it was theirs from the start. */
export interface GeneratedFile {
  /** Relative to the folder, with slashes. */
  readonly path: string
  readonly action: "created" | "updated" | "unchanged" | "kept"
}

/**
 * Writes a dbt project for a dataset: `dbt_project.yml`, `sources.yml`, and a staging model for each table. Generated again, it follows the
 * schema in files that nobody changed and leaves all others alone.
 * @returns every file, in the order of their paths
 * @throws LadingError `file-unreadable` when a file that is there cannot be read
 * @example
 * const files = await generate({ schema, folder: "dbt", dataset: "player_data" })
 * const kept = files.filter(({ action }) => action === "kept")
 */
export async function generate(options: GenerateOptions): Promise<GeneratedFile[]> {
  const planned = planFiles(options)
  const done: GeneratedFile[] = []
  for (const path of Object.keys(planned).sort()) done.push({ path, action: await put(join(options.folder, path), planned[path] ?? "") })
  return done
}

/** The texts of all files by path, markers included. */
export function planFiles({ schema, dataset, exclude = [], freshness }: Omit<GenerateOptions, "folder">): Record<string, string> {
  const tables = Object.values(schema.tables).filter((table) => isData(table) && !exclude.includes(table.name))
  const folder = `models/staging/${fileName(schema.name)}`
  const facts = {
    ...{ schema, tables, dataset: dataset ?? `${schema.name}_dataset` },
    freshness: freshness === false ? undefined : (freshness ?? { warnAfterHours: 24, errorAfterHours: 48 }),
  }
  const files: Record<string, string> = {
    "dbt_project.yml": withMarker(projectFile(schema.name), "#"),
    [`${folder}/sources.yml`]: withMarker(sourcesFile(facts), "#"),
  }
  for (const table of tables) {
    const base = `${folder}/stg_${fileName(schema.name)}__${fileName(table.name)}`
    let path = `${base}.sql`
    for (let number = 2; path in files; number += 1) path = `${base}_${number}.sql`
    files[path] = withMarker(stagingModel(schema.name, table), "--")
  }
  return files
}

function isData(table: Table): boolean {
  return !isSystemName(table.name) && table.name !== resultsTable && storedColumns(table).length > 0
}

function projectFile(name: string): string {
  return `${toYaml({ name: fileName(name), version: "1.0.0", profile: "lading", "model-paths": ["models"] })}\n`
}

function fileName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, "_")
}

async function put(path: string, text: string): Promise<GeneratedFile["action"]> {
  const existing = await read(path)
  if (existing === undefined) {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: "wx" })
    return "created"
  }
  if (ownerOf(existing) === "people") return "kept"
  if (existing.replaceAll("\r\n", "\n") === text) return "unchanged"
  await writeFile(path, text)
  return "updated"
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8")
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined
    throw new LadingError({
      code: "file-unreadable",
      message: `The file ${path} cannot be read, so nothing is generated over it`,
      hint: "Check that it is a file and may be read.",
      cause,
    })
  }
}
