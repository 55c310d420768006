import { createHash } from "node:crypto"
import { type LoadSeal, noRows, type TableCommit } from "@lading/core"
import type { Client } from "pg"
import { execute, type Parameter } from "./connection.ts"
import { postgresDialect } from "./dialect.ts"
import type { LeaseScope } from "./lease.ts"
import { tableAt } from "./place.ts"

/** Writes everything that is committed with the rows of a load: marker, counts, names, schema, state and schema changes. */
export async function writeRecords(
  client: Client,
  { place, pipeline }: LeaseScope,
  seal: LoadSeal,
  tables: Readonly<Record<string, TableCommit>>,
): Promise<void> {
  const insert = (table: string, row: Readonly<Record<string, Parameter>>, condition = "") =>
    insertRow(client, tableAt(place, table), table, row, condition)
  const at = seal.sealedAt.toISOString()
  const { schema, loadId, state } = seal
  await insert("_dlt_loads", {
    load_id: loadId,
    schema_name: schema.name,
    status: 0,
    inserted_at: at,
    schema_version_hash: schema.version_hash,
  })
  // The sequence of commits, given by the server: newest is what was committed last, whatever load ids and clocks say.
  await insert("_lading_commits", {
    load_id: loadId,
    pipeline,
    epoch: seal.epoch,
    schema_name: schema.name,
    version_hash: schema.version_hash,
  })
  for (const [table, commit] of Object.entries(tables)) await insert("_lading_load_tables", countsOf(seal, table, commit))
  for (const { table, column, path } of seal.names)
    await insert("_lading_names", { table_name: table, column_name: column ?? null, path, load_id: loadId })
  const version = {
    version: schema.version,
    engine_version: schema.engine_version,
    inserted_at: at,
    schema_name: schema.name,
    version_hash: schema.version_hash,
    schema: JSON.stringify(schema),
  }
  const isNew = `WHERE NOT EXISTS (SELECT 1 FROM ${tableAt(place, "_dlt_version")} AS v WHERE v.schema_name = $4::text AND v.version_hash = $5::text)`
  await insert("_dlt_version", version, isNew)
  if (state !== undefined)
    await insert("_dlt_pipeline_state", {
      version: state.version,
      engine_version: state.engine_version,
      pipeline_name: state.pipeline_name,
      state: state.state,
      created_at: state.created_at.toISOString(),
      version_hash: state.version_hash,
      _dlt_load_id: loadId,
      _dlt_id: rowId(loadId),
    })
  for (const change of schemaChanges(seal)) await insert("_lading_schema_changes", { load_id: loadId, changes: JSON.stringify([change]) })
}

/** The changes of a load, each of which is a row: a list of one, as earlier versions wrote lists of all. */
function schemaChanges({ schemaChanges: text }: LoadSeal): readonly unknown[] {
  return text === "" ? [] : (JSON.parse(text) as unknown[])
}

function countsOf(seal: LoadSeal, table: string, commit: TableCommit): Readonly<Record<string, Parameter>> {
  const { extracted, filtered, deduplicated, rejected, normalized } = seal.counters[table] ?? { ...noRows, normalized: commit.loaded }
  const { loaded, inserted = null, updated = null, deleted = null } = commit
  return {
    load_id: seal.loadId,
    table_name: table,
    extracted,
    filtered,
    deduplicated,
    rejected,
    normalized,
    loaded,
    inserted,
    updated,
    deleted,
  }
}

const casts: Readonly<Record<string, string>> = { inserted_at: "timestamptz", created_at: "timestamptz", changes: "jsonb" }
const counts: ReadonlySet<string> = new Set([
  "epoch",
  "version",
  "engine_version",
  "status",
  "extracted",
  "filtered",
  "deduplicated",
  "rejected",
  "normalized",
  "loaded",
  "inserted",
  "updated",
  "deleted",
])

async function insertRow(
  client: Client,
  target: string,
  table: string,
  row: Readonly<Record<string, Parameter>>,
  condition: string,
): Promise<void> {
  const names = Object.keys(row)
  const values = names.map((name, index) => `$${index + 1}::${casts[name] ?? (counts.has(name) ? "bigint" : "text")}`)
  const sql = `INSERT INTO ${target} (${names.map(postgresDialect.quote).join(", ")}) SELECT ${values.join(", ")} ${condition}`
  await execute(client, sql, `write ${table}`, Object.values(row))
}

/** A row id of dlt's form (reference: load 2.8) that is the same each time this load is written. */
function rowId(loadId: string): string {
  return createHash("shake128", { outputLength: 10 }).update(`${loadId}__dlt_pipeline_state_0`).digest("base64").replaceAll("=", "")
}
