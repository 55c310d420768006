import { createHash } from "node:crypto"
import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api"
import { type LoadSeal, noRows, type TableCommit } from "@lading/core"
import { execute } from "./connection.ts"
import { type Place, tableAt } from "./place.ts"

/** Writes everything that is committed with the rows of a load: marker, counts, names, schema, state and schema changes. */
export async function writeRecords(
  connection: DuckDBConnection,
  place: Place,
  seal: LoadSeal,
  tables: Readonly<Record<string, TableCommit>>,
): Promise<void> {
  const at = seal.sealedAt.toISOString()
  const { schema, loadId, state } = seal
  const insert = (table: string, columns: string, values: readonly DuckDBValue[], source?: string) => {
    const names = columns.split(", ")
    const marks = names.map((name) => (timestamps.has(name) ? "CAST(? AS TIMESTAMPTZ)" : "?")).join(", ")
    const sql = `INSERT INTO ${tableAt(place, table)} (${names.map((name) => `"${name}"`).join(", ")}) ${source === undefined ? `VALUES (${marks})` : `SELECT ${marks} ${source}`}`
    return execute(connection, sql, `write ${table}`, values)
  }
  await insert("_dlt_loads", "load_id, schema_name, status, inserted_at, schema_version_hash", [
    loadId,
    schema.name,
    0n,
    at,
    schema.version_hash,
  ])
  for (const [table, commit] of Object.entries(tables)) {
    const { extracted, filtered, deduplicated, rejected, normalized } = seal.counters[table] ?? { ...noRows, normalized: commit.loaded }
    const counts = [extracted, filtered, deduplicated, rejected, normalized, commit.loaded].map(BigInt)
    const effects = [commit.inserted, commit.updated, commit.deleted].map((count) => (count === undefined ? null : BigInt(count)))
    await insert(
      "_lading_load_tables",
      "load_id, table_name, extracted, filtered, deduplicated, rejected, normalized, loaded, inserted, updated, deleted",
      [loadId, table, ...counts, ...effects],
    )
  }
  for (const entry of seal.names)
    await insert("_lading_names", "table_name, column_name, path, load_id", [entry.table, entry.column ?? null, entry.path, loadId])
  const unknown = `WHERE NOT EXISTS (SELECT 1 FROM ${tableAt(place, "_dlt_version")} WHERE schema_name = ? AND version_hash = ?)`
  const version = [
    BigInt(schema.version),
    BigInt(schema.engine_version),
    at,
    schema.name,
    schema.version_hash,
    JSON.stringify(schema),
    schema.name,
    schema.version_hash,
  ]
  await insert("_dlt_version", "version, engine_version, inserted_at, schema_name, version_hash, schema", version, unknown)
  if (state !== undefined) {
    const values = [
      BigInt(state.version),
      BigInt(state.engine_version),
      state.pipeline_name,
      state.state,
      state.created_at.toISOString(),
      state.version_hash,
      loadId,
    ]
    await insert("_dlt_pipeline_state", "version, engine_version, pipeline_name, state, created_at, version_hash, _dlt_load_id, _dlt_id", [
      ...values,
      rowId(loadId),
    ])
  }
  for (const change of schemaChanges(seal)) await insert("_lading_schema_changes", "load_id, changes", [loadId, JSON.stringify([change])])
}

/** The changes of a load, each of which is a row: a list of one, as earlier versions wrote lists of all. */
function schemaChanges({ schemaChanges: text }: LoadSeal): readonly unknown[] {
  return text === "" ? [] : (JSON.parse(text) as unknown[])
}

const timestamps: ReadonlySet<string> = new Set(["inserted_at", "created_at"])

/** A row id of dlt's form (reference: load 2.8) that is the same each time this load is written. */
function rowId(loadId: string): string {
  return createHash("shake128", { outputLength: 10 }).update(`${loadId}__dlt_pipeline_state_0`).digest("base64").replaceAll("=", "")
}
