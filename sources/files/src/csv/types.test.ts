import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type CsvType, convert, decide, noEvidence, observe } from "./types.ts"

function typeOf(values: readonly string[], stored?: CsvType) {
  const evidence = noEvidence()
  for (const value of values) observe(evidence, value)
  return decide(evidence, stored)
}

describe("the type of a column", () => {
  it.each<[string, string[], CsvType | undefined]>([
    ["integers", ["0", "-7", "12"], "bigint"],
    ["the ends of 64 bits", ["9223372036854775807", "-9223372036854775808"], "bigint"],
    ["one beyond the greatest", ["1", "9223372036854775808"], "text"],
    ["one below the least", ["-9223372036854775809"], "text"],
    ["a leading zero", ["1", "01"], "text"],
    ["a plus sign", ["+1"], "text"],
    ["minus zero", ["-0"], "text"],
    ["spaces", ["1", " 2"], "text"],
    ["decimals as short as can be", ["1.5", "2", "0.25"], "double"],
    ["decimals with the same number of digits", ["1.50", "2.00"], "double"],
    ["decimals with trailing zeros of different length, such as versions", ["1.9", "1.10"], "text"],
    ["a trailing zero beside an integer", ["1.0", "2"], "text"],
    ["16 significant digits", ["0.1234567890123456"], "text"],
    ["15 significant digits", ["0.000123456789012345"], "double"],
    ["exponents", ["1e5"], "text"],
    ["a point without digit before", [".5"], "text"],
    ["digits of another script", ["١٢"], "text"],
    ["truth values", ["true", "false"], "bool"],
    ["capitals", ["True"], "text"],
    ["a mix", ["true", "1"], "text"],
    ["dates", ["2024-01-01"], "text"],
    ["no values", [], undefined],
  ])("of %s", (_, values, expected) => {
    expect(typeOf(values)).toBe(expected)
  })

  it.each<[CsvType, string[], CsvType | undefined]>([
    ["text", ["1"], "text"],
    ["double", ["1"], "double"],
    ["double", ["1234567890123456"], "text"],
    ["bigint", ["1.5"], "double"],
    ["bool", ["1"], "bigint"],
    ["bigint", ["x"], "text"],
    ["bigint", [], "bigint"],
  ])("that was %s before, with values %j, is %s", (stored, values, expected) => {
    expect(typeOf(values, stored)).toBe(expected)
  })

  it("never changes a value: it can be written as it was read", () => {
    const number = fc.oneof(
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
      fc.double({ noNaN: true }).map(String),
      fc.integer().map(String),
    )
    fc.assert(
      fc.property(number, (text) => {
        expect(String(convert(text, typeOf([text]) ?? "text"))).toBe(text)
      }),
    )
  })

  it("gives integers beyond 2^53 as bigint and smaller ones as number", () => {
    expect(convert("9007199254740991", "bigint")).toBe(9007199254740991)
    expect(convert("9007199254740993", "bigint")).toBe(9007199254740993n)
    expect(convert("no number", "bigint")).toBe("no number")
  })
})
