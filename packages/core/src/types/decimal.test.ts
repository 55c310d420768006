import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { isLadingError } from "../errors.ts"
import { compareDecimals, decimalToInteger, doubleToDecimal, fitsDecimal, parseDecimal, shortestDecimal } from "./decimal.ts"
import { decimal } from "./values.ts"

const double = fc.double({ noDefaultInfinity: true, noNaN: true })

describe("decimal", () => {
  test.each<[string, string | undefined]>([
    ["1.10", "1.10"],
    ["+5", "5"],
    ["-5", "-5"],
    ["007", "7"],
    ["-00.50", "-0.50"],
    [".5", "0.5"],
    ["5.", "5"],
    ["-0", "0"],
    ["-0.00", "0.00"],
    ["1e3", "1000"],
    ["1E+2", "100"],
    ["1.25e1", "12.5"],
    ["1.25e-3", "0.00125"],
    ["12e-1", "1.2"],
    ["0e5", "0"],
    ["123456789012345678901234567890.123", "123456789012345678901234567890.123"],
    ["", undefined],
    [".", undefined],
    ["e5", undefined],
    ["1e", undefined],
    ["NaN", undefined],
    [" 1", undefined],
    ["1_0", undefined],
    ["0x1", undefined],
    ["1e99999", undefined],
  ])("%j is %s", (text, expected) => {
    expect(parseDecimal(text)).toBe(expected)
  })

  test.each<[string, number, number, boolean]>([
    ["123.45", 5, 2, true],
    ["1234.5", 5, 2, false],
    ["1.234", 5, 2, false],
    ["1.2300", 5, 2, true],
    ["0.12", 2, 2, true],
    ["-999.99", 5, 2, true],
    ["100", 5, 2, true],
    ["1000", 5, 2, false],
    ["0", 2, 2, true],
    ["5", 1, 0, true],
    ["5.0", 1, 0, true],
  ])("%s in decimal(%d,%d): %s", (text, precision, scale, fits) => {
    expect(fitsDecimal(text, precision, scale)).toBe(fits)
  })

  test.each<[number, string, string]>([
    [1.1, "1.100000000000000088817841970012523233890533447265625", "1.1"],
    [0.5, "0.5", "0.5"],
    [0, "0", "0"],
    [-0, "0", "0"],
    [-2, "-2", "-2"],
    [1e21, "1000000000000000000000", "1000000000000000000000"],
    [1e-7, "0.0000000999999999999999954748111825886258685613938723690807819366455078125", "0.0000001"],
    [100, "100", "100"],
    [123456789.125, "123456789.125", "123456789.125"],
  ])("the double %d is exactly %s, in short %s", (value, exact, short) => {
    expect(doubleToDecimal(value)).toBe(exact)
    expect(shortestDecimal(value)).toBe(short)
  })

  test("every double survives both ways of writing it", () => {
    fc.assert(
      fc.property(double, (value) => {
        for (const text of [doubleToDecimal(value), shortestDecimal(value)]) {
          expect(Number(text)).toBe(value + 0)
          expect(parseDecimal(text)).toBe(text)
        }
      }),
    )
  })

  test("comparing agrees with the order of numbers and ignores zeros at the end", () => {
    fc.assert(
      fc.property(double, double, (a, b) => {
        expect(Math.sign(compareDecimals(doubleToDecimal(a), doubleToDecimal(b)))).toBe(Math.sign(a < b ? -1 : a > b ? 1 : 0))
      }),
    )
    expect(compareDecimals("1.10", "1.1")).toBe(0)
    expect(compareDecimals("-0.5", "0")).toBe(-1)
    expect(compareDecimals("10", "9.99")).toBe(1)
  })

  test("a decimal is an integer when its fraction is zero", () => {
    expect([decimalToInteger("5.00"), decimalToInteger("-7"), decimalToInteger("0.5")]).toEqual([5n, -7n, undefined])
  })

  test("decimal() refuses what is not a number", () => {
    let code = ""
    try {
      decimal("1,5")
    } catch (error) {
      if (isLadingError(error)) code = error.code
    }
    expect(code).toBe("invalid-decimal")
  })
})
