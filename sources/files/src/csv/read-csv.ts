import { type Batch, LadingError, type RejectBatch } from "@lading/core"
import { checkUtf8 } from "../bytes/encoding.ts"
import { type ByteOptions, openBytes } from "../bytes/open.ts"
import { readBlocks } from "../bytes/reader.ts"
import type { FoundFile } from "../find-files.ts"
import type { CsvDialect, CsvFields, QuotedText } from "./csv-session.ts"
import { type Header, readHeader } from "./header.ts"
import { type CsvRecord, parseCsv } from "./parse-csv.ts"
import { type CsvType, convert, type Evidence, noEvidence, observe } from "./types.ts"

export interface CsvOptions extends ByteOptions, CsvDialect {
  readonly hasHeader: boolean
  readonly columnNames: readonly string[] | undefined
  readonly fileColumn: string | undefined
  readonly lineColumn: string | undefined
  readonly warn: (message: string) => void
  /** For tests: bytes read at once and rows in a batch. */
  readonly blockBytes?: number
  readonly batchRows?: number
}

type Field = string | QuotedText
type Reject = RejectBatch["rejects"][number]

/** Reads the file once and adds to the evidence of each column, by name. Rows that will be rejected say nothing. */
export async function observeCsv(file: FoundFile, options: CsvOptions, evidence: Map<string, Evidence>): Promise<void> {
  for await (const { header, records } of readRecords(file, options)) {
    const columns = header.names.map((name) => {
      const known = evidence.get(name) ?? noEvidence()
      evidence.set(name, known)
      return known
    })
    for (const { fields } of records) {
      for (let index = 0; index < columns.length; index++) {
        const column = columns[index]
        const text = textOf(fields[index], options.nulls)
        if (column !== undefined && text !== null) observe(column, text)
      }
    }
  }
}

/**
 * The rows of a CSV file in batches with the line on which each begins; rows with too few or too many fields (`csv-ragged`) and rows with
 * stray quotes (`csv-quote`) are rejects. `types` says what becomes of a column's texts; a column without type stays text.
 */
export async function* readCsv(file: FoundFile, options: CsvOptions, types: ReadonlyMap<string, CsvType>): AsyncGenerator<Batch> {
  const batchRows = options.batchRows ?? 4096
  let rows: unknown[] = []
  let lines: number[] = []
  const take = (): Batch => {
    const batch: Batch = { kind: "rows", rows, lines, origin: { name: file.name, line: lines[0] ?? 1 } }
    rows = []
    lines = []
    return batch
  }
  let toRow: ((record: CsvFields) => unknown) | undefined
  for await (const { header, records, rejects } of readRecords(file, options)) {
    toRow ??= createRowBuilder(file, header, options, types)
    for (const record of records) {
      rows.push(toRow(record))
      lines.push(record.line)
      if (rows.length >= batchRows) yield take()
    }
    if (rejects.length > 0) yield { kind: "rejects", rejects, origin: { name: file.name, line: rejects[0]?.line ?? 1 } }
  }
  if (rows.length > 0) yield take()
}

/** Records that fit the header, and rejects for those that do not, some at a time. Nothing for a file without a row. */
async function* readRecords(
  file: FoundFile,
  options: CsvOptions,
): AsyncGenerator<{ header: Header; records: CsvFields[]; rejects: Reject[] }> {
  const reader = await openBytes(file, options)
  let header: Header | undefined
  try {
    const blocks = checkUtf8(file, readBlocks(reader, options.blockBytes ?? 256 * 1024))
    for await (const parsed of parseCsv(file, blocks, options)) {
      const records: CsvFields[] = []
      const rejects: Reject[] = []
      for (const record of parsed) {
        const isHeader = header === undefined && options.hasHeader
        header ??= startTable(file, record, options)
        if (isHeader || isBlank(record, header)) continue
        if (record.fields !== undefined && record.fields.length === header.names.length) records.push(record)
        else rejects.push(toReject(file, record, header, options))
      }
      if (header !== undefined) yield { header, records, rejects }
    }
  } finally {
    await reader.close()
  }
}

function startTable(file: FoundFile, record: CsvRecord, options: CsvOptions): Header {
  const { fields, line } = record
  if (fields === undefined) {
    const details = { file: file.name, line }
    throw new LadingError({
      code: "csv-header",
      message: `${file.name} line ${line}: ${record.fault}`,
      hint: "repair the first row",
      details,
    })
  }
  const header = readHeader(file.name, fields.map(literal), options.columnNames, options.hasHeader)
  const added = [options.fileColumn, options.lineColumn].find((name) => name !== undefined && header.names.includes(name))
  if (added === undefined) return header
  throw new LadingError({
    code: "column-taken",
    message: `${file.name} has a column ${added} already`,
    hint: "choose another name for fileColumn or lineColumn",
    details: { file: file.name, column: added },
  })
}

/** A row of white space only is no row, unless the table has just one column. */
function isBlank(record: CsvRecord, header: Header): boolean {
  const only = record.fields?.length === 1 && header.names.length > 1 ? record.fields[0] : undefined
  return typeof only === "string" && only.trim() === ""
}

function toReject(file: FoundFile, record: CsvRecord, header: Header, options: CsvDialect): Reject {
  const where = `${file.name} line ${record.line}`
  if (record.fields === undefined) return { code: "csv-quote", message: `${where}: ${record.fault}`, value: record.text, line: record.line }
  const message = `${where} has ${record.fields.length} fields where the header has ${header.names.length}`
  const value = record.fields.map((field) => quoted(field, options)).join(options.delimiter)
  return { code: "csv-ragged", message, value, line: record.line }
}

function quoted(field: Field, { delimiter, quote }: CsvDialect): string {
  const text = literal(field)
  if (quote === false || !(typeof field !== "string" || text.includes(delimiter) || text.includes(quote) || /[\r\n]/.test(text)))
    return text
  return quote + text.replaceAll(quote, quote + quote) + quote
}

function literal(field: Field): string {
  return typeof field === "string" ? field : field.quoted
}

function textOf(field: Field | undefined, nulls: ReadonlySet<string>): string | null {
  if (field === undefined) return null
  if (typeof field !== "string") return field.quoted
  return nulls.has(field) ? null : field
}

function createRowBuilder(file: FoundFile, header: Header, options: CsvOptions, types: ReadonlyMap<string, CsvType>) {
  const { generated, names } = header
  if (generated.length > 0 && options.hasHeader && options.columnNames === undefined) {
    const list = generated.map((position) => `${names[position - 1]} (position ${position})`).join(", ")
    options.warn(`${file.name}: empty or repeated column names were replaced: ${list}`)
  }
  const kinds = names.map((name) => types.get(name) ?? "text")
  const isUnsafe = names.includes("__proto__")
  return ({ fields, line }: CsvFields): unknown => {
    const row: Record<string, unknown> = {}
    for (let index = 0; index < names.length; index++) {
      const name = names[index] ?? ""
      const text = textOf(fields[index], options.nulls)
      const value = text === null ? null : convert(text, kinds[index] ?? "text")
      if (isUnsafe) Object.defineProperty(row, name, { value, enumerable: true, writable: true, configurable: true })
      else row[name] = value
    }
    if (options.fileColumn !== undefined) row[options.fileColumn] = file.name
    if (options.lineColumn !== undefined) row[options.lineColumn] = line
    return row
  }
}
