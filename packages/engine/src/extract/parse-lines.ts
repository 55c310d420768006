import { isLadingError, JsonFault, type JsonLinesBatch, JsonParser, parseJsonExact, type RejectBatch, type RowBatch } from "@lading/core"

/** Nesting beyond which a document is rejected, the same as in the normalizer. */
const maxDepth = 256
const decoder = new TextDecoder("utf-8", { fatal: true })

type RejectedLine = RejectBatch["rejects"][number]

/**
 * Parses JSON lines into rows, for steps and cursors that look at rows. With `plain`, rows are what a step of the user expects: plain
 * objects, integers beyond 2^53 as bigint, all other numbers as number; without, they are the normalizer's own objects, in which `1.0` is
 * still told from `1`. Lines that are not JSON come back as rejects.
 */
export function parseLines(
  batch: JsonLinesBatch,
  { plain }: { readonly plain: boolean },
): { readonly rows: RowBatch; readonly rejects: RejectBatch | undefined } {
  const parse = plain ? parsePlain : parseOwn(new JsonParser(maxDepth))
  const rows: unknown[] = []
  const lines: number[] = []
  const rejects: RejectedLine[] = []
  const { bytes, origin } = batch
  let line = origin?.line ?? 1
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start)
    const end = newline < 0 ? bytes.length : newline
    parseLine(bytes.subarray(start, end), line, parse, rows, lines, rejects)
    start = end + 1
  }
  const from = origin === undefined ? {} : { origin }
  return {
    rows: { kind: "rows", rows, lines, ...from },
    rejects: rejects.length === 0 ? undefined : { kind: "rejects", rejects, ...from },
  }
}

type Parse = (bytes: Uint8Array, text: string) => unknown

function parsePlain(_: Uint8Array, text: string): unknown {
  return parseJsonExact(text)
}

function parseOwn(parser: JsonParser): Parse {
  return (bytes) => parser.parse(bytes, 0, bytes.length)
}

function parseLine(bytes: Uint8Array, line: number, parse: Parse, rows: unknown[], lines: number[], rejects: RejectedLine[]): void {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    rejects.push({ code: "invalid-utf8", message: "bytes that are not UTF-8", value: Buffer.from(bytes).toString("latin1"), line })
    return
  }
  if (text.trim() === "") return
  try {
    rows.push(parse(bytes, text))
    lines.push(line)
  } catch (error) {
    const isKnown = error instanceof JsonFault || isLadingError(error)
    if (!isKnown) throw error
    const message = error instanceof JsonFault ? `${error.message} at byte ${error.offset} of the line` : error.message
    rejects.push({ code: error.code, message, value: text, line })
  }
}
