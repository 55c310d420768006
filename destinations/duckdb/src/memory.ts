import type { DuckDBConnection } from "@duckdb/node-api"
import { execute } from "./connection.ts"

/** Memory of DuckDB in MiB where the user names none. */
export const defaultMemoryLimitMb = 64

/** A merge joins and sorts on all threads: where the user names no limit, it gets this many MiB, and more where tables are wide. */
const mergeMemoryMb = 96

/** What DuckDB needs whatever the tables are, in MiB. */
const baseMb = 48

/**
 * What each column takes of all tables that a transaction has written to, in KiB: vectors of the reader and the casts, and an open segment. Measured with
 * DuckDB 1.5.6: 160 MiB are too little for 1,990 columns of text, 320 MiB are enough.
 */
const kibPerColumn = 160

/** The memory in MiB that a load needs whose tables have so many columns together; the default is enough for 102. */
export function memoryFor(columnCount: number): number {
  return baseMb + Math.ceil((columnCount * kibPerColumn) / 1024)
}

/** The same for merging these tables, whose rows are written a second time. */
export function memoryToMerge(columnCount: number): number {
  return Math.max(mergeMemoryMb, memoryFor(2 * columnCount))
}

/** Sets the memory limit of DuckDB, for the whole database file. */
export async function setMemoryLimit(connection: DuckDBConnection, limitMb: number): Promise<void> {
  await execute(connection, `SET GLOBAL memory_limit = '${limitMb}MiB'`, "set the memory limit")
}
