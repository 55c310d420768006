import { type Destination, isLadingError, LadingError } from "@lading/core"
import type { OnDbtProgress } from "./progress.ts"
import type { CommittedLoads, DbtRunRequest } from "./request.ts"
import { type DbtResult, resultColumns, resultRows, resultsTable } from "./result.ts"

/** What of a pipeline is used; a pipeline of `lading` has it. */
export interface LoadedPipeline {
  readonly options: { readonly destination: Destination | string; readonly baseDirectory?: string }
  run(
    rows: readonly unknown[],
    options: {
      readonly table: string
      readonly writeDisposition: "append"
      readonly columns: typeof resultColumns
      readonly signal?: AbortSignal
    },
  ): Promise<unknown>
}

/** What of a receipt is used; a receipt of `lading` has it. */
export interface LoadReceipt extends CommittedLoads {
  readonly dataset: string
  readonly warnings: readonly string[]
  toString(): string
}

/** What became of dbt after a load. */
export type DbtOutcome =
  | { readonly status: "succeeded"; readonly result: DbtResult }
  | { readonly status: "failed"; readonly result: DbtResult; readonly error: LadingError }
  /** dbt did not start; the load is committed all the same. */
  | { readonly status: "did-not-run"; readonly error: LadingError }

/** A receipt with what became of dbt after the load. */
export type AfterReceipt<Receipt extends LoadReceipt> = Receipt & { readonly dbt: DbtOutcome }

/** How dbt is run after a load. */
export interface AfterOptions {
  /** For a pipeline that names its destination with a text. */
  readonly destination?: Destination
  /** Default `throw`; `report`: the receipt tells of the failure, and nothing is thrown. */
  readonly onFailure?: "throw" | "report"
  readonly signal?: AbortSignal
  readonly onProgress?: OnDbtProgress
}

/** Runs dbt, loads its results, and says in the receipt what became of it. */
export async function runAfterLoad<Receipt extends LoadReceipt>(
  run: (request: DbtRunRequest) => Promise<DbtResult>,
  pipeline: LoadedPipeline,
  receipt: Receipt,
  options: AfterOptions,
): Promise<AfterReceipt<Receipt>> {
  const { signal, onFailure = "throw" } = options
  const outcome = await attempt(run, pipeline, receipt, options)
  const result = outcome.status === "did-not-run" ? undefined : outcome.result
  if (result !== undefined && result.nodes.length > 0)
    await pipeline.run(resultRows(result), {
      ...{ table: resultsTable, writeDisposition: "append", columns: resultColumns },
      ...(signal === undefined ? {} : { signal }),
    })
  const after = withOutcome(receipt, outcome)
  if (outcome.status === "succeeded" || onFailure === "report") return after
  throw withReceipt(outcome.error, after)
}

async function attempt(
  run: (request: DbtRunRequest) => Promise<DbtResult>,
  pipeline: LoadedPipeline,
  receipt: LoadReceipt,
  { destination: given, signal, onProgress }: AfterOptions,
): Promise<DbtOutcome> {
  const { baseDirectory } = pipeline.options
  try {
    const result = await run({
      ...{ destination: destinationOf(pipeline, given), dataset: receipt.dataset, receipt },
      ...(baseDirectory === undefined ? {} : { baseDirectory }),
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    })
    return { status: "succeeded", result }
  } catch (error) {
    if (!isLadingError(error)) throw error
    const { result } = error.details
    return isResult(result) ? { status: "failed", result, error } : { status: "did-not-run", error }
  }
}

function destinationOf({ options }: LoadedPipeline, given: Destination | undefined): Destination {
  const destination = given ?? options.destination
  if (typeof destination !== "string") return destination
  throw new LadingError({
    code: "invalid-options",
    message: `dbt needs the destination itself, and this pipeline names it: "${destination}"`,
    hint: "Give the pipeline a configured destination, such as duckdb({ path }), or runAfter(pipeline, receipt, { destination }).",
  })
}

function isResult(value: unknown): value is DbtResult {
  return typeof value === "object" && value !== null && "nodes" in value && "loadIds" in value
}

function withOutcome<Receipt extends LoadReceipt>(receipt: Receipt, outcome: DbtOutcome): AfterReceipt<Receipt> {
  const line = describe(outcome)
  const warnings = outcome.status === "succeeded" ? receipt.warnings : [...receipt.warnings, line]
  return { ...receipt, warnings, dbt: outcome, toString: () => `${receipt.toString()}\n  ${line}` }
}

function describe(outcome: DbtOutcome): string {
  if (outcome.status === "did-not-run") return `dbt did not run: ${outcome.error.code}: ${outcome.error.message}`
  if (outcome.status === "failed") return `dbt failed: ${outcome.error.code}: ${outcome.error.message}`
  return outcome.result.toString()
}

function withReceipt(error: LadingError, receipt: unknown): LadingError {
  const { code, message, hint, retryable, details } = error
  return new LadingError({
    ...{ code, message, retryable, details: { ...details, receipt }, cause: error },
    ...(hint === undefined ? {} : { hint }),
  })
}
