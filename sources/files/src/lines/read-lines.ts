import { isUtf8 } from "node:buffer"
import type { Batch, RejectBatch } from "@lading/core"
import { type ByteOptions, openBytes } from "../bytes/open.ts"
import type { FoundFile } from "../find-files.ts"
import { type LineChunk, wholeLines } from "./whole-lines.ts"

const chunkBytes = 2 * 1024 * 1024
const newline = 10

/**
 * The lines of an NDJSON file as `json-lines` batches. Their bytes are those of the file; blank lines, which are no rows, and lines that
 * are not UTF-8, which become rejects with code `invalid-encoding`, are cut out, so that row i stands on line `origin.line + i`.
 * The bytes are valid until the second next pull.
 */
export async function* readLines(file: FoundFile, options: ByteOptions, chunkSize = chunkBytes): AsyncGenerator<Batch> {
  const reader = await openBytes(file, options)
  try {
    for await (const chunk of wholeLines(reader, chunkSize)) yield* splitChunk(file, chunk)
  } finally {
    await reader.close()
  }
}

function* splitChunk(file: FoundFile, chunk: LineChunk): Generator<Batch> {
  const { bytes } = chunk
  const isValid = isUtf8(bytes)
  let start = 0
  let startLine = chunk.line
  let line = chunk.line
  for (let position = 0; position < bytes.length; line++) {
    const next = nextLine(bytes, position)
    const isBlank = (bytes[position] ?? 0) <= 32 && isBlankLine(bytes, position, next)
    if (isBlank || (!isValid && !isUtf8(bytes.subarray(position, next)))) {
      if (position > start) yield linesBatch(file, Buffer.from(bytes.subarray(start, position)), startLine)
      if (!isBlank) yield badEncoding(file, bytes.subarray(position, next), line)
      start = next
      startLine = line + 1
    }
    position = next
  }
  if (start < bytes.length) yield linesBatch(file, start === 0 ? bytes : Buffer.from(bytes.subarray(start)), startLine)
}

function nextLine(bytes: Buffer, position: number): number {
  const end = bytes.indexOf(newline, position)
  return end === -1 ? bytes.length : end + 1
}

function isBlankLine(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]
    if (byte !== 32 && byte !== 9 && byte !== 13 && byte !== newline) return false
  }
  return true
}

function linesBatch(file: FoundFile, bytes: Uint8Array, line: number): Batch {
  return { kind: "json-lines", bytes, origin: { name: file.name, line } }
}

function badEncoding(file: FoundFile, bytes: Buffer, line: number): RejectBatch {
  const message = `${file.name} line ${line} is not valid UTF-8`
  const value = bytes.toString("latin1").trimEnd()
  return { kind: "rejects", rejects: [{ code: "invalid-encoding", message, value, line }], origin: { name: file.name, line } }
}
