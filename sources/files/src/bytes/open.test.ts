import { gzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { type FilesOptions, files } from "../index.ts"
import { fakeContext, folderWith, readAll, rowsOf } from "../test-folder.ts"

async function read(content: Uint8Array, options: Partial<FilesOptions> & { path: string }) {
  const folder = await folderWith({ [options.path]: content })
  return rowsOf(await readAll(files(options), fakeContext(folder)))
}

const one = gzipSync('{"a":1}\n')
const two = gzipSync('{"a":2}\n')

describe("gzip", () => {
  it.each([
    ["one member", one, [{ a: 1 }]],
    ["several members", Buffer.concat([one, two]), [{ a: 1 }, { a: 2 }]],
    ["zero bytes at the end", Buffer.concat([one, Buffer.alloc(600)]), [{ a: 1 }]],
    ["no rows", gzipSync(""), []],
  ])("with %s is read by extension and by its first bytes", async (_, content, expected) => {
    expect(await read(content, { path: "a.ndjson.gz" })).toEqual(expected)
    expect(await read(content, { path: "a.ndjson" })).toEqual(expected)
    expect(await read(content, { path: "a.ndjson", compression: "gzip" })).toEqual(expected)
  })

  it.each([
    ["cut off", one.subarray(0, one.length - 9), "truncated-gzip"],
    ["cut off in its second member", Buffer.concat([one, two.subarray(0, 12)]), "truncated-gzip"],
    ["of zero bytes", Buffer.alloc(0), "truncated-gzip"],
    ["followed by something else", Buffer.concat([one, Buffer.from("something else")]), "corrupt-gzip"],
    ["with a member after padding", Buffer.concat([one, Buffer.alloc(9), two]), "corrupt-gzip"],
    ["in name only", Buffer.from('{"a":1}\n'), "corrupt-gzip"],
  ])("%s is an error that names file and position", async (_, content, code) => {
    const failure = read(content, { path: "a.ndjson.gz" })
    await expect(failure).rejects.toMatchObject({ code, details: { file: "a.ndjson.gz", bytes: expect.any(Number) } })
  })

  it("of a megabyte that does not compress arrives whole", async () => {
    const rows = Array.from({ length: 30_000 }, (_, id) => ({ id, hash: Math.sin(id).toString(36) }))
    const zipped = gzipSync(rows.map((row) => JSON.stringify(row)).join("\n"))
    expect(await read(zipped, { path: "a.jsonl.gz" })).toEqual(rows)
  })
})

describe("encodings", () => {
  it.each(["utf-16le", "utf-16be"])("a file in %s with byte-order mark is an error that says what to set", async (encoding) => {
    const content = Buffer.from('\ufeff{"a":"å"}\n', "utf16le")
    if (encoding === "utf-16be") content.swap16()
    await expect(read(content, { path: "a.ndjson" })).rejects.toMatchObject({
      code: "unsupported-encoding",
      hint: `set encoding: "${encoding}"`,
    })
    expect(await read(content, { path: "a.ndjson", encoding })).toEqual([{ a: "å" }])
  })

  it("windows-1252 is read when it is named, and an error when it is not", async () => {
    const content = Buffer.from("name\nÅse\n", "latin1")
    expect(await read(content, { path: "a.csv", encoding: "windows-1252" })).toEqual([{ name: "Åse" }])
    await expect(read(content, { path: "a.csv" })).rejects.toMatchObject({ code: "invalid-encoding", details: { file: "a.csv" } })
  })

  it("an encoding that does not exist is an error", async () => {
    await expect(read(Buffer.from("a"), { path: "a.csv", encoding: "nonsense" })).rejects.toMatchObject({ code: "unsupported-encoding" })
  })
})
