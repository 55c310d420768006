import { createWriteStream, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import pg from "pg"
import { to } from "pg-copy-streams"

const columnsSql = `
  SELECT format('%I %s%s', attname, format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END) AS definition
  FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`
const indexesSql = "SELECT indexdef AS definition FROM pg_indexes WHERE schemaname = $1 AND tablename = $2 ORDER BY indexname"

/**
 * Writes tables of a schema as files for `COPY ... FROM STDIN`, and beside them, in `tables.json`, the statements that make the same schema, tables
 * and indexes: `{ definitions, tables: [{ name, file }] }`.
 * @param {{ url: string, schema: string, tables: readonly string[], folder: string }} options the folder is created
 */
export async function exportTables({ url, schema, tables, folder }) {
  mkdirSync(folder, { recursive: true })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const definitions = [`CREATE SCHEMA "${schema}"`]
    for (const name of tables) {
      const table = `"${schema}"."${name}"`
      const columns = await client.query(columnsSql, [table])
      const indexes = await client.query(indexesSql, [schema, name])
      definitions.push(`CREATE TABLE ${table} (${columns.rows.map(({ definition }) => definition).join(", ")})`)
      definitions.push(...indexes.rows.map(({ definition }) => definition))
      await pipeline(client.query(to(`COPY ${table} TO STDOUT`)), createWriteStream(join(folder, `${name}.copy`)))
    }
    writeFileSync(
      join(folder, "tables.json"),
      JSON.stringify({ definitions, tables: tables.map((name) => ({ name, file: `${name}.copy` })) }),
    )
  } finally {
    await client.end()
  }
}
