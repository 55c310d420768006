import { configure } from "./config/configure.ts"
import { createContext } from "./context.ts"
import { createDataset, type Dataset } from "./dataset.ts"
import { runExtract } from "./extract/run-extract.ts"
import { LoadSeries } from "./load-series.ts"
import type { PipelineOptions, RunOptions } from "./options.ts"
import { placesOf } from "./places.ts"
import { type Receipt, recoveredReceipt, toReceipt } from "./receipt.ts"
import { recover } from "./recover.ts"
import { resolveDestination } from "./registry/resolve.ts"
import { type RunData, toResources } from "./resource.ts"
import { type LeasedSession, withLease } from "./session.ts"

/** A configured way from sources to one dataset; a value that holds no connection. */
export interface Pipeline {
  readonly options: PipelineOptions
  /**
   * Extracts, normalizes, seals and commits, after healing what an earlier run left behind. Without data it loads what `with` was
   * given.
   * @throws LadingError; nothing of this run was committed, but for the packages that `commitEvery` closed before
   */
  run(data?: RunData, options?: RunOptions): Promise<Receipt>
  /** The same pipeline with its data, so that `run()` needs none. */
  with(data: RunData): Pipeline
  /** The same pipeline and data with other options. */
  configure(changes: Partial<PipelineOptions>): Pipeline
  /** Only heals: publishes or discards what earlier runs left behind. */
  recover(options?: Pick<RunOptions, "signal">): Promise<Receipt>
  /** Read access to what is loaded. */
  dataset(): Dataset
}

/**
 * Creates a pipeline.
 *
 * @example
 * const receipt = await pipeline({ name: "chess", destination: duckdb("chess.duckdb") }).run([{ id: 1 }], { table: "things" })
 * console.log(receipt.toString())
 */
export function pipeline(options: PipelineOptions): Pipeline {
  return createPipeline(options, undefined)
}

function createPipeline(options: PipelineOptions, bound: RunData | undefined): Pipeline {
  return {
    options,
    run: (data = bound, runOptions = {}) => run(options, data, runOptions),
    with: (data) => createPipeline(options, data),
    configure: (changes) => createPipeline({ ...options, ...changes }, bound),
    recover: (runOptions = {}) => run(options, undefined, runOptions),
    dataset: () => createDataset(options),
  }
}

/** The spine: recover, extract, normalize, seal, publish, receipt. */
async function run(given: PipelineOptions, data: RunData | undefined, { signal, resources, ...hints }: RunOptions): Promise<Receipt> {
  const startedAt = performance.now()
  const options = await configure(given)
  const context = createContext(options, signal)
  const onProgress = options.onProgress ?? (() => undefined)
  const selected = data === undefined ? [] : toResources(data, hints, resources)
  const destination = await resolveDestination(options, context)
  const places = placesOf(options, destination)
  const request = { dataset: places.dataset, pipeline: options.name, takeOver: options.takeOver ?? false }

  return withLease(destination, request, context, async (leased: LeasedSession) => {
    const recovered = await recover(leased, places.packages, { strict: options.strict ?? false, onProgress })
    const facts = { options, destination, dataset: places.dataset, recovered, startedAt }
    if (selected.length === 0) return recoveredReceipt(facts)

    const series = await LoadSeries.open({ leased, selected, places, destination, options, context, onProgress })
    try {
      // Extracts and normalizes; with `commitEvery` the series seals and publishes on the way, and always at the end.
      const notes = await runExtract(series.plan, series, context, { onProgress, parallel: options.parallel })
      await series.finish()
      return toReceipt(facts, series, notes)
    } catch (error) {
      if (await series.stop()) return toReceipt(facts, series, [], { wasStopped: true })
      await series.discard(error)
      throw error
    }
  })
}
