/** The eleven data types of dlt, and of Lading. */
export type DataType = "text" | "double" | "bool" | "timestamp" | "date" | "time" | "bigint" | "binary" | "json" | "decimal" | "wei"

/** How the rows of a load meet those that are there already. */
export type WriteDisposition = "append" | "replace" | "merge" | "skip"

/** How a merge treats rows whose key is there already. */
export type MergeStrategy = "delete-insert" | "upsert" | "insert-only" | "scd2"

/** What happens to data that would change the schema: the schema follows, the run fails, or the row or the value is left out. */
export type ContractMode = "evolve" | "freeze" | "discard_row" | "discard_value"

/** A contract: one mode for everything, or a mode for each kind of change. */
export type SchemaContract =
  | ContractMode
  | { readonly tables?: ContractMode; readonly columns?: ContractMode; readonly data_type?: ContractMode }

/** Keys that start with `x-` are kept by every reader and never validated. */
export type ExtensionHints = { [key: `x-${string}`]: unknown }

/**
 * A column as the schema document stores it: dlt's hints under dlt's names (reference: schema 1.3). A column without
 * `data_type` is incomplete: declared, but not yet seen in data.
 */
export interface Column extends ExtensionHints {
  name: string
  data_type?: DataType
  nullable?: boolean
  description?: string
  /** text and binary: length; bigint: bits; timestamp and time: fractional digits; decimal: digits. */
  precision?: number
  scale?: number
  /** timestamp only; false means without zone. */
  timezone?: boolean
  variant?: boolean
  primary_key?: boolean
  merge_key?: boolean
  unique?: boolean
  row_key?: boolean
  parent_key?: boolean
  root_key?: boolean
  hard_delete?: boolean
  dedup_sort?: "asc" | "desc"
  incremental?: boolean
  partition?: boolean
  cluster?: boolean
  sort?: boolean
}

/** A table as the schema document stores it (reference: schema 1.2). A table with `parent` is nested. */
export interface Table extends ExtensionHints {
  name: string
  description?: string
  /** Insertion order is the column order of the created table and part of the content hash. */
  columns: Record<string, Column>
  write_disposition?: WriteDisposition
  /** Name of the resource that fills it, not normalized; root tables only. */
  resource?: string
  parent?: string
  references?: unknown[]
  schema_contract?: SchemaContract
  table_format?: string
  file_format?: string
  filters?: { includes?: string[]; excludes?: string[] }
}

/** Rules of a schema for tables and columns that say nothing themselves. */
export interface SchemaSettings {
  schema_contract?: SchemaContract
  detections?: string[]
  default_hints?: Record<string, string[]>
  preferred_types?: Record<string, DataType>
}

/** Naming convention and nesting rules of a schema. */
export interface NormalizersConfig {
  names: string
  json: { module: string; config?: JsonNormalizerConfig }
  use_break_path_on_normalize?: boolean
  allow_identifier_change_on_table_with_data?: boolean
}

/** How nested data becomes tables; `max_nesting` counts levels below the root. */
export interface JsonNormalizerConfig {
  max_nesting?: number
  root_key_propagation?: boolean
  propagation?: { root?: Record<string, string>; tables?: Record<string, Record<string, string>> }
}

/** The schema document that is stored in `_dlt_version.schema` (reference: schema 1.1), engine version 11. */
export interface SchemaDocument {
  version: number
  version_hash: string
  engine_version: number
  name: string
  description?: string
  tables: Record<string, Table>
  settings: SchemaSettings
  normalizers: NormalizersConfig
  previous_hashes: string[]
  imported_version_hash?: string
}
