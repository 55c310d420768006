import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api"
import type { Row } from "@lading/sql"
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
