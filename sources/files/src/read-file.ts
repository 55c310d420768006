import { type Batch, LadingError } from "@lading/core"
import { type CsvOptions, readCsv } from "./csv/read-csv.ts"
import type { CsvType } from "./csv/types.ts"
import type { FoundFile } from "./find-files.ts"
import { readDocument } from "./json/read-document.ts"
import { readLines } from "./lines/read-lines.ts"
import { toRows } from "./lines/to-rows.ts"
import type { FileFormat, FilesOptions } from "./options.ts"

type KnownFormat = Exclude<FileFormat, "auto">

const extensions: Readonly<Record<string, KnownFormat>> = {
  ndjson: "ndjson",
  jsonl: "ndjson",
  ldjson: "ndjson",
  json: "json",
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
}

/** The format of a file: as said, else by its extension. Throws `unknown-format`. */
export function formatOf(file: FoundFile, format: FileFormat = "auto"): KnownFormat {
  if (format !== "auto") return format
  const extension = /\.([^./]+?)(?:\.(?:gz|gzip))?$/i.exec(file.name)?.[1]?.toLowerCase() ?? ""
  const known = Object.hasOwn(extensions, extension) ? extensions[extension] : undefined
  if (known !== undefined) return known
  throw new LadingError({
    code: "unknown-format",
    message: `the extension of ${file.name} does not tell its format`,
    hint: 'set format: "ndjson", "json", "csv" or "tsv"',
    details: { file: file.name },
  })
}

/** The CSV settings for files of one format. */
export function csvOptions(options: FilesOptions, format: KnownFormat, warn: (message: string) => void): CsvOptions {
  return {
    ...byteOptions(options),
    delimiter: options.delimiter ?? (format === "tsv" ? "\t" : ","),
    quote: options.quote ?? '"',
    nulls: new Set(["", ...(options.nullValues ?? [])]),
    hasHeader: options.header ?? true,
    columnNames: options.columnNames,
    ...placeColumns(options),
    warn,
  }
}

/** All batches of one file. The bytes of a `json-lines` batch are valid until the second next pull. */
export async function* readFile(
  file: FoundFile,
  options: FilesOptions,
  types: ReadonlyMap<string, CsvType>,
  warn: (message: string) => void,
): AsyncGenerator<Batch> {
  const format = formatOf(file, options.format)
  if (format === "csv" || format === "tsv") {
    yield* readCsv(file, csvOptions(options, format, warn), types)
    return
  }
  const hasPlace = options.fileColumn !== undefined || options.lineColumn !== undefined
  for await (const { batch, lines } of readDocuments(file, options, format)) {
    if (hasPlace && batch.kind === "json-lines") yield* toRows(batch, lines, placeColumns(options))
    else yield batch
  }
}

async function* readDocuments(
  file: FoundFile,
  options: FilesOptions,
  format: "ndjson" | "json",
): AsyncGenerator<{ batch: Batch; lines?: readonly number[] }> {
  if (format === "json") yield* readDocument(file, { ...byteOptions(options), selector: options.selector })
  else for await (const batch of readLines(file, byteOptions(options))) yield { batch }
}

function byteOptions(options: FilesOptions) {
  return { compression: options.compression ?? "auto", encoding: options.encoding ?? "utf-8" } as const
}

function placeColumns(options: FilesOptions) {
  return { fileColumn: options.fileColumn, lineColumn: options.lineColumn }
}
