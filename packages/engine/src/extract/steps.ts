import type { PipeStep, RowBatch } from "@lading/core"
import type { ExtractCounters } from "./extract.ts"

type RowStep = Exclude<PipeStep, { readonly kind: "limit" }>

/**
 * The pipe steps of one resource during one run. Rows that a step leaves out are counted as filtered. Wherever a limit stands, it counts the
 * rows that the incremental cursor let through, as in dlt, so that repeated limited runs move on.
 */
export class Steps {
  private readonly steps: readonly RowStep[]
  private readonly counters: ExtractCounters
  /** Rows that may still pass. */
  private left: number

  constructor(steps: readonly PipeStep[], counters: ExtractCounters) {
    this.steps = steps.filter((step) => step.kind !== "limit")
    this.counters = counters
    this.left = Math.min(...steps.map((step) => (step.kind === "limit" ? step.count : Number.POSITIVE_INFINITY)))
  }

  /** True when rows pass unseen. */
  get isEmpty(): boolean {
    return this.steps.length === 0 && this.left === Number.POSITIVE_INFINITY
  }

  /** True once a limit is reached, so that nothing more needs to be read. */
  get isDone(): boolean {
    return this.left <= 0
  }

  /** Counts one row against the limit. */
  countRow(): void {
    this.left--
  }

  /** The batch after all steps but limits. */
  apply(batch: RowBatch): RowBatch {
    if (this.steps.length === 0) return batch
    const rows: unknown[] = []
    const lines: number[] = []
    const first = batch.origin?.line
    batch.rows.forEach((row, i) => {
      const before = rows.length
      this.run(row, 0, rows)
      if (rows.length === before) this.counters.filtered++
      const line = batch.lines?.[i] ?? (first === undefined ? undefined : first + i)
      if (line !== undefined) for (let made = before; made < rows.length; made++) lines.push(line)
    })
    const { origin, table } = batch
    const named = table === undefined ? {} : { table }
    return { kind: "rows", rows, ...named, ...(origin === undefined ? {} : { origin }), ...(lines.length === rows.length ? { lines } : {}) }
  }

  private run(row: unknown, from: number, out: unknown[]): void {
    let value = row
    for (let i = from; i < this.steps.length; i++) {
      const step = this.steps[i] as RowStep
      switch (step.kind) {
        case "map":
          value = step.apply(value)
          if (value === null || value === undefined) return
          break
        case "filter":
          if (!step.apply(value)) return
          break
        case "tap":
          step.apply(value)
          break
        case "flatMap":
          for (const next of step.apply(value)) this.run(next, i + 1, out)
          return
      }
    }
    out.push(value)
  }
}
