import { describe, expect, it } from "vitest"
import { isNumberType, toCell, toCsvLine, toMarkdownLine } from "./cells.ts"
import { toJson } from "./json.ts"

describe("values for people and machines", () => {
  it.each([
    [null, ""],
    [undefined, ""],
    [0, "0"],
    [9007199254740993n, "9007199254740993"],
    [false, "false"],
    ["a\nb", "a\\nb"],
    [new Uint8Array([1, 255]), "01ff"],
    [{ a: ["1"] }, '{"a":["1"]}'],
  ])("shows %s in a cell", (value, text) => {
    expect(toCell(value)).toBe(text)
  })

  it("tells null from an empty text in CSV, and quotes what needs it", () => {
    expect(toCsvLine([null, "", 'say "hi"', "a,b", "x\ny", 1.5, " edge"])).toBe(',"","say ""hi""","a,b","x\ny",1.5," edge"\n')
  })

  it("escapes what would break a Markdown table", () => {
    expect(toMarkdownLine(["a|b", "c\\d", null])).toBe("| a\\|b | c\\\\d |  |\n")
  })

  it("keeps integers beyond 2^53, bytes and non-finite numbers in JSON", () => {
    expect(toJson({ a: 9007199254740993n, b: new Uint8Array([10]), c: Number.NaN })).toBe('{"a":"9007199254740993","b":"0a","c":"NaN"}')
    expect(toJson(undefined)).toBe("null")
  })

  it.each([
    ["BIGINT", true],
    ["DECIMAL(38,9)", true],
    ["DOUBLE", true],
    ["UINTEGER", true],
    ["int64", true],
    ["INTERVAL", false],
    ["VARCHAR", false],
    ["TIMESTAMP WITH TIME ZONE", false],
  ])("knows whether %s is a number", (type, expected) => {
    expect(isNumberType(type)).toBe(expected)
  })
})
