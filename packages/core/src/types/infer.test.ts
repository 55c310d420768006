import { describe, expect, test } from "vitest"
import { isLadingError } from "../errors.ts"
import { toBase64 } from "../hash/base64.ts"
import { shake128 } from "../hash/keccak.ts"
import { encodeUtf8 } from "../hash/utf8.ts"
import { detectType } from "./detect.ts"
import { inferValue, structureOf } from "./infer.ts"
import { joinTypes, type TypeFacts } from "./join.ts"
import { hashText, jsonText } from "./json-text.ts"
import { decimal, jsonDouble, wei } from "./values.ts"

/** Stands in for the Temporal of newer runtimes and of polyfills, which are told by their tag. */
function temporal(tag: string, text: string, more: object = {}): object {
  return { ...more, [Symbol.toStringTag]: `Temporal.${tag}`, toString: () => text, toJSON: () => text }
}

function codeOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return isLadingError(error) ? error.code : "another error"
  }
  return "none"
}

describe("types of JavaScript values", () => {
  test.each<[string, unknown, string | undefined, unknown]>([
    ["text", "x", "text", "x"],
    ["a date as text", "2024-01-01T00:00:00Z", "text", "2024-01-01T00:00:00Z"],
    ["a whole number", 5, "bigint", 5],
    ["minus zero", -0, "bigint", 0],
    ["a number with fraction", 1.5, "double", 1.5],
    ["a whole number beyond 2^53", 2 ** 53, "double", 2 ** 53],
    ["NaN", Number.NaN, "double", Number.NaN],
    ["a small bigint", 5n, "bigint", 5],
    ["a great bigint", 2n ** 60n, "bigint", 2n ** 60n],
    ["a boolean", false, "bool", false],
    ["null", null, undefined, undefined],
    ["undefined", undefined, undefined, undefined],
    ["a Date", new Date("1969-12-31T23:59:59.999Z"), "timestamp", -1000n],
    ["bytes", Uint8Array.of(1), "binary", Uint8Array.of(1)],
    ["a buffer", Uint8Array.of(1).buffer, "binary", Uint8Array.of(1)],
    ["a decimal", decimal("1.10"), "decimal", "1.10"],
    ["wei", wei("5"), "wei", "5"],
    ["a whole double", jsonDouble(1), "double", 1],
    ["an instant", temporal("Instant", "x", { epochNanoseconds: -1n }), "timestamp", -1n],
    ["a zoned time", temporal("ZonedDateTime", "x", { epochNanoseconds: 1_999n }), "timestamp", 1n],
    ["a plain date", temporal("PlainDate", "2024-01-02[u-ca=gregory]"), "date", 19724],
    ["a plain time", temporal("PlainTime", "01:02:03.000004005"), "time", 3_723_000_004],
    ["a plain date and time", temporal("PlainDateTime", "1970-01-01T00:00:01"), "timestamp", 1_000_000n],
    ["an address", new URL("https://example.org/"), "text", "https://example.org/"],
  ])("%s", (_, value, type, canonical) => {
    expect(inferValue(value)).toEqual(type === undefined ? undefined : { type, value: canonical })
  })

  test("objects and maps are objects; arrays, sets and other typed arrays are lists", () => {
    const structures = [{ a: 1 }, Object.create(null), new Map([["a", 1]]), [1], new Set([1]), Float64Array.of(1)]
    expect(structures.map((value) => inferValue(value)?.type)).toEqual(Array(6).fill("json"))
    expect(structures.map((value) => structureOf(value))).toEqual(["object", "object", "object", "list", "list", "list"])
  })

  test.each<[string, unknown, string]>([
    ["a function", () => 1, "unsupported-value"],
    ["a symbol", Symbol("x"), "unsupported-value"],
    ["a promise", Promise.resolve(1), "unsupported-value"],
    ["a duration", temporal("Duration", "PT1H"), "unsupported-value"],
    ["an invalid date", new Date(Number.NaN), "invalid-date"],
  ])("%s is refused", (_, value, code) => {
    expect(codeOf(() => inferValue(value))).toBe(code)
    expect(codeOf(() => jsonText({ a: [value] }))).toBe(code)
  })
})

