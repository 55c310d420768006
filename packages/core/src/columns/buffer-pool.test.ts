import { describe, expect, it } from "vitest"
import { createNormalizer } from "../normalize/fixtures/create-normalizer.ts"
import { BufferPool } from "./buffer-pool.ts"
import { readBatch } from "./read-batch.ts"

describe("a pool of memory", () => {
  it("gives memory back that is large enough and at most twice as large, the closest first", () => {
    const pool = new BufferPool()
    const [small, fitting, large] = [8192, 12_288, 40_000].map((size) => new ArrayBuffer(size))
    for (const memory of [large, small, fitting]) pool.give(memory as ArrayBuffer)
    expect(pool.take(10_000)).toBe(fitting)
    expect(pool.take(10_000).byteLength).toBe(10_000)
    expect(pool.take(8_190)).toBe(small)
    expect(pool.take(39_999)).toBe(large)
  })

  it("does not give the same memory twice, and keeps 16 MiB at most", () => {
    const pool = new BufferPool()
    const given = Array.from({ length: 20 }, () => new ArrayBuffer(2 ** 20))
    for (const memory of given) pool.give(memory)
    const taken = given.map(() => pool.take(2 ** 20))
    expect(new Set(taken).size).toBe(20)
    expect(taken.filter((memory) => given.includes(memory))).toHaveLength(16)
  })
})

it("a batch stays as it is until its memory is recycled, and later batches are right in used memory", () => {
  const { normalizer, target } = createNormalizer()
  const rows = (from: number) =>
    Array.from({ length: 3_000 }, (_, i) => ({ id: from + i, text: `row ${from + i}`, rate: (from + i) / 8, is: i % 2 === 0 }))
  let previous: ReturnType<typeof normalizer.takeBatches> = []
  for (let from = 0; from < 30_000; from += 3_000) {
    normalizer.pushRows(target, rows(from))
    const batches = normalizer.takeBatches(0)
    for (const batch of previous) {
      expect(readBatch(batch)[2_999]).toMatchObject({ id: from - 1, text: `row ${from - 1}` })
      normalizer.recycle(batch)
    }
    previous = batches
  }
  expect(previous.flatMap(readBatch)).toMatchObject(rows(27_000))
})
