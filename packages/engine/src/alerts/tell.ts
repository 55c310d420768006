import type { Destination, SchemaChange } from "@lading/core"
import type { PipelineOptions } from "../options.ts"
import type { Manifest } from "../package/manifest.ts"
import type { LeasedSession } from "../session.ts"
import { withOwners } from "./notice.ts"
import { notify } from "./sinks.ts"

/** A committed load whose schema may have changed. */
export interface ChangedLoad {
  readonly manifest: Manifest
  readonly changes: readonly SchemaChange[]
  /** Hash of the schema before it; empty for a new dataset. */
  readonly previousHash: string
}

/** Tells the pipeline's sinks of the schema changes of a committed load; gives what went wrong as warnings. */
export async function tellChanges(
  { session }: LeasedSession,
  options: PipelineOptions,
  destination: Destination,
  { manifest, changes, previousHash }: ChangedLoad,
  signal: AbortSignal,
): Promise<string[]> {
  const { onSchemaChange } = options
  if (onSchemaChange === undefined || changes.length === 0) return []
  const sinks = typeof onSchemaChange === "function" ? [onSchemaChange] : onSchemaChange
  const notice = {
    pipeline: options.name,
    destination: `${destination.name} ${destination.location}`,
    dataset: manifest.dataset,
    loadId: manifest.loadId,
    sinceLoadId: await newestLoadWith(session, previousHash),
    changes: withOwners(changes, manifest.schema),
  }
  return notify(sinks, notice, signal)
}

async function newestLoadWith(session: LeasedSession["session"], schemaHash: string): Promise<string | undefined> {
  const literal = schemaHash.replaceAll("'", "''")
  const sql = `SELECT load_id FROM _dlt_loads WHERE schema_version_hash = '${literal}' ORDER BY inserted_at DESC, load_id DESC LIMIT 1`
  for await (const { rows } of session.query(sql)) for (const [loadId] of rows) return String(loadId)
  return undefined
}
