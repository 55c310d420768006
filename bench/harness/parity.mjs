import { DuckDBInstance } from "@duckdb/node-api"
import { accountFactsSql } from "../data/accounts.mjs"
import { factsSql } from "../data/facts.mjs"

const columnsSql = (dataset) => `
  SELECT table_name || '.' || column_name AS name, data_type AS type FROM information_schema.columns
  WHERE table_schema = '${dataset}' AND table_name IN ('events', 'events__items', 'events__tags') AND column_name NOT LIKE '\\_%' ESCAPE '\\'
  ORDER BY 1`

/** DuckDB's names of PostgreSQL's types. */
const postgresTypes = { "character varying": "VARCHAR", "double precision": "DOUBLE" }

/**
 * Reads a loaded database.
 * @typedef {(sql: string) => Promise<Record<string, unknown>[]>} Ask
 */

/**
 * Compares what a loader left with what the events are: number of rows of every table, sums, extremes, and the names and types of all columns but
 * the loader's own (those that begin with an underscore).
 * @param {{ ask: Ask, dataset: string, facts: import("../data/facts.mjs").Facts, columns: readonly string[] }} expected `columns` as
 *   `eventColumns` lists them
 * @throws {Error} that lists every difference
 */
export async function checkEvents({ ask, dataset, facts, columns }) {
  const differences = await compareFacts(ask, factsSql(dataset), facts)
  const found = (await ask(columnsSql(dataset))).map(({ name, type }) => `${name} ${postgresTypes[type] ?? type.toUpperCase()}`)
  for (const column of columns) if (!found.includes(column)) differences.push(`column missing: ${column}`)
  for (const column of found) if (!columns.includes(column)) differences.push(`column not expected: ${column}`)
  refuse(differences)
}

/**
 * Compares what a merge left with what the accounts must be after it.
 * @param {{ ask: Ask, dataset: string, facts: import("../data/accounts.mjs").AccountFacts }} expected
 * @throws {Error} that lists every difference
 */
export async function checkAccounts({ ask, dataset, facts }) {
  refuse(await compareFacts(ask, accountFactsSql(dataset), facts))
}

/**
 * Counts the rows of one table.
 * @throws {Error} when there is not exactly one row
 */
export async function checkOneRow({ database, table }) {
  const [row] = await askDuckDb(database)(`SELECT count(*) AS "rows" FROM ${table}`)
  if (Number(row.rows) !== 1) throw new Error(`${table} in ${database} has ${row.rows} rows, expected 1`)
}

/** @returns {Ask} opens the file for each question, so that nothing holds it in between */
export function askDuckDb(database) {
  return async (sql) => {
    const instance = await DuckDBInstance.create(database, { access_mode: "READ_ONLY" })
    const connection = await instance.connect()
    try {
      return (await connection.runAndReadAll(sql)).getRowObjects()
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  }
}

async function compareFacts(ask, sql, facts) {
  const [found] = await ask(sql)
  return Object.entries(facts)
    .filter(([name, value]) => Number(found[name]) !== value)
    .map(([name, value]) => `${name} is ${found[name]}, expected ${value}`)
}

function refuse(differences) {
  if (differences.length > 0) throw new Error(`not the same data:\n  ${differences.join("\n  ")}`)
}
