import { existsSync } from "node:fs"
import { basename, resolve } from "node:path"
import { isLadingError, LadingError } from "@lading/core"
import type { Pipeline, PipelineOptions } from "@lading/engine"
import type { Io } from "./io.ts"

/** Names that a pipeline file has when none is given. */
const defaultFiles = ["pipeline.ts", "pipeline.mts", "pipeline.js", "pipeline.mjs"] as const

/** Which pipelines of which file, and what the command line says in place of their own options. */
export interface PipelineSelection {
  readonly file?: string | undefined
  /** Only the pipeline of this name. */
  readonly name?: string | undefined
  readonly options?: Partial<PipelineOptions>
}

/**
 * Imports the pipelines that a file exports by default: one, a list of them, or a function that returns either.
 * @throws LadingError `pipeline-not-found`, `pipeline-failed` around whatever the file throws, `not-a-pipeline`
 */
export async function loadPipelines(io: Io, { file, name, options = {} }: PipelineSelection): Promise<readonly Pipeline[]> {
  const path = findFile(io.cwd, file)
  const exported = await importDefault(io, path)
  const all = Array.isArray(exported) ? exported : [exported]
  if (all.length === 0 || !all.every(isPipeline)) throw notAPipeline(basename(path))
  const selected = all.filter((pipeline) => name === undefined || pipeline.options.name === name)
  if (selected.length === 0) throw noSuchName(basename(path), name, all)
  return selected.map((pipeline) => configured(pipeline, io.cwd, options))
}

/**
 * The one pipeline of a file.
 * @throws LadingError as `loadPipelines`, and `usage` when there are several
 */
export async function loadPipeline(io: Io, selection: PipelineSelection): Promise<Pipeline> {
  const [only, second, ...rest] = await loadPipelines(io, selection)
  if (only !== undefined && second === undefined) return only
  const names = [only, second, ...rest].map((pipeline) => pipeline?.options.name).join(", ")
  throw new LadingError({
    code: "usage",
    message: `the file exports several pipelines: ${names}`,
    hint: "say which one: --pipeline <name>",
  })
}

/** True when a folder holds a pipeline file under one of its usual names. */
export function hasPipelineFile(folder: string): boolean {
  return defaultFiles.some((name) => existsSync(resolve(folder, name)))
}

function findFile(cwd: string, file: string | undefined): string {
  const candidates = file === undefined ? defaultFiles : [file]
  const found = candidates.map((name) => resolve(cwd, name)).find((path) => existsSync(path))
  if (found !== undefined) return found
  throw new LadingError({
    code: "pipeline-not-found",
    message: `no pipeline file here: looked for ${candidates.join(", ")}`,
    hint: "name the file: lading run <file>, or start a project: lading init demo",
    details: { candidates },
  })
}

async function importDefault(io: Io, path: string): Promise<unknown> {
  try {
    const { default: exported } = await io.importModule(path)
    return await (typeof exported === "function" ? exported() : exported)
  } catch (error) {
    if (isLadingError(error)) throw error
    const reason = error instanceof Error ? error.message : String(error)
    const missing = /Cannot find (?:package|module) '([^'./][^']*)'/.exec(reason)?.[1]
    throw new LadingError({
      code: "pipeline-failed",
      message: `${basename(path)} failed while it was loaded: ${reason}`,
      hint: missing === undefined ? "correct the file; --debug shows where" : "npm install",
      cause: error,
    })
  }
}

/** Told by its shape, because the pipeline may come from another copy of the engine. */
function isPipeline(value: unknown): value is Pipeline {
  if (typeof value !== "object" || value === null) return false
  const { options, run, configure }: { options?: unknown; run?: unknown; configure?: unknown } = value
  return typeof options === "object" && options !== null && typeof run === "function" && typeof configure === "function"
}

/** Paths of a pipeline file are meant from where the command runs, unless the file says otherwise. */
function configured(pipeline: Pipeline, cwd: string, changes: Partial<PipelineOptions>): Pipeline {
  const baseDirectory = pipeline.options.baseDirectory ?? pipeline.options.context?.baseDirectory ?? cwd
  return pipeline.configure({ baseDirectory, ...changes })
}

function notAPipeline(file: string): LadingError {
  return new LadingError({
    code: "not-a-pipeline",
    message: `the default export of ${file} is not a pipeline`,
    hint: `end the file with: export default pipeline({ name: "...", destination: ... }).with(resources)`,
  })
}

function noSuchName(file: string, name: string | undefined, all: readonly Pipeline[]): LadingError {
  return new LadingError({
    code: "usage",
    message: `${file} exports no pipeline ${name}`,
    hint: `it exports ${all.map(({ options }) => options.name).join(", ")}`,
  })
}
