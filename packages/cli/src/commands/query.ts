import type { QueryBatch, QueryColumn } from "@lading/core"
import { createDataset } from "@lading/engine"
import pc from "picocolors"
import { type DatasetArguments, oneDatasetOptions } from "../dataset-options.ts"
import { isNumberType, toCell, toCsvLine, toMarkdownLine } from "../format/cells.ts"
import { toJson } from "../format/json.ts"
import { formatCountOf } from "../format/numbers.ts"
import { formatTable } from "../format/table.ts"
import { printable } from "../format/text.ts"
import type { Output, Session } from "../io.ts"

/** Options of `lading query`. */
export interface QueryArguments extends DatasetArguments {
  readonly file?: string
  readonly format: "table" | "csv" | "json" | "markdown"
  /** Rows of a table to show; 0 is all. */
  readonly maxRows: number
}

/** Runs one statement and prints its result. @throws LadingError of the pipeline file and of the destination */
export async function queryCommand(session: Session, sql: string, options: QueryArguments): Promise<void> {
  const { io, isJson } = session
  const batches = createDataset(await oneDatasetOptions(io, options.file, options)).stream(sql)
  const format = isJson ? "json" : options.format
  if (format === "json") return writeRows(session, batches)
  if (format === "table") return writeTable(session, batches, options.maxRows)
  await writeLines(io.stdout, batches, format)
}

/** Held until it is complete, so that an error on the way leaves no half document; one row a line. */
async function writeRows({ io }: Session, batches: AsyncIterable<QueryBatch>): Promise<void> {
  const rows: string[] = []
  let columns: readonly QueryColumn[] = []
  for await (const batch of batches) {
    columns = batch.columns
    for (const row of batch.rows) rows.push(toJson(Object.fromEntries(columns.map(({ name }, i) => [name, row[i]]))))
  }
  await io.stdout.write(`{"columns":${toJson(columns)},"rows":[${rows.map((row) => `\n${row}`).join(",")}]}\n`)
}

async function writeLines(output: Output, batches: AsyncIterable<QueryBatch>, format: "csv" | "markdown"): Promise<void> {
  const toLine = format === "csv" ? toCsvLine : toMarkdownLine
  let hasTitles = false
  for await (const { columns, rows } of batches) {
    if (!hasTitles) await output.write(titleLines(columns, format))
    hasTitles = true
    if (rows.length > 0) await output.write(rows.map(toLine).join(""))
  }
}

function titleLines(columns: readonly QueryColumn[], format: "csv" | "markdown"): string {
  const names = columns.map(({ name }) => name)
  if (format === "csv") return toCsvLine(names)
  return `${toMarkdownLine(names)}|${columns.map(({ type }) => (isNumberType(type) ? " ---: |" : " --- |")).join("")}\n`
}

async function writeTable({ io }: Session, batches: AsyncIterable<QueryBatch>, maxRows: number): Promise<void> {
  const limit = maxRows === 0 ? Number.POSITIVE_INFINITY : maxRows
  const rows: string[][] = []
  let columns: readonly QueryColumn[] = []
  let hasMore = false
  for await (const batch of batches) {
    columns = batch.columns
    hasMore = rows.length + batch.rows.length > limit
    for (const row of batch.rows.slice(0, limit - rows.length)) rows.push(row.map(toCell))
    if (hasMore) break
  }
  const { bold } = pc.createColors(io.stdout.hasColor)
  const { columns: width } = io.stdout
  const titles = columns.map(({ name, type }) => ({
    title: printable(name),
    align: isNumberType(type) ? ("right" as const) : ("left" as const),
  }))
  const lines = formatTable(titles, rows, { heading: bold, ...(width === undefined ? {} : { width }) })
  await io.stdout.write(`${lines.join("\n")}\n`)
  const note = hasMore ? `the first ${formatCountOf(rows.length, "row")}; --max-rows 0 shows all` : formatCountOf(rows.length, "row")
  await io.stderr.write(`${note}\n`)
}
