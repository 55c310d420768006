import { describe, expect, test } from "vitest"
import { fromBase64, toBase64, writeBase64 } from "./base64.ts"

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 151 + length) & 255)

describe("base64", () => {
  test.each([0, 1, 2, 3, 4, 5, 10, 100, 9000])("%d bytes are written as Node writes them and read back", (length) => {
    const expected = Buffer.from(bytes(length)).toString("base64")
    expect(toBase64(bytes(length), { padding: true })).toBe(expected)
    expect(toBase64(bytes(length), { padding: false })).toBe(expected.replaceAll("=", ""))
    expect(fromBase64(expected)).toEqual(bytes(length))
  })

  test("writeBase64 encodes a part of the input into a part of the output", () => {
    const output = new Uint8Array(20)
    expect(writeBase64(bytes(30), 5, 10, output, 2)).toBe(14)
    expect(Buffer.from(output).toString("latin1")).toBe(
      `\0\0${Buffer.from(bytes(30).subarray(5, 15)).toString("base64").slice(0, 14)}\0\0\0\0`,
    )
  })

  test.each(["YQ", "YQ=", "=YQ=", "Y===", "====", "YQ==YQ==", "YW Jj", "YWJj\n", "YWJ-", "YWJ_", "YWJ\u00e9", "Y=Q="])(
    "%j is refused",
    (text) => {
      expect(fromBase64(text)).toBeUndefined()
    },
  )

  test("bits beyond the last byte are ignored", () => {
    expect(fromBase64("YR==")).toEqual(Uint8Array.of(97))
  })
})
