import { type Destination, isLadingError, LadingError, type SchemaDocument } from "@lading/core"
import { createRegistry, type ResolvedPipeline, readSchemas, resolvePipeline } from "@lading/engine"
import pc from "picocolors"
import { type DatasetArguments, oneDatasetOptions } from "../dataset-options.ts"
import { printableLines } from "../format/text.ts"
import { listenForInterrupt } from "../interrupt.ts"
import { type Session, writeJson } from "../io.ts"
import { createDbtReporter, type DbtEvent } from "../progress/dbt-reporter.ts"

/** Options that every command of `lading dbt` has. */
interface ProjectArguments extends DatasetArguments {
  readonly file?: string
  readonly project?: string
}

/** Options of `lading dbt run` and the like. */
export interface DbtArguments extends ProjectArguments {
  readonly select?: readonly string[]
  readonly exclude?: readonly string[]
  readonly vars?: Readonly<Record<string, unknown>>
  readonly fullRefresh?: true
  readonly failFast?: true
  readonly threads?: number
  readonly target?: string
  readonly targetSchema?: string
  readonly artifacts?: string
}

/** Options of `lading dbt generate`. */
export interface GenerateArguments extends ProjectArguments {
  readonly schema?: string
  readonly exclude?: readonly string[]
}

/** What of the transformer is used; the command knows it by its shape, because it is a package of the user's project. */
interface DbtTransformer {
  run(request: {
    readonly destination: Destination
    readonly dataset: string
    readonly baseDirectory: string
    readonly signal: AbortSignal
    readonly onProgress: (event: DbtEvent) => void
  }): Promise<{ toString(): string }>
  generate(request: {
    readonly schema: SchemaDocument
    readonly dataset: string
    readonly baseDirectory: string
    readonly exclude?: readonly string[]
  }): Promise<readonly { readonly path: string; readonly action: "created" | "updated" | "unchanged" | "kept" }[]>
}

/**
 * Runs one command of dbt on the dataset of a pipeline.
 * @throws LadingError `plugin-not-found` without the transformer's package, and as `Dbt.run` of it
 */
export async function dbtCommand(session: Session, command: string, options: DbtArguments): Promise<void> {
  const { io, isJson } = session
  const resolved = await resolvePipeline(await oneDatasetOptions(io, options.file, options))
  const transformer = await createTransformer(resolved, { ...runOptions(options), commands: [command], ...withFolder(command, options) })
  const interrupt = listenForInterrupt(io, { message: "dbt was told to stop", hint: "models that were finished stay; run again" })
  const reporter = createDbtReporter(io.stderr)
  try {
    const { destination, dataset, context } = resolved
    const request = { destination, dataset, baseDirectory: context.baseDirectory, signal: interrupt.signal }
    const result = await transformer.run({ ...request, onProgress: (event) => reporter.report(event) })
    reporter.end()
    if (isJson) return await writeJson(session, { dbt: result })
    await io.stdout.write(`${printableLines(result.toString())}\n`)
  } finally {
    reporter.end()
    interrupt.end()
  }
}

/**
 * Writes sources and staging models for what is loaded.
 * @throws LadingError `plugin-not-found`, `dataset-missing` when nothing is loaded, `usage` when the dataset has several schemas
 */
export async function generateCommand(session: Session, options: GenerateArguments): Promise<void> {
  const { io, isJson } = session
  const given = await oneDatasetOptions(io, options.file, options)
  const resolved = await resolvePipeline(given)
  const transformer = await createTransformer(resolved, {
    ...(options.project === undefined ? {} : { project: options.project }),
  })
  const { dataset, context } = resolved
  const schema = chooseSchema(await readSchemas(given), options.schema, dataset)
  const { exclude } = options
  const request = { schema, dataset, baseDirectory: context.baseDirectory, ...(exclude === undefined ? {} : { exclude }) }
  const files = await transformer.generate(request)
  if (isJson) return writeJson(session, { files })
  const { dim } = pc.createColors(io.stdout.hasColor)
  const notes = { created: "+", updated: "~", unchanged: " ", kept: " " } as const
  const lines = files.map(
    ({ path, action }) => `  ${notes[action]} ${path}${action === "kept" ? dim("  kept: it was changed by hand") : ""}`,
  )
  await io.stdout.write(`${lines.join("\n")}\n`)
}

async function createTransformer(
  { options, context }: ResolvedPipeline,
  given: Readonly<Record<string, unknown>>,
): Promise<DbtTransformer> {
  const { baseDirectory, configuration, name: pipeline } = options
  const registry = createRegistry({ baseDirectory, configuration, pipeline, label: "option" })
  const create = (more: Readonly<Record<string, unknown>>): Promise<unknown> =>
    registry.create("transformer", "dbt", { ...more, ...given }, context)
  const made = await create({}).catch((error: unknown) => {
    const isWithoutProject = isLadingError(error) && error.code === "config-missing" && String(error.details.options) === "project"
    if (!isWithoutProject) throw error
    return create({ project: "dbt" })
  })
  return made as DbtTransformer
}

function runOptions(options: DbtArguments): Record<string, unknown> {
  const { project, select, exclude, vars, fullRefresh, failFast, threads, target, targetSchema: schema } = options
  const given = { project, select, exclude, vars, fullRefresh, failFast, threads, target, schema }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** The documentation needs a folder to be found in. */
function withFolder(command: string, { artifacts }: DbtArguments): { readonly artifacts?: string } {
  if (artifacts !== undefined) return { artifacts }
  return command === "docs generate" ? { artifacts: ".lading/dbt-docs" } : {}
}

function chooseSchema(schemas: readonly SchemaDocument[], name: string | undefined, dataset: string): SchemaDocument {
  const names = schemas.map((schema) => schema.name).join(", ")
  const [first, second] = name === undefined ? schemas : schemas.filter((schema) => schema.name === name)
  if (first !== undefined && second === undefined) return first
  if (schemas.length === 0) {
    throw new LadingError({ code: "dataset-missing", message: `nothing is loaded into dataset ${dataset} yet`, hint: "lading run" })
  }
  throw new LadingError({
    code: "usage",
    message: first === undefined ? `dataset ${dataset} has no schema ${name}` : `dataset ${dataset} has several schemas`,
    hint: `say which one: --schema <name>; there are ${names}`,
  })
}
