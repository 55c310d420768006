import { Readable } from "node:stream"
import { describe, expect, it } from "vitest"
import { type ByteChunks, jsonLines } from "./json-lines.ts"

async function read(chunks: ByteChunks, origin?: string) {
  const batches: { text: string; line: number | undefined; name: string | undefined }[] = []
  for await (const { bytes, origin: from } of jsonLines(chunks, origin === undefined ? {} : { origin }))
    batches.push({ text: Buffer.from(bytes).toString(), line: from?.line, name: from?.name })
  return batches
}

const text = '{"a": 1}\n{"a": "ü"}\n{"a": 3}'

describe("JSON lines from a stream", () => {
  it.each([
    ["texts", [text.slice(0, 5), text.slice(5)]],
    ["bytes that are cut within a character", [Buffer.from(text).subarray(0, 17), Buffer.from(text).subarray(17)]],
    ["a Node stream", Readable.from([Buffer.from(text)])],
    ["a Web stream", new Blob([text]).stream()],
  ] as const)("come from %s", async (_, chunks) => {
    expect(await read(chunks)).toEqual([{ text, line: 1, name: "json lines" }])
  })

  it("come in batches of whole lines, with the number of their first line", async () => {
    const line = `${JSON.stringify({ pad: "x".repeat(400_000) })}\n`
    const bytes = Buffer.from(`${line.repeat(7)}{"last": true}`)
    const chunks = Array.from({ length: Math.ceil(bytes.length / 70_000) }, (_, i) => bytes.subarray(i * 70_000, (i + 1) * 70_000))
    const batches = await read(chunks, "events.ndjson")
    expect(batches.map(({ line: first }) => first)).toEqual([1, 4, 7])
    expect(batches.every(({ name }) => name === "events.ndjson")).toBe(true)
    expect(batches.slice(0, -1).every((batch) => batch.text.endsWith("}\n"))).toBe(true)
    expect(batches.map((batch) => batch.text).join("")).toBe(bytes.toString())
  })

  it("are none in an empty stream", async () => {
    expect(await read([])).toEqual([])
    expect(await read([""])).toEqual([])
  })

  it("close the stream when nobody wants more", async () => {
    const stream = Readable.from([`{"pad": "${"x".repeat(2_000_000)}"}\n`, '{"b": 2}\n'])
    for await (const _ of jsonLines(stream)) break
    expect(stream.destroyed).toBe(true)
  })
})
