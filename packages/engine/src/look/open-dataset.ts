import { resolve } from "node:path"
import type { Destination, DestinationSession, PluginContext } from "@lading/core"
import { type ConfiguredOptions, configure } from "../config/configure.ts"
import { createContext } from "../context.ts"
import type { PipelineOptions } from "../options.ts"
import { type Places, placesOf } from "../places.ts"
import { resolveDestination } from "../registry/resolve.ts"

/** A pipeline with everything that its configuration says, before anything is connected. */
export interface ResolvedPipeline extends Places {
  readonly options: ConfiguredOptions
  readonly context: PluginContext
  readonly destination: Destination
  /** For people: the destination's kind and place. */
  readonly location: string
}

/** Completes a pipeline's options and creates its destination. @throws LadingError `config-missing`, `config-invalid`, `plugin-not-found` */
export async function resolvePipeline(given: PipelineOptions): Promise<ResolvedPipeline> {
  const options = await configure(given)
  const context = createContext(options, undefined)
  const destination = await resolveDestination(options, context)
  return { options, context, destination, location: `${destination.name} ${destination.location}`, ...placesOf(options, destination) }
}

/** Absolute path of a pipeline's work folder. @throws LadingError `config-invalid` */
export async function workDirOf(given: PipelineOptions): Promise<string> {
  const { baseDirectory, workDir } = await configure(given)
  return resolve(baseDirectory, workDir ?? ".lading")
}

/**
 * Opens a dataset for reading, without its lease and without creating anything, and gives it back whatever happens.
 * @throws LadingError of the destination, such as `dataset-missing`, `database-locked`
 */
export async function withSession<Result>(
  { options, context, destination, dataset }: ResolvedPipeline,
  work: (session: DestinationSession) => Promise<Result>,
): Promise<Result> {
  const session = await destination.open({ dataset, pipeline: options.name, mustExist: true }, context)
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}
