import type { DuckDBConnection } from "@duckdb/node-api"
import { textOf } from "@lading/sql"
import { readRows } from "./connection.ts"
import { duckdbDialect } from "./dialect.ts"
import type { Place } from "./place.ts"

/** Folded column names of a table, with their types. */
export type ColumnTypes = Map<string, string>

/** The tables of a dataset by folded name. */
export type Catalog = Map<string, ColumnTypes>

/** Reads which tables and columns a dataset has; empty when there is no such dataset. */
export async function readCatalog(connection: DuckDBConnection, { catalog: database, dataset }: Place): Promise<Catalog> {
  const sql = `SELECT table_name, column_name, data_type FROM duckdb_columns()
    WHERE database_name = ? AND lower(schema_name) = lower(?) AND NOT internal ORDER BY table_name, column_index`
  const catalog: Catalog = new Map()
  for (const row of await readRows(connection, sql, `read the tables of dataset "${dataset}"`, [database, dataset])) {
    const table = duckdbDialect.fold(textOf(row, "table_name"))
    const columns = catalog.get(table) ?? new Map<string, string>()
    columns.set(duckdbDialect.fold(textOf(row, "column_name")), textOf(row, "data_type"))
    catalog.set(table, columns)
  }
  return catalog
}
