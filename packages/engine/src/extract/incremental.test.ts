import { hashRow, type IncrementalHints, type IncrementalState, parseJsonExact } from "@lading/core"
import { describe, expect, it } from "vitest"
import { IncrementalCursor } from "./incremental.ts"

interface RunResult {
  readonly kept: readonly unknown[]
  readonly verdicts: readonly string[]
  readonly state: IncrementalState | undefined
}

/** One run over rows; `stored` is the state of the run before. */
function run(
  hints: Partial<IncrementalHints>,
  rows: readonly unknown[],
  stored?: IncrementalState,
  primaryKey?: string | readonly string[],
): RunResult {
  const cursor = new IncrementalCursor({ cursor: "at", ...hints }, primaryKey, stored)
  const verdicts = rows.map((row) => cursor.admit(row))
  return { kept: rows.filter((_, i) => verdicts[i] === "keep"), verdicts, state: cursor.state() }
}

/** Several runs, each on the state of the one before. */
function runs(hints: Partial<IncrementalHints>, batches: readonly (readonly unknown[])[], primaryKey?: string): RunResult[] {
  const results: RunResult[] = []
  for (const rows of batches) results.push(run(hints, rows, results.at(-1)?.state, primaryKey))
  return results
}

const at = (value: unknown, id: unknown = value): object => ({ id, at: value })
const numbers = (from: number, to: number): object[] => Array.from({ length: to - from + 1 }, (_, i) => at(from + i))

