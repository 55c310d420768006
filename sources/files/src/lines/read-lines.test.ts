import { gzipSync } from "node:zlib"
import type { Batch } from "@lading/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { files } from "../files.ts"
import { findFiles } from "../find-files.ts"
import { fakeContext, folderWith, placed, readAll, rejectsOf, rowsOf } from "../test-folder.ts"
import { readLines } from "./read-lines.ts"

const plain = { compression: "auto", encoding: "utf-8" } as const

async function readText(content: string | Uint8Array, chunkSize?: number): Promise<Batch[]> {
  const folder = await folderWith({ "a.ndjson": content })
  const [file] = await findFiles("a.ndjson", folder)
  const batches: Batch[] = []
  if (file === undefined) throw new Error("no file")
  for await (const batch of readLines(file, plain, chunkSize)) {
    batches.push(batch.kind === "json-lines" ? { ...batch, bytes: Uint8Array.from(batch.bytes) } : batch)
  }
  return batches
}

describe("an NDJSON file", () => {
  it.each([
    [
      "with a last line break",
      '{"a":1}\n{"a":2}\n',
      [
        [1, { a: 1 }],
        [2, { a: 2 }],
      ],
    ],
    [
      "without a last line break",
      '{"a":1}\n{"a":2}',
      [
        [1, { a: 1 }],
        [2, { a: 2 }],
      ],
    ],
    [
      "with CR LF",
      '{"a":1}\r\n{"a":2}\r\n',
      [
        [1, { a: 1 }],
        [2, { a: 2 }],
      ],
    ],
    [
      "with blank lines, whose lines still count",
      '\n{"a":1}\n\r\n  \t\n{"a":2}\n\n',
      [
        [2, { a: 1 }],
        [5, { a: 2 }],
      ],
    ],
    ["with leading spaces", '  {"a":1}\n', [[1, { a: 1 }]]],
    ["with a byte-order mark", '\ufeff{"a":1}\n', [[1, { a: 1 }]]],
    [
      "with an empty object",
      '{}\n{"v":null}\n',
      [
        [1, {}],
        [2, { v: null }],
      ],
    ],
    ["that is empty", "", []],
    ["of a byte-order mark only", "\ufeff", []],
    ["of blank lines only", "\n\n \n", []],
  ])("%s gives its rows with their lines", async (_, content, expected) => {
    expect(placed(await readText(content))).toEqual(expected)
  })

  it("passes the bytes of a line on as they are, so that large numbers survive", async () => {
    const content = '{"n":9007199254740993, "f":1.10}\n'
    const [batch] = await readText(content)
    expect(batch?.kind === "json-lines" && Buffer.from(batch.bytes).toString()).toBe(content)
  })

  it("joins a line that is longer than many chunks", async () => {
    const long = JSON.stringify({ text: "y".repeat(300_000) })
    const batches = await readText(`{"a":1}\n${long}\n{"a":2}`, 1000)
    expect(placed(batches).map(([line]) => line)).toEqual([1, 2, 3])
    expect(rowsOf(batches)[1]).toEqual(JSON.parse(long))
  })

  it("rejects a line that is not UTF-8 and loads its neighbours", async () => {
    const batches = await readText(Buffer.concat([Buffer.from('{"a":1}\n{"a":"'), Buffer.from([0xff, 0xe9]), Buffer.from('"}\n{"a":3}\n')]))
    expect(placed(batches)).toEqual([
      [1, { a: 1 }],
      [3, { a: 3 }],
    ])
    expect(rejectsOf(batches)).toMatchObject([{ code: "invalid-encoding", line: 2 }])
  })

  it("gives the same rows and lines whatever the chunk size", async () => {
    const line = fc.oneof(
      fc.constantFrom("", "  ", "\r"),
      fc.object({ maxDepth: 1, values: [fc.string({ unit: "grapheme" }), fc.integer()] }).map((row) => JSON.stringify(row)),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 30 }),
        fc.integer({ min: 1, max: 200 }),
        fc.boolean(),
        async (lines, chunkSize, isZipped) => {
          const content = Buffer.from(lines.join("\n"))
          const expected = lines.flatMap((text, index) => (text.trim() === "" ? [] : [[index + 1, JSON.parse(text)]]))
          expect(placed(await readText(isZipped ? gzipSync(content) : content, chunkSize))).toEqual(expected)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe("the bytes of a batch", () => {
  it("stay valid until the next pull, also while the reader looks ahead for the end of the file", async () => {
    const lines = Array.from({ length: 60_000 }, (_, id) => JSON.stringify({ id, text: "x".repeat(100) }))
    const folder = await folderWith({ "a.ndjson": lines.join("\n") })
    const seen: unknown[] = []
    let batchCount = 0
    for await (const batch of (await files({ path: "a.ndjson" }).read(fakeContext(folder))) as AsyncIterable<Batch>) {
      batchCount++
      for (const row of rowsOf([batch])) seen.push(row)
    }
    expect(batchCount).toBeGreaterThan(2)
    expect(seen).toEqual(lines.map((line) => JSON.parse(line)))
  })

  it("may be taken away by transferring their buffer", async () => {
    const lines = Array.from({ length: 60_000 }, (_, id) => JSON.stringify({ id, text: "x".repeat(100) }))
    const folder = await folderWith({ "a.ndjson": lines.join("\n") })
    let count = 0
    for await (const batch of (await files({ path: "a.ndjson" }).read(fakeContext(folder))) as AsyncIterable<Batch>) {
      if (batch.kind !== "json-lines") continue
      const { buffer, byteOffset, byteLength } = batch.bytes
      const taken = structuredClone(buffer, { transfer: [buffer as ArrayBuffer] })
      count += Buffer.from(taken, byteOffset, byteLength).toString().trimEnd().split("\n").length
    }
    expect(count).toBe(lines.length)
  })
})

describe("fileColumn and lineColumn", () => {
  it("add the place of each row and reject the lines that are no objects", async () => {
    const folder = await folderWith({ "in/a.ndjson": '{"a":1}\n\n{"a":\n[1]\n{"a":2}\n' })
    const batches = await readAll(files({ path: "in/*.ndjson", fileColumn: "file", lineColumn: "line" }), fakeContext(folder))
    expect(rowsOf(batches)).toEqual([
      { a: 1, file: "in/a.ndjson", line: 1 },
      { a: 2, file: "in/a.ndjson", line: 5 },
    ])
    expect(rejectsOf(batches)).toMatchObject([
      { code: "invalid-json", line: 3, value: '{"a":' },
      { code: "not-an-object", line: 4, value: "[1]" },
    ])
  })

  it("refuse to overwrite a field", async () => {
    const folder = await folderWith({ "a.ndjson": '{"file":"mine"}\n' })
    await expect(readAll(files({ path: "a.ndjson", fileColumn: "file" }), fakeContext(folder))).rejects.toMatchObject({
      code: "column-taken",
    })
  })
})
