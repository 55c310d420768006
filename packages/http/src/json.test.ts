import { describe, expect, it } from "vitest"
import { jsonOf, parseJson } from "./json.ts"
import { parsePath, valuesAt, withValueAt } from "./json-path.ts"

const answer = (body: string, status = 200, headers = {}) => ({
  status,
  headers,
  address: "https://a.example.com",
  url: "",
  body: Buffer.from(body),
})

describe("JSON", () => {
  it.each([
    ["1234567890123456", 1234567890123456],
    ["[9007199254740993]", [9007199254740993n]],
    ['{"a":-12345678901234567890,"b":0.1234567890123456}', { a: -12345678901234567890n, b: 0.1234567890123456 }],
    ['{"a":"9007199254740993"}', { a: "9007199254740993" }],
  ])("%s keeps its integers", (text, value) => {
    expect(parseJson(Buffer.from(text))).toEqual(value)
  })

  it.each([204, 205])("%i is no document", (status) => {
    expect(jsonOf(answer("", status))).toBeUndefined()
  })

  it.each([
    ['{"a":"canary', "http-cut"],
    ["", "http-cut"],
    ["<html>canary", "http-not-json"],
    ["canary", "http-not-json"],
  ])("%s is an error that shows nothing of it and is worth another attempt", (body, code) => {
    let error: unknown
    try {
      jsonOf(answer(body))
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code, retryable: true, message: expect.not.stringContaining("canary") })
  })

  it("bytes that are not UTF-8 are no document", () => {
    expect(() => jsonOf({ ...answer(""), body: Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d) })).toThrow(/not whole|damaged/)
  })
})

describe("paths", () => {
  const document = { a: { b: [{ c: 1 }, { c: 2 }], "x.y": 3 }, n: null }
  it.each([
    ["a.b[0].c", [1]],
    ["$.a.b[-1].c", [2]],
    ["a.b[*].c", [1, 2]],
    ["a['x.y']", [3]],
    ["$", [document]],
    ["n", [null]],
    ["n.m", []],
    ["a.b.c", []],
    ["toString", []],
  ])("%s leads to its values", (path, values) => {
    expect(valuesAt(document, parsePath(path))).toEqual(values)
  })

  it.each(["", "a..b", "a.", "a[", "a[?(@.b)]", "$..b"])("%j is refused", (path) => {
    expect(() => parsePath(path)).toThrow(/no path/)
  })

  it("a value is set in a copy", () => {
    const given = { a: { b: 1 } }
    expect(withValueAt(given, ["a", "c", "d"], 2)).toEqual({ a: { b: 1, c: { d: 2 } } })
    expect(given).toEqual({ a: { b: 1 } })
  })
})
