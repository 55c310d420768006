// Reads a dataset with clients of its own, every value as text, and imports nothing of Lading.
import { DuckDBInstance } from "@duckdb/node-api"
import pg from "pg"

const quote = (name) => `"${name.replaceAll('"', '""')}"`

/** All tables of a schema, as a Map from name to `{ columns, rows }`; a row has each of its columns as text or null. */
async function readTables(query, schema) {
  const columns = await query(
    `select table_name as t, column_name as c from information_schema.columns where table_schema = '${schema}' order by table_name, ordinal_position`,
  )
  const tables = new Map()
  for (const { t, c } of columns) tables.set(t, { columns: [...(tables.get(t)?.columns ?? []), c], rows: [] })
  for (const [name, table] of tables) {
    const list = table.columns.map((column) => `cast(${quote(column)} as varchar) as ${quote(column)}`)
    table.rows = await query(`select ${list.join(", ")} from ${quote(schema)}.${quote(name)}`)
  }
  return tables
}

export async function readDuckdb(path, schema) {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" })
  const connection = await instance.connect()
  try {
    await connection.run("set TimeZone = 'UTC'")
    return await readTables(async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS(), schema)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

export async function readPostgres(connectionString, schema) {
  const client = new pg.Client({ connectionString, options: "-c TimeZone=UTC" })
  await client.connect()
  try {
    return await readTables(async (sql) => (await client.query(sql)).rows, schema)
  } finally {
    await client.end()
  }
}
