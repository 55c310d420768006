import type { Column, DataType, Table } from "./model.ts"

/** Name of every system table of dlt. */
export const systemTableNames = { version: "_dlt_version", loads: "_dlt_loads", state: "_dlt_pipeline_state" } as const

/** `_dlt_version`: one row for each content of a schema that was applied (reference: schema 8.3; texts as in dlt 1.31). */
export function versionTable(): Table {
  return {
    name: systemTableNames.version,
    columns: columnsOf(
      required("version", "bigint", "Numeric version of the schema, incremented on each schema change"),
      required("engine_version", "bigint", "Version of the dlt schema engine that created this schema"),
      required("inserted_at", "timestamp", "Timestamp when this schema version was stored"),
      required("schema_name", "text", "Name of the schema"),
      required("version_hash", "text", "Unique hash of the schema content, used to detect changes"),
      required("schema", "text", "JSON representation of the complete schema definition"),
    ),
    write_disposition: "skip",
    resource: systemTableNames.version,
    description: "Created by DLT. Tracks schema updates",
  }
}

/** `_dlt_loads`: one row for each finished load (reference: schema 8.2). */
export function loadsTable(): Table {
  return {
    name: systemTableNames.loads,
    columns: columnsOf(
      loadIdColumn("load_id", "Unique identifier of the load operation"),
      optional("schema_name", "text", "Name of the schema associated with this load"),
      required("status", "bigint", "Status of the load operation (0 = success)"),
      required("inserted_at", "timestamp", "Timestamp when the load was completed"),
      optional("schema_version_hash", "text", "Hash of the schema version used during this load"),
    ),
    write_disposition: "skip",
    resource: systemTableNames.loads,
    description: "Created by DLT. Tracks completed loads",
  }
}

/** `_dlt_pipeline_state`: the state as of each load that changed it (reference: schema 8.4), with the row key that normalizing adds. */
export function pipelineStateTable(): Table {
  return {
    columns: columnsOf(
      required("version", "bigint", "Numeric version of the pipeline state"),
      required("engine_version", "bigint", "Version of the dlt state engine"),
      required("pipeline_name", "text", "Name of the pipeline this state belongs to"),
      required("state", "text", "Compressed JSON representation of the pipeline state"),
      required("created_at", "timestamp", "Timestamp when this state was created"),
      optional("version_hash", "text", "Hash of the state content, used to detect changes"),
      loadIdColumn("_dlt_load_id", "Load identifier linking this row to its load operation"),
      { name: "_dlt_id", data_type: "text", nullable: false, unique: true, row_key: true },
    ),
    write_disposition: "append",
    file_format: "preferred",
    name: systemTableNames.state,
    resource: systemTableNames.state,
    description: "Created by DLT. Tracks pipeline state",
    "x-normalizer": { "seen-data": true },
  }
}

/** True for the names of system tables and system columns of dlt and of Lading, which contracts do not bind. */
export function isSystemName(name: string): boolean {
  return name.startsWith("_dlt") || name.startsWith("_lading_")
}

function columnsOf(...columns: readonly Column[]): Record<string, Column> {
  return Object.fromEntries(columns.map((column) => [column.name, column]))
}

function required(name: string, dataType: DataType, description: string): Column {
  return { name, data_type: dataType, nullable: false, description }
}

function optional(name: string, dataType: DataType, description: string): Column {
  return { name, data_type: dataType, nullable: true, description }
}

function loadIdColumn(name: string, description: string): Column {
  return { name, data_type: "text", nullable: false, precision: 64, description }
}
