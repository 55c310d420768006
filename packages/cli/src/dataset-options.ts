import { LadingError } from "@lading/core"
import type { PipelineOptions } from "@lading/engine"
import type { Io } from "./io.ts"
import { loadPipeline, loadPipelines } from "./load-pipelines.ts"

/** Options that say which dataset to look at. */
export interface DatasetArguments {
  readonly pipeline?: string
  readonly destination?: string
  readonly path?: string
  readonly dataset?: string
  readonly workDir?: string
}

/**
 * The datasets that the command line means: those of a pipeline file, or the one that `--destination` and `--dataset` name.
 * @throws LadingError `usage`, and as `loadPipelines`
 */
export async function datasetOptions(io: Io, file: string | undefined, given: DatasetArguments): Promise<readonly PipelineOptions[]> {
  const named = namedDataset(io, file, given)
  if (named !== undefined) return [named]
  const pipelines = await loadPipelines(io, selection(file, given))
  return pipelines.map(({ options }) => options)
}

/** As `datasetOptions`, but exactly one. @throws LadingError `usage` when a file exports several pipelines and none is named */
export async function oneDatasetOptions(io: Io, file: string | undefined, given: DatasetArguments): Promise<PipelineOptions> {
  return namedDataset(io, file, given) ?? (await loadPipeline(io, selection(file, given))).options
}

function selection(file: string | undefined, { pipeline, dataset, workDir }: DatasetArguments) {
  const options = { ...(dataset === undefined ? {} : { dataset }), ...(workDir === undefined ? {} : { workDir }) }
  return { file, name: pipeline, options }
}

function namedDataset(io: Io, file: string | undefined, given: DatasetArguments): PipelineOptions | undefined {
  const { destination, path, dataset, workDir, pipeline } = given
  if (destination === undefined) {
    if (path !== undefined)
      throw usage("--path needs --destination", "for example --destination duckdb --path chess.duckdb --dataset player_data")
    return undefined
  }
  if (file !== undefined) throw usage("a pipeline file and --destination exclude each other", "leave one of them out")
  if (dataset === undefined) throw usage("--destination needs --dataset", "name the dataset: --dataset player_data")
  return {
    name: pipeline ?? dataset,
    destination,
    destinationOptions: path === undefined ? {} : { path },
    dataset,
    baseDirectory: io.cwd,
    ...(workDir === undefined ? {} : { workDir }),
  }
}

function usage(message: string, hint: string): LadingError {
  return new LadingError({ code: "usage", message, hint })
}
