import type { JsonLinesBatch } from "@lading/core"

/** Bytes after which the lines gathered so far go on. */
const batchBytes = 1 << 20
const newline = 0x0a

/** A stream of bytes or text: a Node stream, a Web stream such as the body of a response, or any iterable of chunks. */
export type ByteChunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string> | ReadableStream<Uint8Array>

/** Where the bytes come from, for error messages and rejects. */
export interface JsonLinesOptions {
  /** File name or address; default `json lines`. */
  readonly origin?: string
}

/**
 * Rows from a stream of JSON documents, one a line (NDJSON). The bytes go straight into columns, so integers beyond 2^53 stay exact; a line
 * that is no JSON becomes a reject with its number.
 *
 * @example
 * const events = resource("events", async ({ fetch }) => jsonLines((await fetch("https://example.com/events.ndjson")).body ?? []))
 */
export async function* jsonLines(
  chunks: ByteChunks,
  { origin = "json lines" }: JsonLinesOptions = {},
): AsyncGenerator<JsonLinesBatch, void, undefined> {
  let waiting: Uint8Array[] = []
  let size = 0
  let line = 1
  const take = (whole: Uint8Array): JsonLinesBatch => {
    const bytes = waiting.length === 0 ? whole : Buffer.concat([...waiting, whole])
    const batch = { kind: "json-lines", bytes, origin: { name: origin, line } } as const
    waiting = []
    size = 0
    line += countLines(bytes)
    return batch
  }
  for await (const chunk of chunks as AsyncIterable<Uint8Array | string>) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk
    size += bytes.byteLength
    const end = size < batchBytes ? -1 : bytes.lastIndexOf(newline)
    if (end < 0) {
      waiting.push(bytes)
      continue
    }
    yield take(bytes.subarray(0, end + 1))
    const rest = bytes.subarray(end + 1)
    if (rest.byteLength > 0) waiting.push(rest)
    size = rest.byteLength
  }
  if (size > 0) yield take(new Uint8Array(0))
}

function countLines(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count++
  return count
}
