import pg from "pg"
import { canonicalJson } from "./read-dataset.mjs"

/**
 * Reads a dataset of a PostgreSQL server, in the form of `openDataset` of `read-dataset.mjs`: the same canonical texts for the same values, types as
 * `format_type` spells them. Rejects when the server cannot be reached; a dataset that is not there has no tables.
 */
export async function openPostgresDataset(url, schema) {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => String } })
  await client.connect()
  const query = async (sql) => {
    const { rows, fields } = await client.query({ text: sql, rowMode: "array" })
    return rows.map((row) => row.map((text, index) => (text === null ? null : canonical(text, fields[index].dataTypeID))))
  }
  try {
    await client.query(`SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET bytea_output = 'hex'; SET search_path = "${schema}"`)
    return { tables: await readTables(query, schema), query, close: () => client.end() }
  } catch (error) {
    await client.end()
    throw error
  }
}

async function readTables(query, schema) {
  const described = await query(
    `SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = to_regnamespace('"${schema}"') AND c.relkind = 'r' AND NOT starts_with(c.relname, '_lading_')
     ORDER BY c.relname, a.attnum`,
  )
  const tables = new Map()
  for (const [table, name, type, required] of described) {
    if (!tables.has(table)) tables.set(table, { columns: [], rows: [] })
    tables.get(table).columns.push({ name, type, nullable: required === "false" })
  }
  for (const [name, table] of tables) table.rows = await readRows(query, name, table.columns)
  return tables
}

async function readRows(query, table, columns) {
  const rows = await query(`SELECT ${columns.map(({ name }) => quote(name)).join(", ")} FROM ${quote(table)}`)
  return rows.map((row) => new Map(columns.map(({ name }, index) => [name, row[index]]).filter(([, value]) => value !== null)))
}

const quote = (name) => `"${name.replaceAll('"', '""')}"`

/** Object identifiers of PostgreSQL's types (pg_type.dat) whose text is not canonical yet. */
const canonicalForms = new Map([
  [16, (text) => (text === "t" ? "true" : "false")],
  [17, (text) => text.slice(2)],
  [114, canonicalJson],
  [700, toDouble],
  [701, toDouble],
  [1083, (text) => `${microsOfTime(text)}us`],
  [1114, toMicros],
  [1184, toMicros],
  [3802, canonicalJson],
])

function canonical(text, type) {
  return canonicalForms.get(type)?.(text) ?? text
}

function toDouble(text) {
  const value = Number(text)
  return Object.is(value, -0) ? "-0" : String(value)
}

function microsOfTime(text) {
  const [hours, minutes, seconds] = text.split(":")
  const [whole, fraction = ""] = seconds.split(".")
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(whole)) * 1e6 + Number(fraction.padEnd(6, "0"))
}

/** Microseconds since 1970 of `2024-01-02 03:04:05.123456` with or without `+00`; infinite and other odd ones stay as they are. */
function toMicros(text) {
  const match = /^(\d{4}-\d\d-\d\d) ([\d:.]+)(?:\+00)?$/.exec(text)
  if (match === null) return text
  return `${BigInt(Date.parse(`${match[1]}T00:00:00Z`)) * 1000n + BigInt(microsOfTime(match[2]))}us`
}
