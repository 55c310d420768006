import { textOf } from "@lading/sql"
import type { Client } from "pg"
import { readRows } from "./connection.ts"
import type { Place } from "./place.ts"

/** Column names of a table, with their types. */
export type ColumnTypes = Map<string, string>

/** The tables of a dataset by name. */
export type Catalog = Map<string, ColumnTypes>

/** Reads which tables and columns a dataset has; empty when there is no such dataset. */
export async function readCatalog(client: Client, { dataset }: Place): Promise<Catalog> {
  const sql = `SELECT c.relname AS table_name, a.attname AS column_name, format_type(a.atttypid, a.atttypmod) AS data_type
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.nspname = $1::name AND c.relkind IN ('r', 'p', 'f') ORDER BY c.relname, a.attnum`
  const catalog: Catalog = new Map()
  for (const row of await readRows(client, sql, `read the tables of dataset "${dataset}"`, [dataset])) {
    const table = textOf(row, "table_name")
    const columns = catalog.get(table) ?? new Map<string, string>()
    if (row.column_name !== null) columns.set(textOf(row, "column_name"), textOf(row, "data_type"))
    catalog.set(table, columns)
  }
  return catalog
}

/** Whether the dataset is there. */
export async function datasetExists(client: Client, { dataset }: Place): Promise<boolean> {
  const rows = await readRows(client, "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1::name", `look for dataset "${dataset}"`, [
    dataset,
  ])
  return rows.length > 0
}
