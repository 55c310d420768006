import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { isLadingError } from "../errors.ts"
import { decodeUtf8, encodeUtf8, isValidUtf8, writeUtf8 } from "./utf8.ts"

const isWellFormed = (text: string) => !/[\ud800-\udfff]/u.test(text)

describe("utf8", () => {
  test("every well-formed text is encoded and decoded as TextEncoder and TextDecoder do", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }).filter(isWellFormed), (text) => {
        const bytes = encodeUtf8(text)
        expect(bytes).toEqual(new TextEncoder().encode(text))
        expect(decodeUtf8(bytes, 0, bytes.length)).toBe(text)
        expect(isValidUtf8(bytes, 0, bytes.length)).toBe(true)
      }),
    )
  })

  test("bytes are accepted exactly when a fatal TextDecoder accepts them", () => {
    const lead = fc.constantFrom(
      0x41,
      0x80,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xe1,
      0xed,
      0xef,
      0xf0,
      0xf4,
      0xf5,
      0xff,
      0x8f,
      0x90,
      0x9f,
      0xa0,
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), fc.array(lead, { maxLength: 5 }), (random, chosen) => {
        for (const bytes of [random, Uint8Array.from(chosen)]) {
          let expected: string | undefined
          try {
            expected = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
          } catch {
            expected = undefined
          }
          expect(decodeUtf8(bytes, 0, bytes.length)).toBe(expected)
          expect(isValidUtf8(bytes, 0, bytes.length)).toBe(expected !== undefined)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test("long texts and parts of arrays are decoded whole", () => {
    for (const text of ["a".repeat(25), "a".repeat(10_000), `${"a".repeat(30)}\u00e4${"\u{1f600}b".repeat(5000)}`]) {
      const bytes = Buffer.from(`xx${text}yy`)
      expect(decodeUtf8(bytes, 2, bytes.length - 2)).toBe(text)
    }
  })

  test.each(["\ud800", "a\udc00", "\udc00\ud800", "\ud800\ud800\udc00", "\ud800a"])("the lone surrogate in %j is refused", (text) => {
    expect(writeUtf8(text, new Uint8Array(20), 0)).toBe(-1)
    let code = ""
    try {
      encodeUtf8(text)
    } catch (error) {
      if (isLadingError(error)) code = error.code
    }
    expect(code).toBe("lone-surrogate")
  })

  test("writeUtf8 starts at the offset and returns the number of bytes", () => {
    const target = new Uint8Array(8)
    expect(writeUtf8("a\u00e9", target, 2)).toBe(3)
    expect([...target]).toEqual([0, 0, 97, 0xc3, 0xa9, 0, 0, 0])
  })
})
