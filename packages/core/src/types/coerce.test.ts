import { describe, expect, test } from "vitest"
import type { DataType } from "../schema/model.ts"
import { coerce } from "./coerce.ts"
import { parseIso, timestampToMicros } from "./iso.ts"
import { jsonText } from "./json-text.ts"

const at = (text: string): bigint => {
  const value = parseIso(text)
  return value === undefined ? -1n : timestampToMicros(value.days, value.micros)
}
const result = (value: unknown, from: DataType, to: DataType) => coerce(value, from, to)?.value

const allTypes = ["text", "double", "bool", "timestamp", "date", "time", "bigint", "binary", "json", "decimal", "wei"] as const
const samples: Readonly<Record<DataType, unknown>> = {
  ...{ text: "zzz", double: 5.5, bool: true, timestamp: at("2024-01-02T03:04:05Z"), date: 19724, time: 3_600_000_000, bigint: 5 },
  ...{ binary: Uint8Array.of(97), json: { a: 1 }, decimal: "5", wei: "5" },
}

describe("coercion", () => {
  test("which types go into which is dlt's table, less what would lose something", () => {
    const fitting = allTypes.map((to) => `${to} <- ${allTypes.filter((from) => coerce(samples[from], from, to) !== undefined).join(" ")}`)
    expect(fitting).toEqual([
      "text <- text double bool timestamp date time bigint binary json decimal wei",
      "double <- double bigint decimal wei",
      "bool <- bool",
      "timestamp <- double timestamp date bigint",
      "date <- date",
      "time <- time",
      "bigint <- bigint decimal wei",
      "binary <- bigint binary",
      "json <- json",
      "decimal <- double bigint decimal wei",
      "wei <- double bigint decimal wei",
    ])
  })

  test.each<[string, unknown, unknown, unknown]>([
    [" 5 ", 5, 5, "5"],
    ["+5", 5, 5, "5"],
    ["-5", -5, -5, "-5"],
    ["1_000", 1000, 1000, "1000"],
    ["1__0", undefined, undefined, "10"],
    ["0012", 12, 12, "12"],
    ["0x10", 16, 16, "16"],
    ["0xff_f", 4095, 4095, "4095"],
    ["-0x10", undefined, undefined, undefined],
    ["0X10", undefined, undefined, undefined],
    ["0x", undefined, undefined, undefined],
    ["1.0", undefined, 1, "1.0"],
    ["1e3", undefined, 1000, "1000"],
    ["", undefined, undefined, undefined],
    ["  ", undefined, undefined, undefined],
    ["5\u00a0\u0085", 5, 5, "5"],
    ["\ufeff5", undefined, undefined, undefined],
    ["nan", undefined, Number.NaN, undefined],
    ["-Infinity", undefined, Number.NEGATIVE_INFINITY, undefined],
    [".5", undefined, 0.5, "0.5"],
    ["5.", undefined, 5, "5"],
    ["1_0.5", undefined, 10.5, "10.5"],
    ["+.5e-3", undefined, 0.0005, "0.0005"],
    ["1e", undefined, undefined, undefined],
    ["1,5", undefined, undefined, undefined],
    ["1 000", undefined, undefined, undefined],
    ["--5", undefined, undefined, undefined],
    ["abc", undefined, undefined, undefined],
    ["9007199254740993", 9007199254740993n, 2 ** 53, "9007199254740993"],
    ["123456789012345678901234567890", 123456789012345678901234567890n, 1.2345678901234568e29, "123456789012345678901234567890"],
    ["1e1_0", undefined, 1e10, "10000000000"],
    ["1e999999999", undefined, Number.POSITIVE_INFINITY, undefined],
  ])("text %j as bigint, double and decimal", (text, bigint, double, decimal) => {
    expect([result(text, "text", "bigint"), result(text, "text", "double"), result(text, "text", "decimal")]).toEqual([
      bigint,
      double,
      decimal,
    ])
    expect(result(text, "text", "wei")).toBe(decimal)
  })

  test.each<[unknown, DataType, DataType, unknown]>([
    [2, "double", "bigint", 2],
    [1e20, "double", "bigint", 100000000000000000000n],
    [1.5, "double", "bigint", undefined],
    [Number.NaN, "double", "bigint", undefined],
    ["100.00", "decimal", "bigint", 100],
    ["1.5", "decimal", "bigint", undefined],
    [1.1, "double", "decimal", "1.1"],
    [Number.POSITIVE_INFINITY, "double", "decimal", undefined],
    [9007199254740993n, "bigint", "decimal", "9007199254740993"],
    ["0.1", "decimal", "double", 0.1],
    [10n ** 400n, "bigint", "double", undefined],
    [0, "bigint", "bool", false],
    [1, "bigint", "bool", true],
    [2, "bigint", "bool", undefined],
    [0.5, "double", "bool", undefined],
    [1, "double", "bool", true],
    ["1.00", "decimal", "bool", true],
    ["1.00000000000000000000001", "decimal", "bool", undefined],
    [true, "bool", "bigint", undefined],
    [{ a: 1 }, "json", "bigint", undefined],
    [Uint8Array.of(97), "binary", "json", undefined],
  ])("%s of type %s as %s is %s", (value, from, to, expected) => {
    expect(result(value, from, to)).toEqual(expected)
  })

  test.each<[string, boolean | undefined]>([
    ["Yes", true],
    ["TRUE", true],
    ["t", true],
    ["Y", true],
    ["1", true],
    ["no", false],
    ["False", false],
    ["F", false],
    ["n", false],
    ["0", false],
    [" yes", undefined],
    ["on", undefined],
    ["", undefined],
    ["2", undefined],
    ["constructor", undefined],
  ])("text %j as bool is %s", (text, expected) => {
    expect(result(text, "text", "bool")).toBe(expected)
  })

  test.each<[unknown, DataType, string | undefined]>([
    ["2024-01-01", "text", "2024-01-01T00:00:00Z"],
    ["2024-01-01T10:00:00+02:00", "text", "2024-01-01T08:00:00Z"],
    ["2024", "text", "2024-01-01T00:00:00Z"],
    [" 1700000000 ", "text", "2023-11-14T22:13:20Z"],
    ["1700000000.25", "text", "2023-11-14T22:13:20.25Z"],
    ["1e9", "text", "2001-09-09T01:46:40Z"],
    ["0x10", "text", undefined],
    ["nan", "text", undefined],
    ["12:00", "text", undefined],
    ["tomorrow", "text", undefined],
    [" 2024-01-01", "text", undefined],
    ["1700000000000", "text", undefined],
    [1700000000, "bigint", "2023-11-14T22:13:20Z"],
    [1700000000000, "bigint", undefined],
    [-1, "bigint", "1969-12-31T23:59:59Z"],
    [253402300799, "bigint", "9999-12-31T23:59:59Z"],
    [253402300800, "bigint", undefined],
    [-62135596800, "bigint", "0001-01-01T00:00:00Z"],
    [-62135596801, "bigint", undefined],
    [1700000000.25, "double", "2023-11-14T22:13:20.25Z"],
    [-0.5, "double", "1969-12-31T23:59:59.5Z"],
    [-1.9999999, "double", "1969-12-31T23:59:58Z"],
    [1.0000005, "double", "1970-01-01T00:00:01.000001Z"],
    [1.0000015, "double", "1970-01-01T00:00:01.000001Z"],
    [Number.NaN, "double", undefined],
    [19724, "date", "2024-01-02T00:00:00Z"],
  ])("%s of type %s as timestamp is %s", (value, from, expected) => {
    expect(result(value, from, "timestamp")).toBe(expected === undefined ? undefined : at(expected))
  })

  test.each<[unknown, DataType, number | undefined]>([
    ["2024-01-02", "text", 19724],
    ["20240102", "text", 19724],
    ["2024-01-02T00:00:00Z", "text", 19724],
    ["2024-01-02T00:00:00+02:00", "text", undefined],
    ["2024-01-02T10:00:00", "text", undefined],
    ["86400", "text", 1],
    [86400, "bigint", 1],
    [86401, "bigint", undefined],
    [at("2024-01-02T00:00:00Z"), "timestamp", 19724],
    [at("2024-01-02T00:00:00.000001Z"), "timestamp", undefined],
    ["12:00", "text", undefined],
  ])("%s of type %s as date is %s: a time of day is never cut off", (value, from, expected) => {
    expect(result(value, from, "date")).toBe(expected)
  })

  test("time takes times of day only, moved to UTC", () => {
    expect(result("12:00:00.5", "text", "time")).toBe(43_200_500_000)
    expect(result("00:30+02:00", "text", "time")).toBe(81_000_000_000)
    expect(result("2024-01-01T12:00:00", "text", "time")).toBeUndefined()
    expect(result("120000", "text", "time")).toBeUndefined()
  })

  test.each<[string, string | undefined]>([
    ["0x6162", "ab"],
    ["0x 61 62", "ab"],
    ["0x616", undefined],
    ["0xZZ", undefined],
    ["0x", ""],
    ["YWJj", "abc"],
    ["YQ==", "a"],
    ["abc", undefined],
    ["YQ=", undefined],
    ["", ""],
  ])("text %j as binary is %j", (text, expected) => {
    const bytes = result(text, "text", "binary")
    expect(bytes instanceof Uint8Array ? Buffer.from(bytes).toString() : undefined).toBe(expected)
  })

  test("integers as binary are minimal little-endian bytes", () => {
    expect(result(1700000000, "bigint", "binary")).toEqual(Uint8Array.of(0x00, 0xf1, 0x53, 0x65))
    expect(result(0, "bigint", "binary")).toEqual(new Uint8Array(0))
    expect(result(-1, "bigint", "binary")).toBeUndefined()
  })

  test.each<[string, string | undefined]>([
    ['{"a":1}', '{"a":1}'],
    [" 5 ", "5"],
    ["1.0", "1.0"],
    [
      '[1.50, 1e2, 9007199254740993, {"__proto__": [true, null, "\\u00e9,}"]}]',
      '[1.5,100.0,9007199254740993,{"__proto__":[true,null,"\u00e9,}"]}]',
    ],
    ["[ ]", "[]"],
    ['{ "a" : { } , "b" : [ 1.0 , false ] }', '{"a":{},"b":[1.0,false]}'],
    ["null", "null"],
    ["nope", undefined],
    ["NaN", undefined],
    ["", undefined],
    ['"\\ud800"', undefined],
    ["[1e400]", undefined],
  ])("text %s as json is %s", (text, expected) => {
    const coerced = coerce(text, "text", "json")
    expect(coerced === undefined ? undefined : jsonText(coerced.value)).toBe(expected)
  })

  test.each<[unknown, DataType, string]>([
    [5, "bigint", "5"],
    [1, "double", "1.0"],
    [1e16, "double", "1e+16"],
    [1e-7, "double", "1e-07"],
    [true, "bool", "True"],
    [false, "bool", "False"],
    [at("2024-01-02T03:04:05.123456Z"), "timestamp", "2024-01-02T03:04:05.123456+00:00"],
    [19724, "date", "2024-01-02"],
    [3_723_000_004, "time", "01:02:03.000004"],
    [Uint8Array.of(97), "binary", "YQ=="],
    [{ a: [1.5, "\u00e9"] }, "json", '{"a":[1.5,"\u00e9"]}'],
    ["1.10", "decimal", "1.10"],
  ])("%s of type %s as text is %s", (value, from, expected) => {
    expect(result(value, from, "text")).toBe(expected)
  })
})
