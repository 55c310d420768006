import type { DuckDBConnection, DuckDBResult } from "@duckdb/node-api"
import { isLadingError, type QueryBatch, type QueryColumn } from "@lading/core"
import { queryChangesData } from "@lading/sql"
import { execute } from "./connection.ts"
import { driver } from "./driver.ts"
import { toLadingError } from "./duckdb-error.ts"
import { toJavaScript } from "./values.ts"

/** A query whose result may still hold the database file. */
export interface OpenQuery {
  close(): Promise<void>
}

/**
 * Streams the result of one statement, which can only read, in batches of up to 2048 rows; a result without rows is one empty batch, so that its columns
 * are known. An unfinished result keeps the database file open even after its connection is closed: `open` lists what is to be closed before the
 * database is.
 * @throws LadingError `query-changes-data`
 */
export async function* streamQuery(
  connection: DuckDBConnection,
  dataset: string | undefined,
  sql: string,
  open: Set<OpenQuery>,
): AsyncGenerator<QueryBatch> {
  const query = { close: () => finish(connection, result) }
  let result: DuckDBResult | undefined
  open.add(query)
  try {
    if (dataset !== undefined) await execute(connection, `USE ${dataset}`, "use the dataset")
    await execute(connection, "BEGIN TRANSACTION READ ONLY", "begin the query")
    result = await read(connection, sql)
    const columns = columnsOf(result)
    let batchCount = 0
    for (;;) {
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) break
      batchCount += 1
      yield { columns, rows: chunk.getRows().map((row) => row.map(toJavaScript)) }
    }
    if (batchCount === 0) yield { columns, rows: [] }
  } catch (error) {
    throw refusalOf(error)
  } finally {
    open.delete(query)
    await finish(connection, result)
  }
}

/** The transaction keeps the database as it is; the kind of a statement keeps files and settings as they are, which no transaction guards. */
async function read(connection: DuckDBConnection, sql: string): Promise<DuckDBResult> {
  const statements = await connection.extractStatements(sql)
  for (let index = 0; index < statements.count - 1; index++) {
    const before = await statements.prepare(index)
    // DuckDB makes a PIVOT into a temporary type and a SELECT.
    if (before.statementType !== driver.StatementType.CREATE) throw queryChangesData()
    await before.run()
  }
  const last = await statements.prepare(statements.count - 1)
  if (last.statementType !== driver.StatementType.SELECT && last.statementType !== driver.StatementType.EXPLAIN) throw queryChangesData()
  return last.stream()
}

function refusalOf(error: unknown): Error {
  const refusal = toLadingError(error, "run the query")
  return !isLadingError(error) && refusal.message.includes("launched in read-only mode") ? queryChangesData(refusal) : refusal
}

function columnsOf(result: DuckDBResult): readonly QueryColumn[] {
  return result.columnNames().map((name, index) => ({ name, type: result.columnType(index).toString() }))
}

/** Interrupts what is left of a result and reads it to its end: only that releases it. */
async function finish(connection: DuckDBConnection, result: DuckDBResult | undefined): Promise<void> {
  connection.interrupt()
  try {
    for (;;) {
      const chunk = await result?.fetchChunk()
      if (chunk === undefined || chunk === null || chunk.rowCount === 0) break
    }
  } catch {
    // Interrupted: the result is at its end.
  }
  connection.closeSync()
}
