import type { DuckDBConnection } from "@duckdb/node-api"
import { execute } from "./connection.ts"

/** Memory of DuckDB in MiB where the user names none. */
export const defaultMemoryLimitMb = 96

/**
 * What an insert takes for each column, in KiB: vectors of the reader and the casts, and an open segment. Measured with DuckDB 1.5.6: 160 MiB
 * are too little for 1,990 columns of text, 320 MiB are enough.
 */
const kibPerColumn = 160

/** The memory in MiB that a table of so many columns needs; the default is enough for 614. */
export function memoryFor(columnCount: number): number {
  return Math.ceil((columnCount * kibPerColumn) / 1024)
}

/** Sets the memory limit of DuckDB, for the whole database file. */
export async function setMemoryLimit(connection: DuckDBConnection, limitMb: number): Promise<void> {
  await execute(connection, `SET GLOBAL memory_limit = '${limitMb}MiB'`, "set the memory limit")
}
