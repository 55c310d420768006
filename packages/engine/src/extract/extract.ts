import { type Batch, type ExtractContext, isLadingError, LadingError, type Resource, type RowBatch, type Yield } from "@lading/core"
import type { IncrementalCursor } from "./incremental.ts"
import { parseLines } from "./parse-lines.ts"
import { Steps } from "./steps.ts"
import { validateRows } from "./validate.ts"

/** Rows a single-row resource is gathered into before they go on. */
const gatheredRows = 2_000

/** Rows that left the stream before the normalizer, and why. */
export interface ExtractCounters {
  filtered: number
  deduplicated: number
}

export interface ExtractJob {
  readonly resource: Resource
  readonly context: ExtractContext
  readonly cursor: IncrementalCursor | undefined
  readonly counters: ExtractCounters
}

/**
 * Reads a resource batch by batch: gathers single rows, runs its steps, applies its cursor. A batch is valid until the next one is
 * pulled.
 * @throws LadingError `extract-failed` around whatever the resource throws
 */
export async function* extract(job: ExtractJob): AsyncGenerator<Batch> {
  const { resource, context } = job
  const steps = new Steps(resource.steps, job.counters)
  try {
    for await (const batch of batches(resource, context)) {
      context.signal.throwIfAborted()
      yield* process(batch, job, steps)
      if (steps.isDone) return
    }
  } catch (error) {
    throw wrap(resource.name, error, context.signal)
  }
}

/** Batches as the resource yields them, with single rows gathered. */
async function* batches(resource: Resource, context: ExtractContext): AsyncGenerator<Batch> {
  let gathered: unknown[] = []
  for await (const item of await resource.read(context)) {
    const batch = toBatch(item)
    if (batch === undefined) {
      gathered.push(item)
      if (gathered.length < gatheredRows) continue
    } else if (gathered.length === 0) {
      yield batch
      continue
    }
    yield { kind: "rows", rows: gathered }
    gathered = []
    if (batch !== undefined) yield batch
  }
  if (gathered.length > 0) yield { kind: "rows", rows: gathered }
}

function toBatch(item: Yield): Batch | undefined {
  if (Array.isArray(item)) return { kind: "rows", rows: item }
  return isBatch(item) ? item : undefined
}

function isBatch(item: unknown): item is Batch {
  if (typeof item !== "object" || item === null || !("kind" in item)) return false
  return (
    (item.kind === "rows" && "rows" in item && Array.isArray(item.rows)) ||
    (item.kind === "json-lines" && "bytes" in item && item.bytes instanceof Uint8Array) ||
    (item.kind === "rejects" && "rejects" in item && Array.isArray(item.rejects))
  )
}

/** What is left of a batch after row schema, steps and cursor. */
async function* process(batch: Batch, { resource, cursor, counters }: ExtractJob, steps: Steps): AsyncGenerator<Batch> {
  const { schema, contract } = resource.hints
  if (batch.kind === "rejects" || (batch.kind === "json-lines" && cursor === undefined && steps.isEmpty && schema === undefined)) {
    yield batch
    return
  }
  const needsPlainRows = !steps.isEmpty || schema !== undefined
  const { rows, rejects } = batch.kind === "rows" ? { rows: batch, rejects: undefined } : parseLines(batch, { plain: needsPlainRows })
  if (rejects !== undefined) yield rejects
  const present = withoutNulls(rows, counters)
  const isFrozen = contract === "freeze" || (typeof contract === "object" && contract.dataType === "freeze")
  // Before the steps, which are written for what the schema returns.
  const valid = schema === undefined ? { rows: present, rejects: undefined } : await validateRows(present, schema, isFrozen)
  if (valid.rejects !== undefined) yield valid.rejects
  const admitted = admit(steps.apply(valid.rows), cursor, steps, counters)
  if (admitted.rows.length > 0) yield admitted
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

function wrap(resource: string, error: unknown, signal: AbortSignal): unknown {
  if (isLadingError(error) || signal.aborted) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new LadingError({
    code: "extract-failed",
    message: `resource ${resource} failed: ${reason}`,
    hint: "nothing of this load was committed; the next run starts at the same place",
    details: { resource },
    cause: error,
  })
}
