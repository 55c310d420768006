import { type Batch, type ExtractContext, isLadingError, LadingError, type Resource, type RowBatch } from "@lading/core"
import type { IncrementalCursor } from "./incremental.ts"
import { parseLines } from "./parse-lines.ts"
import type { Steps } from "./steps.ts"
import { validateRows } from "./validate.ts"

/** Rows that left the stream before the normalizer, and why. */
export interface ExtractCounters {
  filtered: number
  deduplicated: number
}

/** What stands between a resource and the normalizer. */
export interface ExtractJob {
  readonly resource: Resource
  readonly context: ExtractContext
  readonly cursor: IncrementalCursor | undefined
  readonly counters: ExtractCounters
  readonly steps: Steps
  /** The rows go on to transformers, too, which expect plain objects. */
  readonly feedsOthers: boolean
}

/**
 * What is left of a batch after row schema, steps and cursor. A batch is valid until the next one is asked for.
 * @throws LadingError `extract-failed` around whatever a step throws, and the errors of row schema and cursor
 */
export async function refine(batch: Batch, job: ExtractJob): Promise<readonly Batch[]> {
  try {
    return await process(batch, job)
  } catch (error) {
    throw wrap(job.resource, error, job.context.signal)
  }
}

async function process(batch: Batch, { resource, cursor, counters, steps, feedsOthers }: ExtractJob): Promise<readonly Batch[]> {
  const { schema, contract } = resource.hints
  if (batch.kind === "rejects" || (batch.kind === "json-lines" && cursor === undefined && steps.isEmpty && schema === undefined))
    return [batch]
  const needsPlainRows = !steps.isEmpty || schema !== undefined || feedsOthers
  const parsed = batch.kind === "rows" ? { rows: batch, rejects: undefined } : parseLines(batch, { plain: needsPlainRows })
  const present = withoutNulls(parsed.rows, counters)
  const isFrozen = contract === "freeze" || (typeof contract === "object" && contract.dataType === "freeze")
  // Before the steps, which are written for what the schema returns.
  const valid = schema === undefined ? { rows: present, rejects: undefined } : await validateRows(present, schema, isFrozen)
  const admitted = admit(steps.apply(valid.rows), cursor, steps, counters)
  return [parsed.rejects, valid.rejects, admitted.rows.length > 0 ? admitted : undefined].filter((one) => one !== undefined)
}

/** A null is no row, as in dlt; it is counted as filtered. */
function withoutNulls(batch: RowBatch, counters: ExtractCounters): RowBatch {
  if (!batch.rows.some((row) => row === null || row === undefined)) return batch
  return keep(batch, counters, (row) => row !== null && row !== undefined)
}

/** Asks the cursor about each row, until the limit is reached: a row that the limit cuts must not move the cursor. */
function admit(batch: RowBatch, cursor: IncrementalCursor | undefined, steps: Steps, counters: ExtractCounters): RowBatch {
  if (cursor === undefined && steps.isEmpty) return batch
  return keep(batch, counters, (row) => {
    if (steps.isDone) return false
    const verdict = cursor?.admit(row) ?? "keep"
    if (verdict === "keep") steps.countRow()
    if (verdict === "deduplicated") {
      counters.deduplicated++
      counters.filtered--
    }
    return verdict === "keep"
  })
}

function keep(batch: RowBatch, counters: ExtractCounters, test: (row: unknown) => boolean): RowBatch {
  const kept = batch.rows.map(test)
  const rows = batch.rows.filter((_, i) => kept[i])
  counters.filtered += batch.rows.length - rows.length
  return { ...batch, rows, ...linesOf(batch, (_, i) => kept[i] === true) }
}

/** Line numbers of the rows that `test` keeps, so that a later reject still points at its line. */
export function linesOf(batch: RowBatch, test: (line: number, index: number) => boolean): { lines?: readonly number[] } {
  const first = batch.origin?.line
  const lines = batch.lines ?? (first === undefined ? undefined : batch.rows.map((_, i) => first + i))
  return lines === undefined ? {} : { lines: lines.filter(test) }
}

/** The error as the run tells it: Lading's own as they are, everything else with the name of the resource. */
export function wrap({ name, parent }: Resource, error: unknown, signal: AbortSignal): unknown {
  if (isLadingError(error) || signal.aborted) return error
  const reason = error instanceof Error ? error.message : String(error)
  const fed = parent === undefined ? "" : `, which ${parent.name} feeds,`
  return new LadingError({
    code: "extract-failed",
    message: `resource ${name}${fed} failed: ${reason}`,
    hint: "nothing of this load was committed; the next run starts at the same place",
    details: { resource: name, ...(parent === undefined ? {} : { parent: parent.name }) },
    cause: error,
  })
}
