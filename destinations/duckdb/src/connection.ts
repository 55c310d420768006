import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api"
import { toLadingError } from "./duckdb-error.ts"

/** Runs one statement and returns the number of rows that it changed. `what` completes "could not ...". */
export async function execute(
  connection: DuckDBConnection,
  sql: string,
  what: string,
  values: readonly DuckDBValue[] = [],
): Promise<number> {
  try {
    const result = await connection.run(sql, [...values])
    return result.rowsChanged
  } catch (error) {
    throw toLadingError(error, what)
  }
}

/** Runs one query and returns its rows; for system tables, whose results are small. */
export async function readRows(
  connection: DuckDBConnection,
  sql: string,
  what: string,
  values: readonly DuckDBValue[] = [],
): Promise<readonly Row[]> {
  try {
    const result = await connection.run(sql, [...values])
    return await result.getRowObjectsJS()
  } catch (error) {
    throw toLadingError(error, what)
  }
}

/** A row of a system table; the readers below check what they take from it. */
export type Row = Readonly<Record<string, unknown>>

/** A text column of a row; empty when it is null. */
export function textOf(row: Row | undefined, column: string): string {
  const value = row?.[column]
  return typeof value === "string" ? value : ""
}

/** An integer column of a row as a number; 0 when it is null. */
export function numberOf(row: Row | undefined, column: string): number {
  const value = row?.[column]
  return typeof value === "bigint" || typeof value === "number" ? Number(value) : 0
}
