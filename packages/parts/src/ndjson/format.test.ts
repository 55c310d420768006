import fc from "fast-check"
import { expect, test } from "vitest"
import { formatBase64, formatDate, formatDouble, formatTime, formatTimestamp } from "./format.ts"

test.each([
  [0, "1970-01-01"],
  [-1, "1969-12-31"],
  [19_782, "2024-02-29"],
  [2_932_896, "9999-12-31"],
  [2_932_897, "+010000-01-01"],
  [-719_528, "0000-01-01"],
  [-719_529, "-000001-12-31"],
])("formats day %i as %s", (days, expected) => {
  expect(formatDate(days)).toBe(expected)
})

test("agrees with Date on every date it knows", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e8, max: 1e8 }), (days) => {
      expect(formatDate(days)).toBe(new Date(days * 86_400_000).toISOString().split("T")[0])
    }),
  )
})

test.each([
  [0n, "00:00:00.000000"],
  [86_399_999_999n, "23:59:59.999999"],
  [3_723_000_004n, "01:02:03.000004"],
])("formats %i microseconds as %s", (micros, expected) => {
  expect(formatTime(micros)).toBe(expected)
})

test.each([
  [-1n, true, "1969-12-31T23:59:59.999999Z"],
  [1_709_211_600_000_001n, false, "2024-02-29T13:00:00.000001"],
  [-86_400_000_000n, true, "1969-12-31T00:00:00.000000Z"],
])("formats timestamp %i, zone %s, as %s", (micros, timezone, expected) => {
  expect(formatTimestamp(micros, { timezone })).toBe(expected)
})

test.each([
  [1.5, "1.5"],
  [-0, "-0.0"],
  [1e21, "1e+21"],
  [Number.NaN, '"NaN"'],
  [Number.NEGATIVE_INFINITY, '"-Infinity"'],
])("formats double %d as %s", (value, expected) => {
  expect(formatDouble(value)).toBe(expected)
})

test("formats bytes of every value as Base64", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
  expect(formatBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"))
})
