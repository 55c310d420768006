import type { DatasetSnapshot, LedgerEntry, SchemaDocument, StateRow } from "@lading/core"
import { toLedgerEntry, toStoredSchema, toStoredState } from "@lading/sql"
import type { Client } from "pg"
import { readCatalog } from "./catalog.ts"
import { readRows } from "./connection.ts"
import { type Place, tableAt } from "./place.ts"

/** Reads what is committed in a dataset. A dataset exists once a schema was stored in it. */
export async function readSnapshot(client: Client, place: Place, pipeline: string): Promise<DatasetSnapshot> {
  const catalog = await readCatalog(client, place)
  const commits = commitsOf(place, catalog.has("_lading_commits"))
  const schemas = catalog.has("_dlt_version") ? await readSchemas(client, place, commits) : []
  const hasState = catalog.has("_dlt_pipeline_state") && catalog.has("_dlt_loads")
  const state = hasState ? await readNewestState(client, place, pipeline, commits) : undefined
  const names = catalog.has("_lading_names") ? await readNames(client, place) : []
  return { exists: schemas.length > 0, schemas, state, names }
}

/** The newest committed state of a pipeline, in a dataset with system tables. */
export function readState(client: Client, place: Place, pipeline: string): Promise<StateRow | undefined> {
  return readNewestState(client, place, pipeline, commitsOf(place, true))
}

/** The commits of Lading; none in a dataset that only dlt has written. */
function commitsOf(place: Place, exist: boolean): string {
  if (exist) return tableAt(place, "_lading_commits")
  return `(SELECT NULL::text AS load_id, NULL::text AS schema_name, NULL::text AS version_hash, NULL::bigint AS "sequence" WHERE false)`
}

/**
 * dlt takes the state with the greatest load id, which is a clock. But a state is only ever committed on top of the one before, and both dlt and Lading
 * raise its version with each change: the greatest version is the newest.
 */
async function readNewestState(client: Client, place: Place, pipeline: string, commits: string): Promise<StateRow | undefined> {
  const sql = `SELECT s."version", s.engine_version, s.pipeline_name, s.state, s.created_at, s.version_hash
    FROM ${tableAt(place, "_dlt_pipeline_state")} AS s LEFT JOIN ${commits} AS c ON c.load_id = s._dlt_load_id
    WHERE s.pipeline_name = $1::text AND s._dlt_load_id IN (SELECT load_id FROM ${tableAt(place, "_dlt_loads")} WHERE status = 0)
    ORDER BY s."version" DESC, c."sequence" DESC NULLS LAST, s._dlt_load_id DESC LIMIT 1`
  const [row] = await readRows(client, sql, "read the pipeline state", [pipeline])
  return row === undefined ? undefined : toStoredState(row)
}

/** The newest document of each name: versions only rise; of two with the same version, the one that was committed last. */
async function readSchemas(client: Client, place: Place, commits: string): Promise<readonly SchemaDocument[]> {
  const last = `(SELECT max("sequence") FROM ${commits} AS c WHERE c.schema_name = v.schema_name AND c.version_hash = v.version_hash)`
  const sql = `SELECT DISTINCT ON (v.schema_name) v."schema" FROM ${tableAt(place, "_dlt_version")} AS v
    ORDER BY v.schema_name, v."version" DESC, ${last} DESC NULLS LAST, v.inserted_at DESC`
  return (await readRows(client, sql, "read the stored schemas")).map(toStoredSchema)
}

async function readNames(client: Client, place: Place): Promise<readonly LedgerEntry[]> {
  const rows = await readRows(
    client,
    `SELECT table_name, column_name, path FROM ${tableAt(place, "_lading_names")} ORDER BY "position"`,
    "read the names",
  )
  return rows.map(toLedgerEntry)
}
