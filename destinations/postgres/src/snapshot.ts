import { inflateSync } from "node:zlib"
import { type DatasetSnapshot, LadingError, type LedgerEntry, type SchemaDocument, type StateRow } from "@lading/core"
import type { Client } from "pg"
import { readCatalog } from "./catalog.ts"
import { numberOf, type Row, readRows, textOf } from "./connection.ts"
import { type Place, tableAt } from "./place.ts"

/** Reads what is committed in a dataset. A dataset exists once a schema was stored in it. */
export async function readSnapshot(client: Client, place: Place, pipeline: string): Promise<DatasetSnapshot> {
  const catalog = await readCatalog(client, place)
  const schemas = catalog.has("_dlt_version") ? await readSchemas(client, place) : []
  const state = catalog.has("_dlt_pipeline_state") && catalog.has("_dlt_loads") ? await readState(client, place, pipeline) : undefined
  const names = catalog.has("_lading_names") ? await readNames(client, place) : []
  return { exists: schemas.length > 0, schemas, state, names }
}

/**
 * The newest committed state of a pipeline. dlt takes the greatest load id, which is a clock; but a state is only ever committed on top of the one
 * before, and both dlt and Lading raise its version with each change, so that the greatest version is the newest.
 */
export async function readState(client: Client, place: Place, pipeline: string): Promise<StateRow | undefined> {
  const sql = `SELECT s."version", s.engine_version, s.pipeline_name, s.state, s.created_at, s.version_hash
    FROM ${tableAt(place, "_dlt_pipeline_state")} AS s
    WHERE s.pipeline_name = $1::text AND s._dlt_load_id IN (SELECT load_id FROM ${tableAt(place, "_dlt_loads")} WHERE status = 0)
    ORDER BY s."version" DESC, s._dlt_load_id DESC LIMIT 1`
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

/** The newest document of each name: versions only rise, the clock decides between two of the same version. */
async function readSchemas(client: Client, place: Place): Promise<readonly SchemaDocument[]> {
  const sql = `SELECT DISTINCT ON (schema_name) "schema" FROM ${tableAt(place, "_dlt_version")} ORDER BY schema_name, "version" DESC, inserted_at DESC`
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
