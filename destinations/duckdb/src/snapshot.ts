import type { DuckDBConnection } from "@duckdb/node-api"
import type { DatasetSnapshot, LedgerEntry, SchemaDocument, StateRow } from "@lading/core"
import { toLedgerEntry, toStoredSchema, toStoredState } from "@lading/sql"
import type { Catalog } from "./catalog.ts"
import { readRows } from "./connection.ts"
import { type Place, tableAt } from "./place.ts"

/** Reads what is committed in a dataset. A dataset exists once a schema was stored in it. */
export async function readSnapshot(
  connection: DuckDBConnection,
  place: Place,
  pipeline: string,
  catalog: Catalog,
): Promise<DatasetSnapshot> {
  const schemas = catalog.has("_dlt_version") ? await readSchemas(connection, place) : []
  const state = catalog.has("_dlt_pipeline_state") && catalog.has("_dlt_loads") ? await readState(connection, place, pipeline) : undefined
  const names = catalog.has("_lading_names") ? await readNames(connection, place) : []
  return { exists: schemas.length > 0, schemas, state, names }
}

/**
 * The newest committed state of a pipeline. dlt takes the greatest load id; rows are only ever appended to this table, so their place in it is
 * the same order without trusting anybody's clock.
 */
export async function readState(connection: DuckDBConnection, place: Place, pipeline: string): Promise<StateRow | undefined> {
  const sql = `SELECT s."version", s.engine_version, s.pipeline_name, s.state, replace(s.created_at::TIMESTAMP::VARCHAR, ' ', 'T') || 'Z' AS created_at, s.version_hash
    FROM ${tableAt(place, "_dlt_pipeline_state")} AS s
    WHERE s.pipeline_name = ? AND s._dlt_load_id IN (SELECT load_id FROM ${tableAt(place, "_dlt_loads")} WHERE status = 0)
    ORDER BY s.rowid DESC LIMIT 1`
  const [row] = await readRows(connection, sql, "read the pipeline state", [pipeline])
  return row === undefined ? undefined : toStoredState(row)
}

async function readSchemas(connection: DuckDBConnection, place: Place): Promise<readonly SchemaDocument[]> {
  const sql = `SELECT "schema" FROM ${tableAt(place, "_dlt_version")} QUALIFY ROW_NUMBER() OVER (PARTITION BY schema_name ORDER BY rowid DESC) = 1 ORDER BY schema_name`
  return (await readRows(connection, sql, "read the stored schemas")).map(toStoredSchema)
}

async function readNames(connection: DuckDBConnection, place: Place): Promise<readonly LedgerEntry[]> {
  const rows = await readRows(
    connection,
    `SELECT table_name, column_name, path FROM ${tableAt(place, "_lading_names")} ORDER BY rowid`,
    "read the names",
  )
  return rows.map(toLedgerEntry)
}
