import { DuckDBInstance } from "@duckdb/node-api"

/**
 * Reads the dataset `compat` of a DuckDB file.
 *
 * Result: `tables`, a Map from table name to `{ columns: [{ name, type, nullable }], rows }`, rows being Maps from column name
 * to canonical text (columns that are null are absent); `query(sql)`, which answers rows as arrays of canonical text or null;
 * and `close()`. Tables that start with `_lading_` are left out: dlt does not have them.
 */
export async function openDataset(file) {
  const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" })
  const connection = await instance.connect()
  const close = () => {
    connection.closeSync()
    instance.closeSync()
  }
  const query = async (sql) => {
    const reader = await connection.runAndReadAll(sql)
    const types = reader.columnTypes()
    return reader.getRows().map((row) => row.map((value, index) => canonical(value, types[index])))
  }
  try {
    await connection.run("set TimeZone = 'UTC'")
    await connection.run("set search_path = 'compat'").catch(() => {})
    return { tables: await readTables(query), query, close }
  } catch (error) {
    close()
    throw error
  }
}

async function readTables(query) {
  const described = await query(
    `select table_name, column_name, data_type, is_nullable from information_schema.columns
     where table_schema = 'compat' and not starts_with(table_name, '_lading_') order by table_name, ordinal_position`,
  )
  const tables = new Map()
  for (const [table, name, type, nullable] of described) {
    if (!tables.has(table)) tables.set(table, { columns: [], rows: [] })
    tables.get(table).columns.push({ name, type, nullable: nullable === "YES" })
  }
  for (const [name, table] of tables) table.rows = await readRows(query, name, table.columns)
  return tables
}

async function readRows(query, table, columns) {
  const list = columns.map((column) => quote(column.name)).join(", ")
  const rows = await query(`select ${list} from compat.${quote(table)}`)
  return rows.map((row) => new Map(columns.map((column, index) => [column.name, row[index]]).filter(([, value]) => value !== null)))
}

const quote = (name) => `"${name.replaceAll('"', '""')}"`

/** Text that is equal exactly when two values of one type are: timestamps as microseconds, doubles in their shortest form. */
function canonical(value, type) {
  if (value === null) return null
  if (typeof value === "object" && "micros" in value) return `${value.micros}us`
  if (typeof value === "object" && "bytes" in value) return Buffer.from(value.bytes).toString("hex")
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value)
  return type.alias === "JSON" ? canonicalJson(String(value)) : String(value)
}

/** JSON text without blanks, with strings in one spelling and integers told from doubles. */
export function canonicalJson(text) {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\s+/g, (token) => {
    if (token.startsWith('"')) return JSON.stringify(JSON.parse(token))
    if (token.trim() === "") return ""
    return /[.eE]/.test(token) ? `double ${Number(token)}` : token
  })
}
