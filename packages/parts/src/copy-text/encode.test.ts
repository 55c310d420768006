import { type ColumnVector, type DataType, LadingError, type TableBatch } from "@lading/core"
import { expect, test } from "vitest"
import { type TestValue, toColumn } from "../testing/to-column.ts"
import { encodeCopyText } from "./encode.ts"

const batch = (rowCount: number, ...columns: readonly ColumnVector[]): TableBatch => ({ table: "t", rowCount, columns })
const textOf = (pieces: readonly Uint8Array[]) => Buffer.concat(pieces).toString("utf8")

/** The lines of a column of these values. */
function lines(dataType: DataType, values: readonly (TestValue | undefined)[], options: { timezone?: boolean } = {}): readonly string[] {
  const text = textOf(encodeCopyText(batch(values.length, toColumn(dataType, values, options))))
  expect(text.endsWith("\n")).toBe(true)
  return text.slice(0, -1).split("\n")
}

test.each<readonly [string, string, string]>([
  ["plain text", "a b", "a b"],
  ["a tab", "a\tb", "a\\tb"],
  ["line ends", "a\r\nb", "a\\r\\nb"],
  ["a backslash", "\\", "\\\\"],
  ["what looks like a null", "\\N", "\\\\N"],
  ["what looks like the end of data", "\\.", "\\\\."],
  ["empty text", "", ""],
  ["characters beyond ASCII", "é日😀\ufeff", "é日😀\ufeff"],
  ["other control characters", "\b\f\v\u0001", "\b\f\v\u0001"],
  ["a long text", "x\t".repeat(100), "x\\t".repeat(100)],
])("%s", (_, value, line) => {
  expect(lines("text", [value])).toEqual([line])
})

test("a null is told from empty text", () => {
  expect(lines("text", ["", undefined, "\\N"])).toEqual(["", "\\N", "\\\\N"])
})

test("integers have all their digits", () => {
  const values = [0, -1, 9, 10, 999_999_999, 1_000_000_000, -1_000_000_001, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n]
  expect(lines("bigint", [...values, 2n ** 63n - 1n, -(2n ** 63n)])).toEqual([
    ...values.map(String),
    "9223372036854775807",
    "-9223372036854775808",
  ])
})

test("random integers of every size are written as JavaScript writes them", () => {
  let seed = 1n
  const values = Array.from({ length: 5_000 }, (_, index) => {
    seed = BigInt.asUintN(64, seed * 6364136223846793005n + 1442695040888963407n)
    return BigInt.asIntN(64, seed) >> BigInt(index % 64)
  })
  expect(lines("bigint", values)).toEqual(values.map(String))
})

test("doubles are the shortest text that reads back as the same", () => {
  const values = [0, -0, 0.1, -1.5, 1e21, 1e22, 5e-324, Number.MAX_VALUE, 2 ** 31, -(2 ** 31), Number.NaN, Infinity, -Infinity]
  const written = lines("double", values)
  expect(written).toEqual(values.map((value) => (Object.is(value, -0) ? "-0" : String(value))))
  expect(written.map(Number)).toEqual(values)
})

test("doubles of few decimals are written without a string of their own, and are the same text", () => {
  const amounts = [
    0.01,
    0.0001,
    -0.5,
    12.34,
    -99_999.99,
    0.1 + 0.2,
    1.005,
    123_456_789_012.34,
    9_007_199_254_740.992,
    2 ** 53 + 0.5,
    1e15 + 0.5,
    1e-5,
  ]
  let seed = 1
  const random = Array.from({ length: 20_000 }, (_, index) => {
    seed = (seed * 48_271) % 2_147_483_647
    return ((index % 2 === 0 ? -seed : seed) * 10 ** (index % 7)) / 10 ** (1 + (index % 6))
  })
  const values = [...amounts, ...random]
  expect(lines("double", values)).toEqual(values.map(String))
})

