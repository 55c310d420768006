import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api"
import type { LoadSeal, TableCommit } from "@lading/core"
import { type LoadRecord, loadRecords } from "@lading/sql"
import { execute } from "./connection.ts"
import { duckdbDialect } from "./dialect.ts"
import { type Place, tableAt } from "./place.ts"

const { quote } = duckdbDialect

/** Writes everything that is committed with the rows of a load: marker, counts, names, schema, state and schema changes. */
export async function writeRecords(
  connection: DuckDBConnection,
  place: Place,
  seal: LoadSeal,
  tables: Readonly<Record<string, TableCommit>>,
): Promise<void> {
  for (const record of loadRecords(seal, tables)) await insert(connection, tableAt(place, record.table), record)
}

const timestamps: ReadonlySet<string> = new Set(["inserted_at", "created_at"])

async function insert(connection: DuckDBConnection, target: string, { table, row, uniqueBy = [] }: LoadRecord): Promise<void> {
  const names = Object.keys(row)
  const marks = names.map((name) => (timestamps.has(name) ? "CAST(? AS TIMESTAMPTZ)" : "?")).join(", ")
  const same = uniqueBy.map((name) => `${quote(name)} = ?`).join(" AND ")
  const source = same === "" ? `VALUES (${marks})` : `SELECT ${marks} WHERE NOT EXISTS (SELECT 1 FROM ${target} WHERE ${same})`
  const values = [...names, ...uniqueBy].map((name) => toValue(row[name] ?? null))
  await execute(connection, `INSERT INTO ${target} (${names.map(quote).join(", ")}) ${source}`, `write ${table}`, values)
}

function toValue(value: string | number | null): DuckDBValue {
  return typeof value === "number" ? BigInt(value) : value
}
