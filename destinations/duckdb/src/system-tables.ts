import type { DuckDBConnection } from "@duckdb/node-api"
import { readCatalog } from "./catalog.ts"
import { execute } from "./connection.ts"
import { datasetAt, type Place, tableAt } from "./place.ts"

/** Columns of the tables that dlt shares (reference: schema 8.2 to 8.4) and of Lading's own. */
const definitions: Readonly<Record<string, string>> = {
  _dlt_loads: `load_id VARCHAR NOT NULL, schema_name VARCHAR, status BIGINT NOT NULL, inserted_at TIMESTAMP WITH TIME ZONE NOT NULL, schema_version_hash VARCHAR`,
  _dlt_version: `"version" BIGINT NOT NULL, engine_version BIGINT NOT NULL, inserted_at TIMESTAMP WITH TIME ZONE NOT NULL, schema_name VARCHAR NOT NULL, version_hash VARCHAR NOT NULL, "schema" VARCHAR NOT NULL`,
  _dlt_pipeline_state: `"version" BIGINT NOT NULL, engine_version BIGINT NOT NULL, pipeline_name VARCHAR NOT NULL, state VARCHAR NOT NULL, created_at TIMESTAMP WITH TIME ZONE NOT NULL, version_hash VARCHAR, _dlt_load_id VARCHAR NOT NULL, _dlt_id VARCHAR NOT NULL`,
  _lading_lease: `pipeline VARCHAR NOT NULL, epoch BIGINT NOT NULL, "owner" VARCHAR, heartbeat TIMESTAMP WITH TIME ZONE`,
  _lading_load_tables: `load_id VARCHAR NOT NULL, table_name VARCHAR NOT NULL, extracted BIGINT NOT NULL, filtered BIGINT NOT NULL, deduplicated BIGINT NOT NULL, rejected BIGINT NOT NULL, normalized BIGINT NOT NULL, loaded BIGINT NOT NULL, inserted BIGINT, updated BIGINT, deleted BIGINT`,
  _lading_names: `table_name VARCHAR NOT NULL, column_name VARCHAR, path VARCHAR NOT NULL, load_id VARCHAR NOT NULL`,
  _lading_rejects: `load_id VARCHAR NOT NULL, table_name VARCHAR NOT NULL, "ordinal" BIGINT, code VARCHAR NOT NULL, pointer VARCHAR, message VARCHAR, "value" VARCHAR, value_hash VARCHAR, origin VARCHAR, line BIGINT`,
  _lading_schema_changes: `load_id VARCHAR NOT NULL, changes JSON NOT NULL`,
}

/** Creates the dataset and its system tables where they are missing. Empty system tables mean nothing to any reader. */
export async function ensureSystemTables(connection: DuckDBConnection, place: Place): Promise<void> {
  const catalog = await readCatalog(connection, place)
  const missing = Object.entries(definitions).filter(([table]) => !catalog.has(table))
  if (missing.length === 0) return
  await execute(connection, "BEGIN TRANSACTION", "create the system tables")
  try {
    await execute(connection, `CREATE SCHEMA IF NOT EXISTS ${datasetAt(place)}`, `create dataset "${place.dataset}"`)
    for (const [table, columns] of missing)
      await execute(connection, `CREATE TABLE ${tableAt(place, table)} (${columns})`, `create table "${table}"`)
    await execute(connection, "COMMIT", "create the system tables")
  } catch (error) {
    await execute(connection, "ROLLBACK", "roll back the system tables").catch(() => undefined)
    throw error
  }
}

/** True for tables whose definition is fixed here and does not follow the schema. */
export function isSystemTable(name: string): boolean {
  return Object.hasOwn(definitions, name) || name.startsWith("_lading_")
}
