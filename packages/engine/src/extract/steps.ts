import type { PipeStep, RowBatch } from "@lading/core"
import type { ExtractCounters } from "./extract.ts"

/** The pipe steps of one resource during one run. Rows that a step leaves out are counted as filtered. */
export class Steps {
  private readonly steps: readonly PipeStep[]
  private readonly counters: ExtractCounters
  /** What each `limit` step still lets through, by its position. */
  private readonly left = new Map<number, number>()

  constructor(steps: readonly PipeStep[], counters: ExtractCounters) {
    this.steps = steps
    this.counters = counters
    steps.forEach((step, i) => {
      if (step.kind === "limit") this.left.set(i, step.count)
    })
  }

  get isEmpty(): boolean {
    return this.steps.length === 0
  }

  /** True once a limit is reached, so that nothing more needs to be read. */
  get isDone(): boolean {
    return [...this.left.values()].some((count) => count <= 0)
  }

  /** The batch after all steps. */
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
    const { origin } = batch
    return { kind: "rows", rows, ...(origin === undefined ? {} : { origin }), ...(lines.length === rows.length ? { lines } : {}) }
  }

  private run(row: unknown, from: number, out: unknown[]): void {
    let value = row
    for (let i = from; i < this.steps.length; i++) {
      const step = this.steps[i] as PipeStep
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
        case "limit": {
          const left = this.left.get(i) ?? 0
          if (left <= 0) return
          this.left.set(i, left - 1)
          break
        }
      }
    }
    out.push(value)
  }
}
