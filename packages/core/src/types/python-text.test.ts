import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { compareCodePoints, jsonFloat, pythonBoolean, pythonFloat } from "./python-text.ts"

describe("texts as Python writes them", () => {
  test.each<[number, string, string]>([
    [1, "1.0", "1.0"],
    [-0, "-0.0", "-0.0"],
    [0.1, "0.1", "0.1"],
    [1.5e300, "1.5e+300", "1.5e+300"],
    [1e15, "1000000000000000.0", "1000000000000000.0"],
    [1e16, "1e+16", "1e+16"],
    [123456789012345680, "1.2345678901234568e+17", "1.2345678901234568e+17"],
    [1e-4, "0.0001", "0.0001"],
    [1e-5, "1e-05", "0.00001"],
    [1.2345e-5, "1.2345e-05", "0.000012345"],
    [1e-6, "1e-06", "1e-6"],
    [1e-7, "1e-07", "1e-7"],
    [5e-324, "5e-324", "5e-324"],
    [-12.25, "-12.25", "-12.25"],
  ])("%d is %s in text and %s in JSON", (value, text, json) => {
    expect([pythonFloat(value), jsonFloat(value)]).toEqual([text, json])
  })

  test("what is not finite and booleans have names", () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(pythonFloat)).toEqual(["nan", "inf", "-inf"])
    expect([true, false].map(pythonBoolean)).toEqual(["True", "False"])
  })

  test("order is by code point, not by UTF-16 unit", () => {
    expect(["\u{1f600}", "\uff00", "b", "a", "ab", "\u00e9"].sort(compareCodePoints)).toEqual([
      "a",
      "ab",
      "b",
      "\u00e9",
      "\uff00",
      "\u{1f600}",
    ])
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (left, right) => {
        const bytes = Buffer.compare(Buffer.from(left), Buffer.from(right))
        expect(Math.sign(compareCodePoints(left, right))).toBe(bytes)
      }),
    )
  })
})
