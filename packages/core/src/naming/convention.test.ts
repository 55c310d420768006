import { describe, expect, test } from "vitest"
import { isLadingError } from "../errors.ts"
import { createNaming, isNamingName, type NamingName } from "./convention.ts"
import { computeTag, shorten } from "./shorten.ts"

const snakeCase: readonly (readonly [string, string])[] = [
  ["camelCase", "camel_case"],
  ["HTTPResponse", "http_response"],
  ["getHTTPResponseCode", "get_http_response_code"],
  ["userID", "user_id"],
  ["UserIDs", "user_i_ds"],
  ["iOS", "i_os"],
  ["A1B2", "a1_b2"],
  ["v2Beta", "v2_beta"],
  ["123abc", "_123abc"],
  ["BANaNA", "ba_na_na"],
  ["123BaNaNa", "_123_ba_na_na"],
  ["BAN_ANA", "ban_ana"],
  ["a_", "ax"],
  ["BANANA____", "bananaxxxx"],
  ["_", "x"],
  ["price $", "pricex"],
  ["100%", "_100x"],
  ["#id", "_id"],
  ["id#", "idx"],
  ["+1", "x1"],
  ["-1", "_1"],
  ["a@b", "aab"],
  ["a|b", "alb"],
  ["e-mail Address", "e_mail_address"],
  ["event-.!:*<>value", "event_x_value"],
  ["f*6", "fx6"],
  ["\u00fcber", "_ber"],
  ["\u6570\u636e", "x"],
  ["\u{1f600}", "x"],
  ["na\u00efve", "na_ve"],
  ["a\u{1f600}", "ax"],
  ["SELECT", "select"],
  ["aBCd", "a_b_cd"],
  ["  padded\u0085\u001f", "padded"],
  ["\u0661\u0662", "_\u0661\u0662"],
  ["\ufeffid", "_id"],
]

describe("naming conventions", () => {
  test.each(snakeCase)("snake_case makes %j %j", (key, name) => {
    expect(createNaming("snake_case", undefined).normalizeIdentifier(key)).toBe(name)
  })

  test.each<[string, string]>([
    ["a__b", "a__b"],
    ["a____b", "a__b"],
    ["a___b", "a___b"],
    ["__id", "id"],
    ["a__", "a"],
    ["__", "_empty"],
    [" __ ", "_empty"],
    ["", "_empty"],
    [" \t", "_empty"],
    ["camelCase__$x", "camel_case___x"],
  ])("a key as a path: %j becomes %j", (key, name) => {
    expect(createNaming("snake_case", undefined).normalizePath(key)).toBe(name)
  })

  test("old schemas contract the separators of a key", () => {
    const naming = createNaming("snake_case", undefined, { contractsSeparators: true })
    expect(naming.normalizePath("a__b")).toBe("a_b")
    expect(naming.normalizePath("__")).toBe("_empty")
  })

  test.each<[NamingName, string, string]>([
    ["direct", "User ID", "User ID"],
    ["direct", "q'x\n\"\u25b6", "q_x___"],
    ["duck_case", "it's__Mine\n", "it's_Mine"],
    ["duck_case", 'a"b\nc', "a_b_c"],
    ["sql_cs_v1", "Some Col!", "Some_Col"],
    ["sql_cs_v1", "1a__b_", "_1a_b"],
    ["sql_cs_v1", "_", "_"],
    ["sql_cs_v1", "$_", "_empty"],
    ["sql_ci_v1", "Some Col!", "some_col"],
  ])("%s makes %j %j", (name, key, expected) => {
    expect(createNaming(name, undefined).normalizeIdentifier(key)).toBe(expected)
  })

  test("parts of a path that leave nothing are left out", () => {
    const naming = createNaming("sql_cs_v1", undefined)
    expect(["a__$_", "_$__$_"].map((key) => naming.normalizePath(key))).toEqual(["a", "_empty"])
  })

  test("direct joins with its own separator, the others with two underscores", () => {
    expect(createNaming("direct", undefined).shortenFragments(["My Table", "L", "list"])).toBe("My Table\u25b6L\u25b6list")
    expect(createNaming("duck_case", undefined).makePath(["a", " ", "b"])).toBe("a__b")
    expect(createNaming("snake_case", undefined).breakPath("a____ __b")).toEqual(["a", "b"])
  })

  test.each<[NamingName, number, string, string]>([
    ["snake_case", 20, "a very long identifier Name", "a_very_mtogpwer_name"],
    ["snake_case", 16, "long+long:SO+LONG:_>16", "longxyfdsfgng_16"],
    ["sql_ci_v1", 20, "MiXeD CaSe Identifier that is long", "mixed_cpbsz0wis_long"],
    ["sql_ci_v1", 20, "mixed case identifier that is long", "mixed_crbbkiwis_long"],
  ])("%s at %d characters makes %j %j", (name, limit, key, expected) => {
    expect(createNaming(name, limit).normalizeIdentifier(key)).toBe(expected)
  })

  test("paths are shortened as a whole", () => {
    expect(createNaming("snake_case", 16).shortenFragments(["short_ident_1", "short_ident_2", "short_ident_3"])).toBe("shortc93wvaent_3")
    const long = "confidence_is_a_rather_long_column_name_for_testing_the_limit"
    expect(createNaming("snake_case", 63).shortenFragments([long, "v_text"])).toBe(
      "confidence_is_a_rather_long_cqeyelqor_testing_the_limit__v_text",
    )
  })

  test.each<[string, number, string]>([
    ["she played cello well", 20, "she plauanpualo well"],
    ["she played cello well", 10, "shuanpuall"],
    ["event_value", 10, "evlxza5aue"],
    ["event_value", 11, "event_value"],
  ])("%j at %d characters is %j", (text, limit, expected) => {
    expect(shorten(text, text, limit)).toBe(expected)
  })

  test("lengths count code points", () => {
    expect(shorten("\u{1f600}".repeat(8), "x", 8)).toBe("\u{1f600}".repeat(8))
    expect([...shorten("\u{1f600}".repeat(9), "x", 8)]).toEqual(["\u{1f600}", ...computeTag("x"), "\u{1f600}"])
  })

  test.each([
    ["blank-identifier", () => createNaming("direct", undefined).normalizeIdentifier(" \u0085")],
    ["identifier-limit-too-small", () => createNaming("direct", 5).normalizeIdentifier("abcdef")],
  ])("%s is an error", (code, call) => {
    let caught: unknown
    try {
      call()
    } catch (error) {
      caught = error
    }
    expect(isLadingError(caught) && caught.code).toBe(code)
  })

  test("only known conventions are names", () => {
    expect(["snake_case", "direct", "toString", "s3_tables"].map(isNamingName)).toEqual([true, true, false, false])
  })
})

test.each<readonly [string, string]>([
  ["a".repeat(63), "a".repeat(63)],
  ["ñ".repeat(31), "ñ".repeat(31)],
  ["ñ".repeat(40), `${"ñ".repeat(14)}<tag>${"ñ".repeat(14)}`],
  [`${"日".repeat(40)}_left`, `${"日".repeat(9)}<tag>${"日".repeat(7)}_left`],
  ["😀".repeat(20), `${"😀".repeat(7)}<tag>${"😀".repeat(7)}`],
])("a limit in bytes cuts %s at whole characters", (name, expected) => {
  const naming = createNaming("direct", 63, { unit: "bytes" })
  const normalized = naming.normalizeIdentifier(name)
  expect(new TextEncoder().encode(normalized).length).toBeLessThanOrEqual(63)
  expect(normalized.replace(computeTag(name), "<tag>")).toBe(expected)
})
