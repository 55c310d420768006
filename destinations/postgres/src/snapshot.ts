import { inflateSync } from "node:zlib"
import { type DatasetSnapshot, LadingError, type LedgerEntry, type SchemaDocument, type StateRow } from "@lading/core"
import type { Client } from "pg"
import { readCatalog } from "./catalog.ts"
import { numberOf, type Row, readRows, textOf } from "./connection.ts"
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
  if (row === undefined) return undefined
  return {
    version: numberOf(row, "version"),
    engine_version: numberOf(row, "engine_version"),
    pipeline_name: textOf(row, "pipeline_name"),
    state: textOf(row, "state"),
    created_at: new Date(textOf(row, "created_at")),
    version_hash: textOf(row, "version_hash"),
  }
}

/** The newest document of each name: versions only rise; of two with the same version, the one that was committed last. */
async function readSchemas(client: Client, place: Place, commits: string): Promise<readonly SchemaDocument[]> {
  const last = `(SELECT max("sequence") FROM ${commits} AS c WHERE c.schema_name = v.schema_name AND c.version_hash = v.version_hash)`
  const sql = `SELECT DISTINCT ON (v.schema_name) v."schema" FROM ${tableAt(place, "_dlt_version")} AS v
    ORDER BY v.schema_name, v."version" DESC, ${last} DESC NULLS LAST, v.inserted_at DESC`
  return (await readRows(client, sql, "read the stored schemas")).map(toSchema)
}

/** The stored document is plain JSON, or zlib-compressed JSON in base64 (reference: load 1.3.2). */
function toSchema(row: Row): SchemaDocument {
  const stored = textOf(row, "schema")
  try {
    const text = stored.startsWith("{") ? stored : inflateSync(Buffer.from(stored, "base64")).toString("utf8")
    return JSON.parse(text)
  } catch (error) {
    throw new LadingError({
      code: "schema-unreadable",
      message: "A schema stored in _dlt_version is neither JSON nor compressed JSON",
      cause: error,
    })
  }
}

async function readNames(client: Client, place: Place): Promise<readonly LedgerEntry[]> {
  const rows = await readRows(
    client,
    `SELECT table_name, column_name, path FROM ${tableAt(place, "_lading_names")} ORDER BY "position"`,
    "read the names",
  )
  return rows.map((row) => ({
    table: textOf(row, "table_name"),
    column: typeof row.column_name === "string" ? row.column_name : undefined,
    path: textOf(row, "path"),
  }))
}
