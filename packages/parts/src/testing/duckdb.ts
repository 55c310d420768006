import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
} from "@duckdb/node-api"

export interface DuckdbResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Plain values: text, numbers, bigints (also for microseconds), booleans, bytes; undefined for null. */
  readonly rows: readonly (readonly unknown[])[]
}

/** Writes a part to a temporary file and runs a query that reads it as `part`. */
export async function queryPart(
  pieces: readonly Uint8Array[],
  options: { readonly sql?: string; readonly format?: "parquet" | "ndjson" } = {},
): Promise<DuckdbResult> {
  const folder = await mkdtemp(join(tmpdir(), "lading-parts-"))
  const path = join(folder, "part")
  await writeFile(path, pieces)
  const connection = await openConnection()
  try {
    const read = options.format === "ndjson" ? "read_ndjson_auto" : "read_parquet"
    await connection.run(`CREATE TEMP VIEW part AS SELECT * FROM ${read}('${path}')`)
    const result = await connection.runAndReadAll(options.sql ?? "SELECT * FROM part")
    const types = result.columnTypes()
    return {
      columns: result.columnNames().map((name, index) => ({ name, type: String(types[index]) })),
      rows: result.getRows().map((row) => row.map(toPlain)),
    }
  } finally {
    connection.closeSync()
    await rm(folder, { recursive: true })
  }
}

let instance: Promise<DuckDBInstance> | undefined

/** Every test has its own connection, and with it its own `part`; the database behind them is shared because opening it takes long. */
async function openConnection(): Promise<DuckDBConnection> {
  instance ??= DuckDBInstance.create(":memory:", { threads: "1" })
  return (await instance).connect()
}

function toPlain(value: unknown): unknown {
  if (value === null) return undefined
  if (value instanceof DuckDBBlobValue) return Uint8Array.from(value.bytes)
  if (value instanceof DuckDBDateValue) return value.days
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue || value instanceof DuckDBTimeValue)
    return value.micros
  return value
}
