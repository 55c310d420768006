import { LadingError } from "@lading/core"
import type { CsvError } from "csv-parse"
import type { FoundFile } from "../find-files.ts"
import { type CsvDialect, type CsvFields, type CsvSession, startSession } from "./csv-session.ts"

/** One record, or the text of a line that is none. */
export type CsvRecord =
  | (CsvFields & { readonly fault?: undefined })
  | { readonly line: number; readonly text: string; readonly fault: string; readonly fields?: undefined }

const greatestRecordBytes = 64 * 1024 * 1024

interface Progress {
  session: CsvSession
  /** What the session was given since the block in which its last record ended, and where in its bytes that begins. */
  held: Buffer[]
  heldFrom: number
  heldBytes: number
  /** A line with a fault whose end has not been seen. */
  broken: { bytes: Buffer; readonly fault: string; readonly lineBefore: number } | undefined
}

/**
 * Parses blocks of UTF-8 into records, some at a time. A line with a stray quote becomes a fault, and parsing goes on with the next line.
 * Throws `csv-unclosed-quote` and `csv-record-too-long` with file and line.
 */
export async function* parseCsv(file: FoundFile, blocks: AsyncIterable<Buffer>, dialect: CsvDialect): AsyncGenerator<CsvRecord[]> {
  const progress: Progress = { ...restart(dialect, 0), broken: undefined }
  try {
    for await (const block of blocks) {
      const records = await feed(file, progress, block, dialect, false)
      if (records.length > 0) yield records
    }
    const records = await feed(file, progress, Buffer.alloc(0), dialect, true)
    if (records.length > 0) yield records
  } finally {
    progress.session.close()
  }
}

function restart(dialect: CsvDialect, lineBefore: number) {
  return { session: startSession(dialect, lineBefore), held: [], heldFrom: 0, heldBytes: 0 }
}

async function feed(file: FoundFile, progress: Progress, block: Buffer, dialect: CsvDialect, isLast: boolean): Promise<CsvRecord[]> {
  const records: CsvRecord[] = []
  let rest = block
  for (;;) {
    if (progress.broken !== undefined) {
      const after = leaveLine(progress, progress.broken, rest, dialect, records, isLast)
      if (after === undefined) return records
      rest = after
    }
    const fault = await progress.session.write(rest, isLast)
    records.push(...progress.session.take())
    if (fault === undefined) {
      hold(file, progress, rest)
      return records
    }
    if (fault.code === "CSV_QUOTE_NOT_CLOSED") throw unclosed(file, progress.session.lastLine() + 1, fault)
    progress.broken = enterLine(progress, rest, fault)
    rest = Buffer.alloc(0)
  }
}

function hold(file: FoundFile, progress: Progress, block: Buffer): void {
  const parsed = progress.session.parsedBytes()
  const end = progress.heldFrom + progress.heldBytes
  const isFresh = parsed > end
  progress.held = isFresh ? [block] : [...progress.held, block]
  progress.heldFrom = isFresh ? end : progress.heldFrom
  progress.heldBytes = isFresh ? block.length : progress.heldBytes + block.length
  if (progress.heldBytes > greatestRecordBytes) throw tooLong(file, progress.session.lastLine() + 1)
}

/** Goes back to the start of the record with the fault, past blank lines. */
function enterLine(progress: Progress, block: Buffer, error: CsvError) {
  const bytes = Buffer.concat([...progress.held, block])
  let at = progress.session.parsedBytes() - progress.heldFrom
  let lineBefore = progress.session.lastLine()
  for (; bytes[at] === 10 || bytes[at] === 13; at++) if (bytes[at] === 10 || bytes[at + 1] !== 10) lineBefore++
  const isClosing = error.code === "CSV_INVALID_CLOSING_QUOTE"
  const isQuote = isClosing || error.code === "INVALID_OPENING_QUOTE"
  const fault = isClosing
    ? "a quoted field goes on after its closing quote"
    : isQuote
      ? "a quote stands inside an unquoted field"
      : error.message
  return { bytes: bytes.subarray(at), fault, lineBefore }
}

/** Takes the faulty line out as a record of its own; returns the bytes after it, or undefined when its end has not come yet. */
function leaveLine(
  progress: Progress,
  broken: NonNullable<Progress["broken"]>,
  more: Buffer,
  dialect: CsvDialect,
  records: CsvRecord[],
  isLast: boolean,
): Buffer | undefined {
  const bytes = Buffer.concat([broken.bytes, more])
  const end = endOfLine(bytes, isLast)
  if (end === undefined) {
    broken.bytes = bytes
    return undefined
  }
  const line = broken.lineBefore + 1
  records.push({ line, fault: broken.fault, text: bytes.toString("utf8", 0, end.text) })
  progress.session.close()
  Object.assign(progress, restart(dialect, line), { broken: undefined })
  return bytes.subarray(end.next)
}

function endOfLine(bytes: Buffer, isLast: boolean): { text: number; next: number } | undefined {
  const at = bytes.findIndex((byte) => byte === 10 || byte === 13)
  if (at === -1) return isLast ? { text: bytes.length, next: bytes.length } : undefined
  if (bytes[at] === 10) return { text: at, next: at + 1 }
  if (at + 1 === bytes.length && !isLast) return undefined
  return { text: at, next: bytes[at + 1] === 10 ? at + 2 : at + 1 }
}

function unclosed(file: FoundFile, line: number, cause: CsvError): LadingError {
  return new LadingError({
    code: "csv-unclosed-quote",
    message: `${file.name}: a quote is opened at or after line ${line} and never closed`,
    hint: "the file is cut off or has a stray quote there; if quotes are plain text in this file, set quote: false",
    details: { file: file.name, line },
    cause,
  })
}

function tooLong(file: FoundFile, line: number): LadingError {
  return new LadingError({
    code: "csv-record-too-long",
    message: `${file.name}: the record that begins at or after line ${line} is longer than ${greatestRecordBytes} bytes`,
    hint: "look for a quote that is not closed there; if quotes are plain text in this file, set quote: false",
    details: { file: file.name, line },
  })
}
