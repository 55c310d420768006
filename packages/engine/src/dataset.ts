import { LadingError, type QueryBatch, type QueryColumn } from "@lading/core"
import { type ConfiguredOptions, configure } from "./config/configure.ts"
import { createContext } from "./context.ts"
import type { PipelineOptions } from "./options.ts"
import { datasetOf, placesOf } from "./places.ts"
import { resolveDestination } from "./registry/resolve.ts"

/** A row as an object, keys being column names. */
export type DatasetRow = Readonly<Record<string, unknown>>

/** The whole result of one query. */
export interface SqlResult {
  readonly columns: readonly QueryColumn[]
  readonly rows: readonly DatasetRow[]
}

/** One table of a dataset. */
export interface DatasetTable {
  /** The rows one by one, without holding more than a batch of them. */
  rows(): AsyncIterable<DatasetRow>
  /** The rows in batches, values in column order. */
  batches(): AsyncIterable<QueryBatch>
  columns(): Promise<readonly QueryColumn[]>
}

/** Read access to a dataset; every call opens the destination and gives it back when it is done. */
export interface Dataset {
  /** Its name in the destination; a configuration may have the last word on it. */
  name(): Promise<string>
  table(name: string): DatasetTable
  /** Runs one statement and holds its whole result; names without a schema are looked for in the dataset. */
  sql(statement: string): Promise<SqlResult>
  /** Runs one statement and gives its result batch by batch. */
  stream(statement: string): AsyncIterable<QueryBatch>
}

/** The dataset that a pipeline loads. */
export function createDataset(options: PipelineOptions): Dataset {
  let configured: Promise<ConfiguredOptions> | undefined
  const configureOnce = (): Promise<ConfiguredOptions> => (configured ??= configure(options))
  const stream = (statement: string): AsyncIterable<QueryBatch> => streamQuery(configureOnce, statement)
  return {
    name: async () => datasetOf(await configureOnce()),
    table: (name) => createTable(name, stream),
    stream,
    async sql(statement) {
      const rows: DatasetRow[] = []
      let columns: readonly QueryColumn[] = []
      for await (const batch of stream(statement)) {
        columns = batch.columns
        for (const row of batch.rows) rows.push(toObject(columns, row))
      }
      return { columns, rows }
    },
  }
}

function createTable(name: string, stream: (statement: string) => AsyncIterable<QueryBatch>): DatasetTable {
  const quoted = `"${name.replaceAll('"', '""')}"`
  return {
    batches: () => stream(`SELECT * FROM ${quoted}`),
    async *rows() {
      for await (const { columns, rows } of stream(`SELECT * FROM ${quoted}`)) for (const row of rows) yield toObject(columns, row)
    },
    async columns() {
      for await (const { columns } of stream(`SELECT * FROM ${quoted} LIMIT 0`)) return columns
      throw new LadingError({ code: "no-columns", message: `the destination told nothing of table ${name}` })
    },
  }
}

async function* streamQuery(configureOnce: () => Promise<ConfiguredOptions>, statement: string): AsyncGenerator<QueryBatch> {
  const options = await configureOnce()
  const context = createContext(options, undefined)
  const destination = await resolveDestination(options, context)
  const session = await destination.open(
    { dataset: placesOf(options, destination).dataset, pipeline: options.name, mustExist: true },
    context,
  )
  try {
    yield* session.query(statement)
  } finally {
    await session.close()
  }
}

function toObject(columns: readonly QueryColumn[], row: readonly unknown[]): DatasetRow {
  const object: Record<string, unknown> = {}
  for (let i = 0; i < columns.length; i++) object[(columns[i] as QueryColumn).name] = row[i]
  return object
}
