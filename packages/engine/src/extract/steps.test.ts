import type { PipeStep, RowBatch } from "@lading/core"
import { describe, expect, it } from "vitest"
import { Steps } from "./steps.ts"

const map = (apply: (row: number) => unknown): PipeStep => ({ kind: "map", apply: apply as (row: unknown) => unknown })
const filter = (apply: (row: number) => boolean): PipeStep => ({ kind: "filter", apply: apply as (row: unknown) => boolean })
const flatMap = (apply: (row: number) => Iterable<unknown>): PipeStep => ({
  kind: "flatMap",
  apply: apply as (row: unknown) => Iterable<unknown>,
})
const limit = (count: number): PipeStep => ({ kind: "limit", count })
const isEven = filter((row) => row % 2 === 0)

function apply(steps: readonly PipeStep[], ...batches: readonly (readonly unknown[])[]) {
  const counters = { filtered: 0, deduplicated: 0 }
  const run = new Steps(steps, counters)
  const rows: unknown[] = []
  let pulls = 0
  for (const batch of batches) {
    if (run.isDone) break
    pulls++
    for (const row of run.apply({ kind: "rows", rows: batch }).rows) {
      if (run.isDone) counters.filtered++
      else {
        rows.push(row)
        run.countRow()
      }
    }
  }
  return { rows, pulls, filtered: counters.filtered }
}

describe("pipe steps", () => {
  it("run in order on each row", () => {
    const seen: unknown[] = []
    const tap: PipeStep = { kind: "tap", apply: (row) => seen.push(row) }
    expect(apply([map((row) => row + 1), isEven, tap, flatMap((row) => [row, -row])], [1, 2, 3])).toMatchObject({
      rows: [2, -2, 4, -4],
      filtered: 1,
    })
    expect(seen).toEqual([2, 4])
  })

  it("count a row as filtered when nothing is left of it", () => {
    expect(apply([flatMap((row) => (row > 1 ? [] : [row]))], [1, 2, 3])).toMatchObject({ rows: [1], filtered: 2 })
    expect(apply([map((row) => (row > 1 ? null : undefined))], [1, 2])).toMatchObject({ rows: [], filtered: 2 })
  })

  it("filter and then limit: two even rows of singles take three pulls", () => {
    const singles = Array.from({ length: 10 }, (_, i) => [i])
    expect(apply([isEven, limit(2)], ...singles)).toMatchObject({ rows: [0, 2], pulls: 3 })
  })

  it("limit rows over batches, and stop pulling when the limit is reached", () => {
    expect(apply([limit(4)], [1, 2, 3], [4, 5], [6, 7])).toEqual({ rows: [1, 2, 3, 4], pulls: 2, filtered: 1 })
    expect(apply([limit(3)], [1, 2, 3], [4, 5])).toEqual({ rows: [1, 2, 3], pulls: 1, filtered: 0 })
    expect(apply([limit(0)], [1])).toMatchObject({ rows: [], pulls: 0 })
  })

  it("limit what comes out of a flatMap before them", () => {
    expect(apply([flatMap((row) => [row, row]), limit(3)], [1, 2, 3])).toMatchObject({ rows: [1, 1, 2], filtered: 3 })
  })

  it("start anew with every run", () => {
    expect([apply([limit(1)], [1, 2]).rows, apply([limit(1)], [1, 2]).rows]).toEqual([[1], [1]])
  })

  it("keep the line that each row came from", () => {
    const batch: RowBatch = { kind: "rows", rows: [1, 2, 3, 4], origin: { name: "a.ndjson", line: 10 } }
    const counters = { filtered: 0, deduplicated: 0 }
    expect(new Steps([isEven, flatMap((row) => [row, row])], counters).apply(batch).lines).toEqual([11, 11, 13, 13])
    expect(new Steps([isEven], counters).apply({ ...batch, lines: [5, 7, 9, 11] }).lines).toEqual([7, 11])
  })

  it("leave a batch as it is when there are none", () => {
    const batch: RowBatch = { kind: "rows", rows: [1] }
    expect(new Steps([], { filtered: 0, deduplicated: 0 }).apply(batch)).toBe(batch)
  })
})
