import { finished } from "node:stream/promises"
import { CsvError, parse } from "csv-parse"

/** A field that stood in quotes and would mean something else without them. */
export interface QuotedText {
  readonly quoted: string
}

export interface CsvDialect {
  readonly delimiter: string
  readonly quote: string | false
  /** Unquoted texts that mean null; a quoted one is told apart. */
  readonly nulls: ReadonlySet<string>
}

/** A record with the line on which it begins. */
export interface CsvFields {
  readonly line: number
  readonly fields: readonly (string | QuotedText)[]
}

/** One run of csv-parse over bytes that begin with a new record; over after the first fault. */
export interface CsvSession {
  /** Parses bytes, the last ones of the file or not; resolves to the fault that ends the session, if any. */
  write(bytes: Buffer, isLast: boolean): Promise<CsvError | undefined>
  /** The records parsed since the last call. */
  take(): CsvFields[]
  /** Bytes of this session up to the end of the last record. */
  parsedBytes(): number
  /** Line on which the last record ended. */
  lastLine(): number
  close(): void
}

/** Starts parsing below line `lineBefore`. Every kind of line end is taken anywhere, blank lines are passed over. */
export function startSession({ delimiter, quote, nulls }: CsvDialect, lineBefore: number): CsvSession {
  const records: CsvFields[] = []
  /** The parser counts a CR LF inside quotes as two lines. */
  let surplus = -lineBefore
  let lineBreaks = 0
  let last = lineBefore
  let parsed = 0
  const parser = parse({
    delimiter,
    quote: quote === false ? null : quote,
    escape: quote,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    skip_empty_lines: true,
    cast: (text, { quoting, index }) => {
      if (index === 0) lineBreaks = 0
      if (!quoting) return text
      const found = text.match(/\r\n|\r|\n/g) ?? []
      lineBreaks += found.length
      surplus += found.filter((lineBreak) => lineBreak.length === 2).length
      return nulls.has(text) ? { quoted: text } : text
    },
    on_record: (fields: (string | QuotedText)[], context) => {
      parsed = context.bytes
      last = context.lines - surplus
      records.push({ fields, line: last - lineBreaks })
      return null
    },
  })
  const end = finished(parser.resume()).then(() => undefined, asFault)
  end.catch(() => undefined)
  return {
    write: async (bytes, isLast) => {
      const fault = await new Promise<CsvError | undefined>((resolve, reject) => {
        parser.write(bytes, (error) => (error instanceof CsvError || !error ? resolve(error ?? undefined) : reject(error)))
      })
      if (fault !== undefined || !isLast) return fault
      parser.end()
      return end
    },
    take: () => records.splice(0),
    parsedBytes: () => parsed,
    lastLine: () => last,
    close: () => void parser.destroy(),
  }
}

function asFault(error: unknown): CsvError {
  if (error instanceof CsvError) return error
  throw error
}
