import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { BrokenDocument, sliceRows } from "./slice.ts"

const bytes = (text: string): Uint8Array => Buffer.from(text)
const linesOf = (lines: Uint8Array): string[] => Buffer.from(lines).toString("utf8").split("\n").slice(0, -1)

describe("slicing rows out of a document", () => {
  it("gives the elements as they came, one a line", () => {
    const slice = sliceRows(bytes('{"n":1,"data":{"items":[{"a":1.0,\n"b":"x,]}"} , {"a":12345678901234567890}]},"z":[]}'), [
      "data",
      "items",
    ])
    expect(linesOf(slice?.lines ?? bytes(""))).toEqual(['{"a":1.0, "b":"x,]}"} ', ' {"a":12345678901234567890}'])
    expect(slice).toMatchObject({ count: 2, areObjects: true })
  })

  it.each([
    ["nothing there", '{"a":[]}', ["b"], undefined],
    ["an empty list", '{"a":[ ]}', ["a"], { count: 0, areObjects: true }],
    ["the whole document", '[{"a":1},{"a":2}]', [], { count: 2, areObjects: true }],
    ["a single object", '{"a":{"b":1}}', ["a"], { count: 1, areObjects: true }],
    ["scalars", "[1,null]", [], { count: 2, areObjects: false }],
    ["a key that comes twice", '{"a":[1],"a":[{},{}]}', ["a"], { count: 2, areObjects: true }],
    ["an escaped key", '{"\\u0061":[{}]}', ["a"], { count: 1, areObjects: true }],
    ["a byte-order mark", '\ufeff[{"a":1}]', [], { count: 1, areObjects: true }],
    ["a list on the way", '{"a":[{"b":[]}]}', ["a", "b"], undefined],
  ])("%s", (_, text, keys, expected) => {
    const slice = sliceRows(bytes(text), keys)
    if (expected === undefined) expect(slice).toBeUndefined()
    else expect(slice).toMatchObject(expected)
  })

  it("leaves the document as it is", () => {
    const document = bytes('{"items":[{"a":\n1},{"b":2}]}')
    sliceRows(document, ["items"])
    expect(Buffer.from(document).toString()).toBe('{"items":[{"a":\n1},{"b":2}]}')
  })

  it("refuses every document that ends too early", () => {
    const whole = '{"items":[{"a":"\\"]","b":[1,{"c":null}]},{"d":"é"}],"next":"x"}'
    for (let cut = 0; cut < bytes(whole).length; cut++)
      expect(() => sliceRows(bytes(whole).subarray(0, cut), ["items"]), `cut at ${cut}`).toThrow(BrokenDocument)
  })

  it.each(['{"items":[{}]}}', '{"items":[{}}]', '{"items":[{"a":1}{"b":2}]}', '{"items":["a\nb"]}', "<html></html>", '{"items":[{},]}'])(
    "refuses %s",
    (text) => {
      expect(() => sliceRows(bytes(text), ["items"])).toThrow(BrokenDocument)
    },
  )

  it("gives back any rows, however the document is written", () => {
    const row = fc.dictionary(fc.string(), fc.jsonValue())
    fc.assert(
      fc.property(fc.array(row), fc.constantFrom(undefined, 1, "\t"), fc.dictionary(fc.string(), fc.jsonValue()), (rows, space, rest) => {
        const document = JSON.stringify({ ...rest, "the rows": rows }, undefined, space)
        const slice = sliceRows(bytes(document), ["the rows"])
        expect(linesOf(slice?.lines ?? bytes("")).map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(rows)))
      }),
      { numRuns: 200 },
    )
  })
})