describe("an incremental cursor", () => {
  it("keeps what is newer, and leaves out the row at the boundary that it has seen", () => {
    const [first, second] = runs(
      {},
      [
        [at(1), at(2), at(3)],
        [at(3), at(4)],
      ],
      "id",
    )
    expect(first?.kept).toHaveLength(3)
    expect(second?.verdicts).toEqual(["deduplicated", "keep"])
    expect(second?.state).toMatchObject({ last: { value: 4 }, uniqueHashes: [hashRow(4)], start: { value: 3 } })
  })

  it("knows rows by their whole content without a key, and remembers every content at the boundary", () => {
    const [first, second, third] = runs({}, [[at(3, "a")], [at(3, "b")], [at(3, "a"), at(3, "b"), at(3, "c")]])
    expect(first?.state?.uniqueHashes).toHaveLength(1)
    expect(second?.verdicts).toEqual(["keep"])
    expect(second?.state?.uniqueHashes).toHaveLength(2)
    expect(third?.verdicts).toEqual(["deduplicated", "deduplicated", "keep"])
  })

  it("lets a row with a value of no data type pass, which the normalizer rejects in every run", () => {
    const bad = { ...at(3), wrong: () => 1 }
    const [first, second] = runs({}, [
      [at(3, "a"), bad],
      [at(3, "a"), bad],
    ])
    expect(first?.state?.uniqueHashes).toHaveLength(1)
    expect(second?.verdicts).toEqual(["deduplicated", "keep"])
  })

  it("loads the boundary again in every run, and keeps no hashes, when the boundary key is empty", () => {
    const [, second] = runs({ boundaryKey: [] }, [[at(3)], [at(3)]], "id")
    expect(second?.verdicts).toEqual(["keep"])
    expect(second?.state?.uniqueHashes).toEqual([])
  })

  it("reads from the initial value up to the end, exclusively, and then keeps no state", () => {
    const { kept, state } = run({ initialValue: 5, endValue: 10 }, numbers(0, 12))
    expect(kept).toEqual(numbers(5, 9))
    expect(state).toBeUndefined()
  })

  it("does not mind the stored state when it has an end", () => {
    const stored = run({}, [at(100)]).state
    expect(run({ initialValue: 1, endValue: 3 }, numbers(0, 4), stored).kept).toEqual(numbers(1, 2))
  })

  it("keeps late rows between the start and what this run has reached", () => {
    expect(run({ initialValue: 1 }, [at(9), at(1), at(5), at(0)]).verdicts).toEqual(["keep", "keep", "keep", "filtered"])
  })

  it("never drops duplicates within one run", () => {
    expect(run({}, [at(1), at(1), at(1)], undefined, "id").kept).toHaveLength(3)
  })

  it("goes downwards with direction min", () => {
    const [first, second] = runs(
      { direction: "min", initialValue: 10 },
      [
        [at(11), at(10), at(7)],
        [at(8), at(7), at(6)],
      ],
      "id",
    )
    expect(first?.verdicts).toEqual(["filtered", "keep", "keep"])
    expect(second?.verdicts).toEqual(["filtered", "deduplicated", "keep"])
    expect(second?.state?.last?.value).toBe(6)
  })

  it("starts earlier by its lag, keeps no hashes, and never moves back", () => {
    const [first, second] = runs({ lag: 3600 }, [
      [at("2024-01-01T00:00:00Z"), at("2024-01-01T12:00:00Z")],
      [at("2024-01-01T10:59:59Z"), at("2024-01-01T11:00:00Z"), at("2024-01-01T11:30:00Z")],
    ])
    expect(second?.verdicts).toEqual(["filtered", "keep", "keep"])
    expect(second?.state?.last).toEqual(first?.state?.last)
    expect(second?.state?.uniqueHashes).toEqual([])
  })

  it("never starts before its initial value because of a lag", () => {
    const [, second] = runs({ lag: 10, initialValue: 5 }, [[at(8)], numbers(3, 6)])
    expect(second?.kept).toEqual(numbers(5, 6))
  })

  it("moves up by its lag with direction min", () => {
    const [, second] = runs({ lag: 2, direction: "min" }, [[at(8)], numbers(7, 11)])
    expect(second?.kept).toEqual(numbers(7, 10))
  })

  it.each([
    ["include", ["keep", "keep"]],
    ["exclude", ["filtered", "filtered"]],
  ] as const)("lets rows without a value pass or not, in every run: %s", (onMissing, verdicts) => {
    const rows = [{ id: 1 }, { id: 2, at: null }]
    expect(run({ onMissing }, rows).verdicts).toEqual(verdicts)
    expect(run({ onMissing }, rows, run({ onMissing }, [at(5)]).state).verdicts).toEqual(verdicts)
  })

  it("refuses a row without a value, and names it by its key", () => {
    expect(() => run({}, [{ id: 7 }], undefined, "id")).toThrow(
      expect.objectContaining({ code: "cursor-missing", message: "a row has no value for the cursor at (id 7)" }),
    )
  })

  it("refuses values that cannot be compared", () => {
    expect(() => run({ initialValue: "2024-01-01" }, [at(5)])).toThrow(expect.objectContaining({ code: "cursor-incomparable" }))
  })

  it("uses its own boundary key rather than the primary key", () => {
    const [, second] = runs({ boundaryKey: "id" }, [[{ id: 1, other: 1, at: 3 }], [{ id: 1, other: 2, at: 3 }]], "other")
    expect(second?.verdicts).toEqual(["deduplicated"])
  })

  it("compares timestamps as instants, whatever their offset", () => {
    const [, second] = runs(
      {},
      [[at("2024-01-01T12:00:00+02:00", 1)], [at("2024-01-01T10:00:00Z", 1), at("2024-01-01T11:59:59+02:00", 2)]],
      "id",
    )
    expect(second?.verdicts).toEqual(["deduplicated", "filtered"])
  })

  it("finds its value along a path of keys, in parsed JSON as well", () => {
    const rows = [{ meta: { at: 1 } }, parseJsonExact('{"meta": {"at": 2}}')]
    expect(run({ cursor: "meta.at" }, rows).state?.last?.value).toBe(2)
  })

  it("keeps the stored state when a run brings nothing, and starts one with the initial value", () => {
    const { state } = run({}, [at(5)])
    expect(run({}, [], state).state).toEqual(state)
    expect(run({ initialValue: 5 }, []).state).toMatchObject({ initial: { value: 5 }, last: { value: 5 }, uniqueHashes: [] })
  })

  it("remembers thousands of rows at one boundary", () => {
    const rows = Array.from({ length: 2_500 }, (_, id) => at(1, id))
    const [first, second] = runs({}, [rows, rows], "id")
    expect(first?.state?.uniqueHashes).toHaveLength(2_500)
    expect(new Set(second?.verdicts)).toEqual(new Set(["deduplicated"]))
  })

  it.each<readonly [string, readonly unknown[], readonly unknown[], unknown]>([
    ["big integers beyond 2^53", [9007199254740993n, 9007199254740994n], [9007199254740993n, 9007199254740995n], 9007199254740995n],
    ["integers that grow big", [1, 2], [2, 2n ** 64n], 2n ** 64n],
    ["strings by code point", ["a", "b"], ["a", "bb"], "bb"],
    [
      "ISO texts with offsets",
      ["2024-01-01T12:00:00+02:00", "2024-01-01T10:30:00Z"],
      ["2024-01-01T12:29:59+02:00", "2024-01-01T09:31:00-01:00"],
      "2024-01-01T09:31:00-01:00",
    ],
    ["Dates", [new Date(1000), new Date(2000)], [new Date(1999), new Date(2001)], 2_001_000n],
    [
      "Dates after ISO texts",
      ["2024-01-01T00:00:00Z", "2024-01-01T00:00:01+00:00"],
      [new Date("2024-01-01T00:00:00Z"), new Date("2024-01-01T00:00:02Z")],
      BigInt(Date.parse("2024-01-01T00:00:02Z")) * 1000n,
    ],
  ])("moves on over %s", (_, first, second, last) => {
    const [, after] = runs({}, [first.map((value) => at(value)), second.map((value) => at(value))], "at")
    expect(after?.verdicts[0]).not.toBe("keep")
    expect(after?.verdicts[1]).toBe("keep")
    expect(after?.state?.last?.value).toBe(last)
  })
})

