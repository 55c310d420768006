import { describe, expect, it } from "vitest"
import { readBatch } from "../columns/read-batch.ts"
import { encodeUtf8 } from "../hash/utf8.ts"
import { createNormalizer } from "./fixtures/create-normalizer.ts"

type Row = Record<string, unknown>

/** Pushes lines through the byte lane in chunks, and gives the rows of the root table without system columns. */
function push(lines: readonly string[], { chunk = lines.length, end = "\n" } = {}) {
  const { normalizer, target } = createNormalizer({}, true)
  const rows: Row[] = []
  const take = () => {
    for (const batch of normalizer.takeBatches(0)) {
      if (batch.table === "t") rows.push(...readBatch(batch).map(withoutLinks))
    }
  }
  for (let i = 0; i < lines.length; i += chunk) {
    normalizer.pushJsonLines(target, encodeUtf8(lines.slice(i, i + chunk).join("\n") + end))
    if (i % (4 * chunk) === 0) take()
  }
  take()
  return { rows, misses: normalizer.laneMisses, rejects: normalizer.takeRejects().map(({ code, ordinal }) => ({ code, ordinal })) }
}

const withoutLinks = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([key]) => !key.startsWith("_dlt_")))

describe("the byte lane", () => {
  it.each([
    ["compact", (value: unknown) => JSON.stringify(value)],
    ["spaced", (value: unknown) => JSON.stringify(value, null, 1).replaceAll("\n", "\t ")],
    ["spaced before colons", (value: unknown) => JSON.stringify(value).replaceAll('":', '" : ')],
  ])("takes every record of a known shape, written %s", (_, write) => {
    const record = (i: number) => ({
      id: i,
      s: `n${i}`,
      d: i / 8 + 0.5,
      b: i % 2 === 0,
      o: { x: -i },
      l: [{ k: i }],
      tags: ["a"],
      e: {},
      n: null,
    })
    const { rows, misses } = push(
      Array.from({ length: 500 }, (_, i) => write(record(i))),
      { chunk: 50 },
    )
    expect(rows.length).toBe(500)
    expect(rows[499]).toEqual({ id: 499, s: "n499", d: 62.875, b: false, o__x: -499 })
    expect(misses).toBe(1)
  })

  it("counts the records it left to the objects lane", () => {
    expect(push(['{"a":1}', '{"a":2}', '{"a":2.5}', '{"a":3}', '{"b":1}', '{"b":2,"a":1}']).misses).toBe(3)
    expect(push(['{"Straße":"ß"}', '{"Straße":"ü"}']).misses).toBe(1)
  })

  it("reads escapes, quotes and text beyond ASCII at every distance from a word's border and from the end of the bytes", () => {
    const tails = ["", "\n", '"', "\\", "\u00e9", "\u{1f600}", "\u0001", 'a\\\\"', '""""', "\u{1f600}\n\u{1f600}"]
    const texts = tails
      .flatMap((tail) => Array.from({ length: 10 }, (_, length) => ["x".repeat(length) + tail, `${"x".repeat(length) + tail}yz`]))
      .flat()
    const escaped = (text: string) =>
      JSON.stringify(text).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    for (const write of [JSON.stringify, escaped]) {
      const lines = ["first", ...texts].map((text) => `{"a":${write(text)}}`)
      for (const chunk of [lines.length, 1]) {
        const { rows, misses } = push(lines, { chunk, end: "" })
        expect(rows.map((row) => row["a"])).toEqual(["first", ...texts])
        expect(misses).toBe(1)
      }
    }
  })

  it("takes a record of a megabyte", () => {
    const text = "0123456789\u00fc".repeat(100_000)
    const { rows, misses } = push(['{"a":"short"}', `{"a":"${text}"}`, '{"a":"short again"}'])
    expect(rows.map((row) => row["a"])).toEqual(["short", text, "short again"])
    expect(misses).toBe(1)
  })

  it("gives back every value through growth and through batches of unlike size", () => {
    const record = (i: number) => ({
      i: i * 1e9 - 7,
      s: "s".repeat(i % 300),
      d: (i % 1000) / 7,
      b: i % 3 === 0,
      at: new Date(i * 1e8).toISOString(),
    })
    const count = 6_000
    const { rows, misses } = push(
      Array.from({ length: count }, (_, i) => JSON.stringify(record(i + 1))),
      { chunk: 700 },
    )
    expect(rows).toEqual(Array.from({ length: count }, (_, i) => ({ ...record(i + 1), at: (i + 1) * 1e11 })))
    // Doubles of more than 15 digits are for the objects lane.
    expect(misses).toBeLessThan(count)
  })

  it("never completes a record with the bytes of the next line", () => {
    const cut = ['{"a":1', '{"a":1,', '{"a":', '{"a"', '{"a":"x', '{"o":{"b":1', '{"l":[1', '{"l":[1,']
    for (const line of cut) {
      const { rows, rejects } = push(['{"a":1,"o":{"b":1},"l":[1]}', line, "}", '"b":2}', " ]}", '{"a":2}'])
      expect(rows.map((row) => row["a"])).toEqual([1, 2])
      expect(rejects.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4])
    }
  })
})
