import { mkdir, writeFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { LadingError, type SchemaDocument } from "@lading/core"
import {
  describeChange,
  type PipelineOptions,
  readSchemaFile,
  readSchemas,
  readSchemaVersions,
  type SchemaFormat,
  schemaChanges,
  schemaFileName,
  schemaText,
} from "@lading/engine"
import { type DatasetArguments, oneDatasetOptions } from "../dataset-options.ts"
import { printable } from "../format/text.ts"
import { type Session, writeJson } from "../io.ts"

/** Options of `lading schema`. */
export interface SchemaArguments extends DatasetArguments {
  readonly file?: string
  /** Name of one schema. */
  readonly schema?: string
  readonly format: SchemaFormat
}

/** Two sides of a comparison: a file, or the number of a stored version. */
export interface SchemaSides {
  readonly before: string | undefined
  readonly after: string | undefined
}

/** Shows the stored schemas. @throws LadingError `schema-not-found`, and of the destination */
export async function showSchema(session: Session, options: SchemaArguments): Promise<void> {
  const schemas = await storedSchemas(session, options)
  if (session.isJson) return writeJson(session, { schemas })
  await session.io.stdout.write(schemas.map((schema) => schemaText(schema, options.format)).join(options.format === "json" ? "" : "---\n"))
}

/** Writes the stored schemas to files. @throws LadingError `schema-not-found`, and of the destination */
export async function exportSchemas(session: Session, folder: string, options: SchemaArguments): Promise<void> {
  const { io, isJson } = session
  const schemas = await storedSchemas(session, options)
  const target = resolve(io.cwd, folder)
  await mkdir(target, { recursive: true })
  const files = schemas.map((schema) => ({ schema, path: join(target, schemaFileName(schema, options.format)) }))
  for (const { schema, path } of files) await writeFile(path, schemaText(schema, options.format))
  if (isJson)
    return writeJson(session, { files: files.map(({ schema, path }) => ({ schema: schema.name, version: schema.version, path })) })
  await io.stdout.write(files.map(({ path }) => `  + ${printable(path)}\n`).join(""))
}

/** Shows what changed between two contents of a schema. @throws LadingError `schema-not-found`, `schema-file-invalid`, `file-unreadable` */
export async function diffSchema(session: Session, sides: SchemaSides, options: SchemaArguments): Promise<void> {
  const { io, isJson } = session
  const given = await oneDatasetOptions(io, options.file, options)
  const before = await contentOf(io.cwd, given, sides.before, options.schema, "previous")
  const after = await contentOf(io.cwd, given, sides.after, options.schema ?? before?.name, "newest")
  if (after === undefined) throw new LadingError({ code: "schema-not-found", message: "nothing is loaded yet", hint: "lading run" })
  const changes = schemaChanges(before, after)
  const labels = { before: labelOf(before, sides.before), after: labelOf(after, sides.after) }
  if (isJson) return writeJson(session, { ...labels, changes })
  const lines = changes.length === 0 ? ["  no difference"] : changes.map((change) => `  ${printable(describeChange(change))}`)
  await io.stdout.write(`${[`${printable(labels.before)} → ${printable(labels.after)}`, ...lines].join("\n")}\n`)
}

async function storedSchemas({ io }: Session, options: SchemaArguments): Promise<readonly SchemaDocument[]> {
  const all = await readSchemas(await oneDatasetOptions(io, options.file, options))
  const schemas = all.filter(({ name }) => options.schema === undefined || name === options.schema)
  if (schemas.length > 0) return schemas
  const names = all.map(({ name }) => name).join(", ")
  throw new LadingError({
    code: "schema-not-found",
    message:
      options.schema === undefined ? "the dataset has no schema: nothing is loaded yet" : `the dataset has no schema ${options.schema}`,
    hint: names === "" ? "lading run" : `there are ${names}`,
  })
}

async function contentOf(
  cwd: string,
  given: PipelineOptions,
  side: string | undefined,
  name: string | undefined,
  otherwise: "newest" | "previous",
): Promise<SchemaDocument | undefined> {
  if (side !== undefined && !/^\d+$/.test(side)) return readSchemaFile(resolve(cwd, side))
  const [version] = await readSchemaVersions(given, [side === undefined ? otherwise : Number(side)], name)
  return version?.document
}

function labelOf(schema: SchemaDocument | undefined, side: string | undefined): string {
  if (schema === undefined) return "nothing"
  return side !== undefined && !/^\d+$/.test(side) ? side : `${schema.name} version ${schema.version}`
}
