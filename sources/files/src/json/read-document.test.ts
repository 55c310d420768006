import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { files } from "../files.ts"
import { findFiles } from "../find-files.ts"
import { fakeContext, folderWith, placed, readAll, rowsOf, textOf } from "../test-folder.ts"
import { readDocument } from "./read-document.ts"

async function readText(content: string | Uint8Array, selector?: string, blockBytes?: number, batchBytes?: number) {
  const folder = await folderWith({ "a.json": content })
  const [file] = await findFiles("a.json", folder)
  if (file === undefined) throw new Error("no file")
  const sizes = { ...(blockBytes === undefined ? {} : { blockBytes }), ...(batchBytes === undefined ? {} : { batchBytes }) }
  const lines: string[] = []
  for await (const { batch } of readDocument(file, { compression: "auto", encoding: "utf-8", selector, ...sizes }))
    lines.push(...textOf(batch.bytes))
  return lines
}

describe("a JSON document", () => {
  it.each([
    ["a list", '[{"a":1},{"a":2}]', undefined, ['{"a":1}', '{"a":2}']],
    ["a list over several lines", '[\n {\r\n"a": 1\n},\n2 ]\n', undefined, ['{  "a": 1 }', "2"]],
    ["one object", ' {"a":[1,2]}\n', undefined, ['{"a":[1,2]}']],
    ["one number", "17", undefined, ["17"]],
    ["an empty list", " [ ] ", undefined, [""]],
    ["exact numbers", "[9007199254740993,1.10,1e400]", undefined, ["9007199254740993", "1.10", "1e400"]],
    ["brackets and escapes in texts", '[{"a":"]}\\"\\\\"},"[\\\\"]', undefined, ['{"a":"]}\\"\\\\"}', '"[\\\\"']],
    ["a byte-order mark", '\ufeff[{"a":1}]', undefined, ['{"a":1}']],
    ["a selected list", '{"n":{"items":[0]},"data":{"x":"]","items":[{"a":1},{"a":2}],"z":1}}', "data.items", ['{"a":1}', '{"a":2}']],
    ["a selected object", '{"data":{"a":1}}', "data", ['{"a":1}']],
    ["a selected key with an escape", '{"d\\u0061ta":[1]}', "data", ["1"]],
  ])("with %s gives its elements as lines", async (_, content, selector, expected) => {
    const lines = await readText(content, selector)
    expect(lines.length === 0 ? [""] : lines).toEqual(expected)
  })

  it.each(["", " \n ", "\ufeff"])("without content (%j) has no rows", async (content) => {
    expect(await readText(content)).toEqual([])
  })

  it.each([
    ["cut off in a list", '[{"a":1},\n{"a":2}', undefined, "truncated-json", 2, 17],
    ["cut off in an element", '[{"a":1},\n{"a', undefined, "truncated-json", 2, 13],
    ["cut off after a comma", "[1,", undefined, "truncated-json", 1, 3],
    ["cut off in an object", '{"a":1', undefined, "truncated-json", 1, 6],
    ["cut off beside the selected list", '{"d":[1],', "d", "truncated-json", 1, 9],
    ["with more after the end", '[1]\n{"a":1}', undefined, "json-trailing-data", 2, 4],
    ["with a second document", '{"a":1}\n{"a":2}', undefined, "json-trailing-data", 2, 8],
    ["without a comma", "[1 2]", undefined, "invalid-json", 1, 3],
    ["with a comma too many", "[1,]", undefined, "invalid-json", 1, 3],
    ["with a comma first", "[,1]", undefined, "invalid-json", 1, 1],
    ["that is no JSON", "hello", undefined, "invalid-json", 1, 0],
    ["with a line break in a text", '["a\nb"]', undefined, "invalid-json", 1, 3],
    ["without the selected list", '{"a":{"b":[1]}}', "a.c", "selector-not-found", 1, 15],
    ["with the selected list twice", '{"a":[1],"a":[2]}', "a", "invalid-json", 1, 13],
  ])("%s is an error with file, line and byte", async (_, content, selector, code, line, byte) => {
    await expect(readText(content, selector)).rejects.toMatchObject({ code, details: { file: "a.json", line, byte } })
    await expect(readText(content, selector, 1)).rejects.toMatchObject({ code, details: { file: "a.json", line, byte } })
  })

  it("gives the same elements whatever the block and batch size and the layout", async () => {
    const element = fc.json({ maxDepth: 3, stringUnit: "grapheme" }).map((text) => JSON.parse(text) as unknown)
    const sizes = fc.record({
      block: fc.integer({ min: 1, max: 50 }),
      batch: fc.integer({ min: 1, max: 50 }),
      indent: fc.constantFrom(0, 2),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(element, { maxLength: 8 }), sizes, async (list, { block, batch, indent }) => {
        const content = JSON.stringify({ skip: { rows: list }, data: { rows: list, last: '"]}' } }, null, indent)
        const lines = await readText(content, "data.rows", block, batch)
        expect(lines.map((line) => JSON.parse(line))).toEqual(list)
      }),
      { numRuns: 60 },
    )
  })

  it("tells the line of a batch, and of every row when columns for the place are wanted", async () => {
    const folder = await folderWith({ "a.json": '{\n"rows": [\n{"a":1},\n\n{"a":\n2}]}' })
    const batches = await readAll(files({ path: "a.json", selector: "rows" }), fakeContext(folder))
    expect(placed(batches)[0]).toEqual([3, { a: 1 }])
    const rows = rowsOf(await readAll(files({ path: "a.json", selector: "rows", lineColumn: "line" }), fakeContext(folder)))
    expect(rows).toEqual([
      { a: 1, line: 3 },
      { a: 2, line: 5 },
    ])
  })

  it("that is not UTF-8 is an error", async () => {
    await expect(readText(Buffer.from('["å"]', "latin1"))).rejects.toMatchObject({ code: "invalid-encoding" })
  })
})