describe("the order of the rows", () => {
  function follow(
    hints: Partial<IncrementalHints>,
    values: readonly unknown[],
  ): { readonly read: number; readonly kept: readonly unknown[] } {
    const cursor = new IncrementalCursor({ cursor: "at", ...hints }, undefined, undefined)
    const kept: unknown[] = []
    let read = 0
    for (const value of values) {
      if (cursor.isPastRange) break
      read++
      if (cursor.admit(at(value)) === "keep") kept.push(value)
    }
    return { read, kept }
  }

  it("ends reading at the end value when it is ascending", () => {
    expect(follow({ rowOrder: "asc", initialValue: 2, endValue: 4 }, [1, 2, 3, 3, 4, 5, 6])).toEqual({ read: 5, kept: [2, 3, 3] })
  })

  it("ends reading below the start when it is descending, the start itself included", () => {
    expect(follow({ rowOrder: "desc", initialValue: 10 }, [12, 11, 10, 10, 9, 8])).toEqual({ read: 5, kept: [12, 11, 10, 10] })
  })

  it("goes along the direction of the cursor", () => {
    expect(follow({ rowOrder: "asc", direction: "min", initialValue: 9, endValue: 6 }, [9, 8, 7, 6, 5])).toEqual({
      read: 4,
      kept: [9, 8, 7],
    })
    expect(follow({ rowOrder: "desc", direction: "min", initialValue: 7 }, [5, 6, 7, 8, 9])).toEqual({ read: 4, kept: [5, 6, 7] })
  })

  it("says nothing where there is no bound, and rows without a value do not count", () => {
    expect(follow({ rowOrder: "asc", onMissing: "include" }, [1, null, 2]).read).toBe(3)
    expect(follow({ rowOrder: "desc" }, [3, 2, 1]).read).toBe(3)
  })

  it.each([
    ["asc", [1, 3, 2]],
    ["desc", [3, 1, 2]],
  ] as const)("fails the run where the rows are not %s", (rowOrder, values) => {
    expect(() => follow({ rowOrder }, values)).toThrow(expect.objectContaining({ code: "cursor-disordered" }))
  })
})

describe("the range that a resource is told", () => {
  function view(hints: Partial<IncrementalHints>, stored?: IncrementalState) {
    return new IncrementalCursor({ cursor: "at", ...hints }, undefined, stored).view
  }

  it("has start, end and initial value, and a last value that follows the rows", () => {
    const cursor = new IncrementalCursor({ cursor: "at", initialValue: 3, endValue: 9 }, undefined, undefined)
    const range = cursor.view
    expect([range.start, range.end, range.initialValue, range.lastValue]).toEqual([3, 9, 3, 3])
    cursor.admit(at(5))
    expect([range.start, range.lastValue]).toEqual([3, 5])
  })

  it("starts at the stored value less the lag", () => {
    expect(view({ lag: 60 }, run({}, [at("2024-01-01T00:10:00Z")]).state).start).toBe("2024-01-01T00:09:00Z")
  })

  it.each<readonly [unknown, unknown]>([
    ["2024-01-01T00:00:00+02:00", "2024-01-01T00:00:00+02:00"],
    [2n ** 63n, 2n ** 63n],
    ["abc", "abc"],
    [1.5, 1.5],
    [new Date("2024-01-01T00:00:00.123Z"), new Date("2024-01-01T00:00:00.123Z")],
  ])("has the values as they are: %s", (initialValue, expected) => {
    expect(view({ initialValue }).start).toEqual(expected)
  })

  it("rounds what is finer than a Date so that no row is left out", () => {
    const stored = (value: bigint): IncrementalState => ({
      initial: undefined,
      last: { type: "timestamp", value },
      uniqueHashes: [],
      start: undefined,
    })
    expect(view({}, stored(1_500_999n)).start).toEqual(new Date(1500))
    expect(view({}, stored(-1_500_999n)).start).toEqual(new Date(-1501))
    expect(view({ direction: "min" }, stored(1_500_001n)).start).toEqual(new Date(1501))
  })

  it("gives dates without a time as texts", () => {
    const stored: IncrementalState = { initial: undefined, last: { type: "date", value: 19_723 }, uniqueHashes: [], start: undefined }
    expect(view({}, stored).start).toBe("2024-01-01")
  })

  it("is empty without a cursor value", () => {
    expect(view({})).toEqual({ start: undefined, end: undefined, initialValue: undefined, lastValue: undefined })
  })
})
