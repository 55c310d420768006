import { isLadingError, LadingError } from "@lading/core"
import type { Pipeline, PipelineOptions, Receipt } from "@lading/engine"
import { formatRun } from "../format/receipt.ts"
import { listenForInterrupt } from "../interrupt.ts"
import { type Session, writeJson } from "../io.ts"
import { loadPipelines } from "../load-pipelines.ts"
import { createReporter } from "../progress/reporter.ts"
import { withPartial } from "../report-error.ts"

/** Options of `lading run`. */
export interface RunArguments {
  readonly pipeline?: string
  readonly workDir?: string
  readonly takeOver?: true
  readonly strict?: true
  /** Names of the resources to load. */
  readonly resources?: readonly string[]
  /** Resources that are read at the same time. */
  readonly parallel?: number
}

/**
 * Runs the pipelines of a file one after the other. The first interrupt stops the run so that nothing of it is committed, the second
 * ends the process at once.
 * @throws LadingError of the run, and `interrupted`
 */
export async function runCommand(
  session: Session,
  file: string | undefined,
  { pipeline, resources, ...given }: RunArguments,
): Promise<void> {
  const { io, isJson } = session
  const receipts: Receipt[] = []
  const interrupt = listenForInterrupt(io, {
    message: "the run was told to stop",
    hint: "nothing of this load was committed; the next run starts at the same place",
  })
  try {
    const loading = loadPipelines(io, { file, name: pipeline, options: toOptions(given) })
    const pipelines = await Promise.race([loading, interrupt.stopped])
    for (const one of pipelines) {
      const receipt = await runOne(session, one, resources, interrupt.signal)
      receipts.push(receipt)
      if (!isJson) await io.stdout.write(`${formatRun(receipt, io.stdout.hasColor)}\n`)
      if (receipt.wasStopped) throw stopped()
    }
  } catch (error) {
    throw isJson ? withPartial(error, { receipts }) : error
  } finally {
    interrupt.end()
  }
  if (isJson) await writeJson(session, { receipts })
}

async function runOne(
  { io }: Session,
  pipeline: Pipeline,
  resources: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<Receipt> {
  signal.throwIfAborted()
  const reporter = createReporter(io.stderr, pipeline.options.name)
  const { onProgress } = pipeline.options
  const watched = pipeline.configure({
    onProgress(event) {
      reporter.report(event)
      onProgress?.(event)
    },
  })
  try {
    const receipt = await watched.run(undefined, { signal, ...(resources === undefined ? {} : { resources }) })
    return hasNoData(receipt) ? { ...receipt, warnings: [...receipt.warnings, noDataWarning] } : receipt
  } catch (error) {
    throw signal.aborted && !isLadingError(error) ? signal.reason : error
  } finally {
    reporter.end()
  }
}

function toOptions({ workDir, takeOver, strict, parallel }: RunArguments): Partial<PipelineOptions> {
  return {
    ...(workDir === undefined ? {} : { workDir }),
    ...(takeOver === undefined ? {} : { takeOver }),
    ...(strict === undefined ? {} : { strict }),
    ...(parallel === undefined ? {} : { parallel }),
  }
}

const noDataWarning = "the pipeline was given nothing to load: export default pipeline({ ... }).with(resources)"

function hasNoData({ status, tables }: Receipt): boolean {
  return status === "nothing-to-load" && Object.keys(tables).length === 0
}

/** The end of a run with `commitEvery` that was told to stop: its receipt is shown, and the exit code says that there is more. */
function stopped(): LadingError {
  return new LadingError({
    code: "interrupted",
    message: "the run was told to stop",
    hint: "what was complete is committed; the next run goes on from there",
    retryable: true,
  })
}