test("bool, decimal, wei and json are their text", () => {
  expect(lines("bool", [true, false])).toEqual(["t", "f"])
  expect(lines("decimal", ["-1.50"])).toEqual(["-1.50"])
  expect(lines("wei", ["1".repeat(77)])).toEqual(["1".repeat(77)])
  expect(lines("json", ['{"a":"x\\n"}'])).toEqual(['{"a":"x\\\\n"}'])
})

test("bytes are in hex form", () => {
  expect(lines("binary", [Uint8Array.of(0, 10, 255), new Uint8Array(0)])).toEqual(["\\\\x000aff", "\\\\x"])
})

const micros = (iso: string) => BigInt(Date.parse(iso)) * 1000n

test("timestamps have microseconds where there are any, and a zone where there is one", () => {
  const values = [0n, 1n, -1n, micros("2024-02-29T12:34:56Z") + 123_456n, micros("1600-01-01T00:00:00Z") + 7n]
  expect(lines("timestamp", values)).toEqual([
    "1970-01-01 00:00:00+00",
    "1970-01-01 00:00:00.000001+00",
    "1969-12-31 23:59:59.999999+00",
    "2024-02-29 12:34:56.123456+00",
    "1600-01-01 00:00:00.000007+00",
  ])
  expect(lines("timestamp", [0n], { timezone: false })).toEqual(["1970-01-01 00:00:00"])
})

test("years before the first and after 9999 are written as PostgreSQL reads them", () => {
  const values = ["0001-01-01", "0000-12-31", "-000001-03-01", "+010000-01-01", "+200000-01-01"].map((day) => micros(`${day}T00:00:00Z`))
  expect(lines("timestamp", values)).toEqual([
    "0001-01-01 00:00:00+00",
    "0001-12-31 00:00:00+00 BC",
    "0002-03-01 00:00:00+00 BC",
    "10000-01-01 00:00:00+00",
    "200000-01-01 00:00:00+00",
  ])
})

test("dates and times", () => {
  expect(lines("date", [0, -1, 11_016, -719_162, -719_163])).toEqual([
    "1970-01-01",
    "1969-12-31",
    "2000-02-29",
    "0001-01-01",
    "0001-12-31 BC",
  ])
  expect(lines("time", [0n, 1n, 86_399_999_999n])).toEqual(["00:00:00", "00:00:00.000001", "23:59:59.999999"])
})

test("columns stand in their order, each with its own nulls", () => {
  const columns = [
    toColumn("bigint", [1, undefined, 3]),
    toColumn("text", [undefined, "b", "c"]),
    toColumn("bool", [undefined, undefined, true]),
  ]
  expect(textOf(encodeCopyText(batch(3, ...columns)))).toBe("1\t\\N\t\\N\n\\N\tb\t\\N\n3\tc\tt\n")
})

test("a large batch comes in pieces that hold every row once", () => {
  const values = Array.from({ length: 20_000 }, (_, index) => `${index}:${"x".repeat(index % 300)}`)
  const pieces = encodeCopyText(batch(values.length, toColumn("text", values)))
  expect(pieces.length).toBeGreaterThan(2)
  expect(textOf(pieces)).toBe(`${values.join("\n")}\n`)
})

test("a value larger than a piece is whole", () => {
  const value = "\t".repeat(3 << 20)
  expect(textOf(encodeCopyText(batch(2, toColumn("text", [value, "b"]))))).toBe(`${"\\t".repeat(3 << 20)}\nb\n`)
})

test("a batch without rows is nothing", () => {
  expect(encodeCopyText(batch(0, toColumn("text", [])))).toEqual([])
})

test("rows without columns, and columns that contradict themselves, are refused", () => {
  expect(() => encodeCopyText(batch(2))).toThrow(expect.objectContaining({ code: "no-columns" }))
  expect(() => encodeCopyText(batch(3, toColumn("text", ["a"])))).toThrow(LadingError)
})
