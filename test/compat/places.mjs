import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { startPostgres } from "@lading/testkit"
import { openDataset } from "./read-dataset.mjs"
import { openPostgresDataset } from "./read-postgres.mjs"

/** Type names of DuckDB in the cases, as PostgreSQL has them under dlt's type table. */
const postgresTypes = new Map([
  ["BIGINT", "bigint"],
  ["BLOB", "bytea"],
  ["BOOLEAN", "boolean"],
  ["DATE", "date"],
  ["DOUBLE", "double precision"],
  ["JSON", "jsonb"],
  ["TIME", "time without time zone"],
  ["TIMESTAMP", "timestamp without time zone"],
  ["TIMESTAMP WITH TIME ZONE", "timestamp with time zone"],
  ["VARCHAR", "character varying"],
])

const nothing = () => ({ tables: new Map(), query: async () => [["there is no dataset"]], close() {} })

/**
 * Where the two sides of a comparison load to. A place is `{ name, caseFor, address?, keep, openLading, remove }`: `caseFor(entry)` is the case as it is meant
 * there, or undefined; `address` goes to the processes that load, nothing meaning DuckDB files; `openLading(id, folder)` resolves to what Lading made of a
 * case; `keep(entry, made)` resolves to what is kept of dlt's dataset, a JSON value or undefined when the DuckDB file itself is.
 */
export const places = {
  async duckdb() {
    return {
      name: "duckdb",
      caseFor: (entry) => entry,
      keep: async () => undefined,
      openLading: async (id, folder) => openFile(join(folder, `${id}.duckdb`)),
      remove: async () => {},
    }
  },
  async postgres() {
    const server = await startPostgres({ environment: process.env, settings: { log_statement: "none" } })
    return {
      name: "postgres",
      caseFor: onPostgres,
      address: server.url,
      keep: async (entry) => toKept(await openPostgresDataset(server.url, schemaOf("dlt", entry.id)), entry),
      openLading: (id) => openPostgresDataset(server.url, schemaOf("lading", id)),
      remove: () => server.remove(),
    }
  },
}

/** Schema of a case on the server that both sides share. `run_dlt.py` makes the same name. */
export function schemaOf(side, id) {
  return `${side}_${createHash("sha256").update(id).digest("hex").slice(0, 16)}`
}

/** A DuckDB file as a dataset; one that is not there has no tables. */
export async function openFile(file) {
  return existsSync(file) ? openDataset(file) : nothing()
}

/**
 * A case for PostgreSQL: `postgres` of the case and of each deliberate difference replaces what is said for DuckDB, `false` leaves it out; types are
 * translated.
 */
export function onPostgres({ postgres: own, ...entry }) {
  if (own === false) return undefined
  const deliberate = [...(entry.deliberate ?? []).filter((one) => one.postgres !== false).map(translated), ...(own?.deliberate ?? [])]
  return { ...entry, deliberate }
}

function translated({ postgres, ...entry }) {
  const { dlt, lading, ...rest } = { ...entry, ...postgres }
  return { ...rest, dlt: withTypes(dlt), lading: withTypes(lading) }
}

function withTypes(assertion) {
  if (!assertion.columns) return assertion
  const columns = Object.entries(assertion.columns).map(([name, type]) => [name, postgresTypes.get(type) ?? type])
  return { ...assertion, columns: Object.fromEntries(columns) }
}

/** A dataset as a JSON value, with the answers to the queries of the case's deliberate differences. */
async function toKept(dataset, entry) {
  try {
    const answers = {}
    for (const { dlt } of entry.deliberate ?? [])
      if (dlt.query) answers[dlt.query] = await dataset.query(dlt.query).catch((error) => [[error.message]])
    const tables = [...dataset.tables].map(([name, { columns, rows }]) => [name, { columns, rows: rows.map((row) => [...row]) }])
    return { tables, answers }
  } finally {
    await dataset.close()
  }
}

/** The dataset of a value that `keep` gave. */
export function openKept({ tables, answers }) {
  return {
    tables: new Map(tables.map(([name, { columns, rows }]) => [name, { columns, rows: rows.map((row) => new Map(row)) }])),
    query: async (sql) => answers[sql] ?? [["this query was not asked when dlt ran"]],
    close() {},
  }
}
