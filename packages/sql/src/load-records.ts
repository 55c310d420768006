import { createHash } from "node:crypto"
import { type LoadSeal, noRows, type TableCommit } from "@lading/core"

/** A row for a system table. Numbers are integers; `inserted_at` and `created_at` are moments in ISO form; `changes` is JSON. */
export interface LoadRecord {
  readonly table: string
  readonly row: Readonly<Record<string, string | number | null>>
  /** The row is written only when the table has none with the same values in these columns. */
  readonly uniqueBy?: readonly string[]
}

/** Everything that is committed with the rows of a load, in the order in which it is written: marker, counts, names, schema, state and schema changes. */
export function loadRecords(seal: LoadSeal, tables: Readonly<Record<string, TableCommit>>): readonly LoadRecord[] {
  const { schema, loadId, names } = seal
  const at = seal.sealedAt.toISOString()
  return [
    {
      table: "_dlt_loads",
      row: { load_id: loadId, schema_name: schema.name, status: 0, inserted_at: at, schema_version_hash: schema.version_hash },
    },
    ...Object.entries(tables).map(([table, commit]) => ({ table: "_lading_load_tables", row: countsOf(seal, table, commit) })),
    ...names.map(({ table, column, path }) => ({
      table: "_lading_names",
      row: { table_name: table, column_name: column ?? null, path, load_id: loadId },
    })),
    {
      table: "_dlt_version",
      row: {
        version: schema.version,
        engine_version: schema.engine_version,
        inserted_at: at,
        schema_name: schema.name,
        version_hash: schema.version_hash,
        schema: JSON.stringify(schema),
      },
      uniqueBy: ["schema_name", "version_hash"],
    },
    ...stateOf(seal),
    ...schemaChanges(seal).map((change) => ({
      table: "_lading_schema_changes",
      row: { load_id: loadId, changes: JSON.stringify([change]) },
    })),
  ]
}

function countsOf({ loadId, counters }: LoadSeal, table: string, commit: TableCommit): LoadRecord["row"] {
  const { extracted, filtered, deduplicated, rejected, normalized } = counters[table] ?? { ...noRows, normalized: commit.loaded }
  const { loaded, inserted = null, updated = null, deleted = null } = commit
  const counts = { extracted, filtered, deduplicated, rejected, normalized, loaded, inserted, updated, deleted }
  return { load_id: loadId, table_name: table, ...counts }
}

function stateOf({ loadId, state }: LoadSeal): readonly LoadRecord[] {
  if (state === undefined) return []
  const { version, engine_version, pipeline_name, version_hash } = state
  const row = {
    version,
    engine_version,
    pipeline_name,
    state: state.state,
    created_at: state.created_at.toISOString(),
    version_hash,
    _dlt_load_id: loadId,
    _dlt_id: rowId(loadId),
  }
  return [{ table: "_dlt_pipeline_state", row }]
}

/** The changes of a load, each of which is a row: a list of one, as earlier versions wrote lists of all. */
function schemaChanges({ schemaChanges: text }: LoadSeal): readonly unknown[] {
  return text === "" ? [] : (JSON.parse(text) as unknown[])
}

/** A row id of dlt's form (reference: load 2.8) that is the same each time this load is written. */
function rowId(loadId: string): string {
  return createHash("shake128", { outputLength: 10 }).update(`${loadId}__dlt_pipeline_state_0`).digest("base64").replaceAll("=", "")
}
