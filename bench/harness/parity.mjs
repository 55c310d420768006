import { DuckDBInstance } from "@duckdb/node-api"
import { factsSql } from "../data/facts.mjs"

const columnsSql = `
  SELECT table_name || '.' || column_name || ' ' || data_type AS text FROM information_schema.columns
  WHERE table_schema = $dataset AND table_name IN ('events', 'events__items', 'events__tags') AND column_name NOT LIKE '\\_%' ESCAPE '\\'
  ORDER BY 1`

/**
 * Compares what a loader left in a DuckDB file with what the events are: number of rows of every table, sums, extremes, and the names and types
 * of all columns but the loader's own (those that begin with an underscore).
 * @param {{ database: string, dataset: string, facts: import("../data/facts.mjs").Facts, columns: readonly string[] }} expected `columns` as
 *   `eventColumns` lists them
 * @throws {Error} that lists every difference
 */
export async function checkEvents({ database, dataset, facts, columns }) {
  const found = await readDataset(database, dataset)
  const differences = Object.entries(facts)
    .filter(([name, value]) => found.facts[name] !== value)
    .map(([name, value]) => `${name} is ${found.facts[name]}, expected ${value}`)
  for (const column of columns) if (!found.columns.includes(column)) differences.push(`column missing: ${column}`)
  for (const column of found.columns) if (!columns.includes(column)) differences.push(`column not expected: ${column}`)
  if (differences.length > 0) throw new Error(`not the same data in ${database}:\n  ${differences.join("\n  ")}`)
}

/**
 * Counts the rows of one table.
 * @throws {Error} when there is not exactly one row
 */
export async function checkOneRow({ database, table }) {
  const [row] = await query(database, `SELECT count(*) AS "rows" FROM ${table}`)
  if (Number(row.rows) !== 1) throw new Error(`${table} in ${database} has ${row.rows} rows, expected 1`)
}

async function readDataset(database, dataset) {
  const [facts] = await query(database, factsSql(dataset))
  const columns = await query(database, columnsSql, { dataset })
  return {
    facts: Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, Number(value)])),
    columns: columns.map((row) => row.text),
  }
}

async function query(database, sql, parameters) {
  const instance = await DuckDBInstance.create(database, { access_mode: "READ_ONLY" })
  const connection = await instance.connect()
  try {
    return (await connection.runAndReadAll(sql, parameters)).getRowObjects()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
