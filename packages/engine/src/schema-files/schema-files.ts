import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { isLadingError, LadingError, type SchemaDocument, structuredCopy, toSchemaFile } from "@lading/core"
import type { PipelineOptions } from "../options.ts"
import { type ImportedSchema, parseSchemaFile } from "./parse-schema-file.ts"
import { yaml } from "./yaml.ts"

/** How schema files are written; both are read. */
export type SchemaFileFormat = "yaml" | "json"

/** Folders in which people read, edit and review the schema of a pipeline, one file `<schema>.schema.yaml` each. */
export interface SchemaFileOptions {
  /** The schema is written here after every load that changed it. */
  readonly exportTo?: string
  /** A file here is what a run starts from whenever it was changed. Where there is none, the first load writes the schema as it was declared. */
  readonly importFrom?: string
  /** Default `yaml`. */
  readonly format?: SchemaFileFormat
}

/**
 * Reads the import file of a schema; undefined when there is none.
 * @throws LadingError `schema-file-invalid`, `schema-file-ambiguous` for a schema with two files, `schema-engine-unsupported`
 */
export async function readImport(options: PipelineOptions, schemaName: string): Promise<ImportedSchema | undefined> {
  const { importFrom, format = "yaml" } = options.schema ?? {}
  if (importFrom === undefined) return undefined
  const folder = folderOf(options, importFrom)
  const texts: { readonly path: string; readonly text: string }[] = []
  for (const extension of ["yaml", "yml", "json"]) {
    const path = join(folder, `${schemaName}.schema.${extension}`)
    const text = await readText(path)
    if (text !== undefined) texts.push({ path, text })
  }
  const [only, other] = texts
  if (only === undefined) return undefined
  if (other !== undefined) throw ambiguous(only.path, other.path, format)
  const imported = parseSchemaFile(only.text, only.path)
  if (imported.schema.name === schemaName) return imported
  throw new LadingError({
    code: "schema-file-invalid",
    message: `${only.path}: it holds the schema ${imported.schema.name}, not ${schemaName}`,
    hint: "correct its name, or rename the file",
    details: { path: only.path },
  })
}

/** An import file for a schema that has none yet. */
export interface SchemaSeed {
  readonly text: string
  /** What the file is read as. */
  readonly imported: ImportedSchema
}

/** The import file of a schema as it was declared, where the pipeline has a folder for one. */
export function seedOf(declared: SchemaDocument, options: PipelineOptions): SchemaSeed | undefined {
  const { importFrom, format = "yaml" } = options.schema ?? {}
  if (importFrom === undefined) return undefined
  const text = toText(toSchemaFile(declared, { processingHints: "remove" }), format)
  return { text, imported: parseSchemaFile(text, `${declared.name}.schema.${format}`) }
}

/**
 * Writes what a committed load leaves in the folders: the schema, where it differs from the file, and the seed of an import file. Gives what went
 * wrong as warnings, for the load is committed.
 */
export async function writeSchemaFiles(options: PipelineOptions, schema: SchemaDocument, seed: SchemaSeed | undefined): Promise<string[]> {
  const { exportTo, importFrom, format = "yaml" } = options.schema ?? {}
  const name = `${schema.name}.schema.${format}`
  const warnings: string[] = []
  const write = async (folder: string, text: string): Promise<void> => {
    const path = join(folderOf(options, folder), name)
    try {
      await writeWhole(path, text)
    } catch (error) {
      warnings.push(`the schema could not be written to ${path}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (importFrom !== undefined && seed !== undefined) await write(importFrom, seed.text)
  if (exportTo === undefined) return warnings
  const isShared = importFrom !== undefined && folderOf(options, importFrom) === folderOf(options, exportTo)
  // Where people edit the file that is written, it holds only what they may say.
  await write(exportTo, toText(toSchemaFile(schema, { processingHints: isShared ? "remove" : "keep" }), format))
  return warnings
}

/** The content of a schema file as text. */
export function toText(content: Record<string, unknown>, format: SchemaFileFormat): string {
  if (format === "json") return `${JSON.stringify(content, undefined, 2)}\n`
  // Texts that YAML 1.1 takes for something else are quoted, for that is what dlt reads.
  return yaml().stringify(structuredCopy(content), { version: "1.1", lineWidth: 0, indentSeq: false, aliasDuplicateObjects: false })
}

/** Writes a file in one go, unless it holds that text already, so that its time tells of changes. */
async function writeWhole(path: string, text: string): Promise<void> {
  if ((await readText(path)) === text) return
  await mkdir(resolve(path, ".."), { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  await writeFile(temporary, text)
  await rename(temporary, path)
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    if (isLadingError(error) || (error as NodeJS.ErrnoException).code !== "ENOENT") throw unreadable(path, error)
    return undefined
  }
}

function folderOf({ baseDirectory }: PipelineOptions, folder: string): string {
  return resolve(baseDirectory ?? process.cwd(), folder)
}

function unreadable(path: string, cause: unknown): LadingError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new LadingError({
    code: "file-unreadable",
    message: `the schema file ${path} cannot be read: ${reason}`,
    hint: "check that it may be read",
    cause,
  })
}

function ambiguous(one: string, other: string, format: SchemaFileFormat): LadingError {
  return new LadingError({
    code: "schema-file-ambiguous",
    message: `the schema has two import files: ${one} and ${other}`,
    hint: `delete one of them; the pipeline writes ${format}`,
    details: { paths: [one, other] },
  })
}
