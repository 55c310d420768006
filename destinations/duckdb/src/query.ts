import type { DuckDBConnection, DuckDBResult } from "@duckdb/node-api"
import type { QueryBatch, QueryColumn } from "@lading/core"
import { execute } from "./connection.ts"
import { toLadingError } from "./duckdb-error.ts"
import { toJavaScript } from "./values.ts"

/** A query whose result may still hold the database file. */
export interface OpenQuery {
  close(): Promise<void>
}

/**
 * Streams the result of one statement in batches of up to 2048 rows; a result without rows is one empty batch, so that its columns are known.
 * An unfinished result keeps the database file open even after its connection is closed: `open` lists what is to be closed before the database is.
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
    result = await connection.stream(sql)
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
    throw toLadingError(error, "run the query")
  } finally {
    open.delete(query)
    await finish(connection, result)
  }
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
