import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { DataType } from "@lading/core"
import { expect, test } from "vitest"
import { toComparable } from "./comparable.ts"
import { defineSchema, defineTable } from "./tables.ts"
import { microsOfTime, microsOfTimestamp } from "./temporal.ts"
import { toColumn } from "./to-column.ts"
import { writePart } from "./write-part.ts"

test.each<[DataType, unknown, unknown]>([
  ["bigint", 9007199254740993n, "9007199254740993"],
  ["bigint", 5, "5n"],
  ["decimal", "1.500", "1.5"],
  ["decimal", "-0.000", "0"],
  ["decimal", 12, "12.00"],
  ["timestamp", "2024-01-01T01:00:00+01:00", "2024-01-01 00:00:00.000000Z"],
  ["timestamp", new Date(1_500), "1970-01-01T00:00:01.5"],
  ["time", "01:02", "01:02:00.000000"],
  ["json", { b: 1, a: [2] }, '{"a":[2],"b":1}'],
  ["binary", Uint8Array.of(1, 255), Buffer.from("01ff", "hex")],
  ["date", new Date("2024-02-29T00:00:00Z"), "2024-02-29"],
  ["double", "0.1", 0.1],
  ["text", null, undefined],
])("%s %s equals %s, whatever form a driver gives it", (type, left, right) => {
  const bare = typeof right === "string" && type === "bigint" ? right.replace("n", "") : right
  expect(toComparable(type, left)).toEqual(toComparable(type, bare))
})

test.each<[DataType, unknown, unknown]>([
  ["bigint", 2n ** 53n, 2n ** 53n + 1n],
  ["decimal", "0.1", "0.10000001"],
  ["timestamp", "2024-01-01T00:00:00.000001Z", "2024-01-01T00:00:00Z"],
  ["text", "a", "a "],
  ["text", "", null],
  ["binary", Uint8Array.of(0), Uint8Array.of()],
])("%s %s differs from %s", (type, left, right) => {
  expect(toComparable(type, left)).not.toEqual(toComparable(type, right))
})

test.each<[DataType, unknown]>([
  ["bool", 1],
  ["text", 5],
  ["timestamp", "yesterday"],
  ["time", "noon"],
  ["decimal", "1e5"],
  ["binary", "00"],
])("%s cannot be %s", (type, value) => {
  expect(() => toComparable(type, value)).toThrow()
})

test("times and timestamps are counted in microseconds, from year 1 on", () => {
  expect(microsOfTime("23:59:59.999999")).toBe(86_399_999_999n)
  expect(microsOfTimestamp("0001-01-01T00:00:00Z")).toBe(-62_135_596_800_000_000n)
  expect(microsOfTimestamp("1969-12-31T23:59:59.999999Z")).toBe(-1n)
  expect(microsOfTimestamp("1970-01-01T05:30:00+05:30")).toBe(0n)
})

test("a column holds its values densely and marks the rows that have one", () => {
  const column = toColumn({ name: "a", data_type: "bigint" }, "bigint", [1, null, -1n])
  expect(column).toMatchObject({ valueCount: 2, validity: Uint8Array.of(0b101), vector: { words: Int32Array.of(1, 0, -1, -1) } })
})

test("a part holds the rows, and its description says so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lading-testkit-"))
  try {
    const table = defineTable("t", { a: "bigint", b: "text", c: "json" })
    const part = await writePart(join(folder, "part.ndjson"), "ndjson", table, [{ a: 1, b: "x" }, { a: 2 }])
    expect(await readFile(part.path, "utf8")).toBe('{"a":1,"b":"x"}\n{"a":2}\n')
    expect(part).toMatchObject({ rowCount: 2, byteCount: 24, columns: [{ name: "a" }, { name: "b" }] })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test("schemas of different tables have different hashes", () => {
  const hashes = [defineTable("a", {}), defineTable("b", {})].map((table) => defineSchema([table]).version_hash)
  expect(new Set(hashes).size).toBe(2)
})
