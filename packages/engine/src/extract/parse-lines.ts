import { isLadingError, type JsonLinesBatch, parseJsonExact, type RejectBatch, type RowBatch } from "@lading/core"

const decoder = new TextDecoder("utf-8", { fatal: true })

/**
 * Parses JSON lines into plain rows, for steps and cursors that look at rows; integers beyond 2^53 become bigint. Lines that are not
 * JSON come back as rejects.
 */
export function parseLines(batch: JsonLinesBatch): { readonly rows: RowBatch; readonly rejects: RejectBatch | undefined } {
  const rows: unknown[] = []
  const lines: number[] = []
  const rejects: RejectBatch["rejects"][number][] = []
  const { bytes, origin } = batch
  let line = origin?.line ?? 1
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start)
    const end = newline < 0 ? bytes.length : newline
    parseLine(bytes.subarray(start, end), line, rows, lines, rejects)
    start = end + 1
  }
  const from = origin === undefined ? {} : { origin }
  return {
    rows: { kind: "rows", rows, lines, ...from },
    rejects: rejects.length === 0 ? undefined : { kind: "rejects", rejects, ...from },
  }
}

function parseLine(bytes: Uint8Array, line: number, rows: unknown[], lines: number[], rejects: RejectBatch["rejects"][number][]): void {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    rejects.push({ code: "invalid-utf8", message: "bytes that are not UTF-8", value: Buffer.from(bytes).toString("latin1"), line })
    return
  }
  if (text.trim() === "") return
  try {
    rows.push(parseJsonExact(text))
    lines.push(line)
  } catch (error) {
    if (!isLadingError(error)) throw error
    rejects.push({ code: error.code, message: error.message, value: text, line })
  }
}