describe("JSON text", () => {
  const value = {
    b: [1, 1.5, jsonDouble(2), 2n ** 64n, Number.NaN, null, undefined, true],
    a: { when: new Date(0), price: decimal("1.10"), bytes: Uint8Array.of(97), text: '\u00e9"\n\u2028' },
    gone: undefined,
    map: new Map<unknown, unknown>([["x", new Set([1])]]),
  }

  test("structures are written compactly, typed leaves as text", () => {
    expect(jsonText(value)).toBe(
      '{"b":[1,1.5,2.0,18446744073709551616,null,null,null,true],' +
        '"a":{"when":"1970-01-01T00:00:00+00:00","price":"1.10","bytes":"YQ==","text":"\u00e9\\"\\n\u2028"},"map":{"x":[1]}}',
    )
  })

  test("text to hash has sorted keys and marks types", () => {
    expect(hashText(value.a)).toBe(
      '{"bytes":"\uf02bYQ==","price":"\uf0261.10","text":"\u00e9\\"\\n\u2028","when":"\uf0271970-01-01T00:00:00+00:00"}',
    )
  })

  test.each<[unknown, string]>([
    [{ id: 1 }, "z5jIxXIbUnmbKw"],
    [{ id: "1" }, "34mTpKkIs8DCig"],
    [{ name: "a", id: 1 }, "swX5JrcV4/PVUA"],
    [{ a: "\u00e9", b: 1 }, "A+1TKD9ctj3P/Q"],
    [{ id: 1, x: null }, "cBoyiOlX23mY+A"],
    [{}, "RoBn8+L4hTHbJQ"],
    [{ k: temporal("PlainDate", "2024-01-01") }, "F23DxfKuRAfQAA"],
  ])("the row hash of %j is dlt's", (row, hash) => {
    expect(toBase64(shake128(encodeUtf8(hashText(row)), 10), { padding: false })).toBe(hash)
  })

  test.each<[string, string]>([
    ["X_t__l_1", "9vBPnzdK5YzRVg"],
    ["abc_users__pets_0", "9dTj8cY5n+nG2A"],
  ])("the nested row id of %s is dlt's", (text, hash) => {
    expect(toBase64(shake128(encodeUtf8(text), 10), { padding: false })).toBe(hash)
  })
})

describe("autodetectors", () => {
  const now = 1_700_000_000
  const all = ["timestamp", "iso_timestamp", "iso_date", "large_integer", "hexbytes_to_text", "wei_to_double"]
  const detect = (value: unknown, names: readonly string[] = all) => {
    const typed = inferValue(value)
    return typed === undefined ? undefined : detectType(names, typed, now)
  }

  test.each<[unknown, string | undefined]>([
    [1_700_000_000, "timestamp"],
    [1_700_000_000.5, "timestamp"],
    [1_000_000_000, undefined],
    [true, undefined],
    ["2024-01-01T10:00:00Z", "timestamp"],
    ["2024-01-01", "date"],
    ["2024", "date"],
    ["202401", undefined],
    ["12:00:00", undefined],
    ["", undefined],
    [2n ** 63n - 1n, undefined],
    [2n ** 63n, "wei"],
    [-(2n ** 63n), undefined],
    [578960446186580977117854925043439539266n, "wei"],
    [578960446186580977117854925043439539267n, "text"],
    [wei("1"), "double"],
  ])("%s with all detectors is %s", (value, type) => {
    expect(detect(value)).toBe(type)
  })

  test("only the named detectors run, and unknown names do nothing", () => {
    expect(detect("2024-01-01", ["iso_timestamp"])).toBeUndefined()
    expect(detect("2024-01-01T10:00", ["iso_timestamp"])).toBe("timestamp")
    expect(detect(1_700_000_000, ["toString", "iso_timestamp"])).toBeUndefined()
  })
})

describe("join of types", () => {
  const facts = (type: TypeFacts["type"], integersExact = true, doublesFitDecimal = true): TypeFacts => ({
    type,
    integersExact,
    doublesFitDecimal,
  })

  test.each<[TypeFacts, TypeFacts, string | undefined]>([
    [facts("text"), facts("text"), "text"],
    [facts("bigint"), facts("double"), "double"],
    [facts("bigint", false), facts("double"), "decimal"],
    [facts("bigint", false), facts("double", true, false), undefined],
    [facts("bigint", true), facts("double", true, false), "double"],
    [facts("bigint"), facts("decimal"), "decimal"],
    [facts("double"), facts("decimal"), "decimal"],
    [facts("double", true, false), facts("decimal"), undefined],
    [facts("date"), facts("timestamp"), "timestamp"],
    [facts("date"), facts("text"), undefined],
    [facts("bool"), facts("bigint"), undefined],
    [facts("time"), facts("timestamp"), undefined],
    [facts("wei"), facts("bigint", false), "wei"],
    [facts("wei"), facts("double"), undefined],
  ])("%o with %o is %s, in either order", (left, right, type) => {
    expect(joinTypes(left, right)).toBe(type)
    expect(joinTypes(right, left)).toBe(type)
  })
})
