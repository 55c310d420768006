import { bumpVersion, type Column, createSchema, type DataType, type SchemaDocument, type StateRow, type Table } from "@lading/core"

/** Columns by name, each as its type or as hints. */
export type ColumnSpecs = Readonly<Record<string, DataType | Partial<Column>>>

const root: ColumnSpecs = {
  _dlt_load_id: { data_type: "text", nullable: false },
  _dlt_id: { data_type: "text", nullable: false, row_key: true, unique: true },
}
const nested: ColumnSpecs = {
  _dlt_root_id: { data_type: "text", nullable: false, root_key: true },
  _dlt_parent_id: { data_type: "text", nullable: false, parent_key: true },
  _dlt_list_idx: { data_type: "bigint", nullable: false },
  _dlt_id: { data_type: "text", nullable: false, row_key: true, unique: true },
}

/** A root table, or with `hints.parent` a nested one, with the system columns that the normalizer adds. */
export function defineTable(name: string, columns: ColumnSpecs, hints: Partial<Table> = {}): Table {
  const all: ColumnSpecs = { ...columns, ...(hints.parent === undefined ? root : nested) }
  const built = Object.entries(all).map(([column, spec]): [string, Column] => [
    column,
    typeof spec === "string" ? { name: column, data_type: spec } : { ...spec, name: column },
  ])
  return { name, columns: Object.fromEntries(built), ...hints }
}

/** Tables by name. */
export function byName(tables: readonly Table[]): Readonly<Record<string, Table>> {
  return Object.fromEntries(tables.map((table) => [table.name, table]))
}

/** A schema document of these tables, with its hash. */
export function defineSchema(tables: readonly Table[], name = "shop"): SchemaDocument {
  const empty = createSchema(name)
  return bumpVersion({ ...empty, tables: { ...empty.tables, ...byName(tables) } })
}

/** A state row with a hash of your choice. */
export function defineState(hash: string, version: number, pipeline: string): StateRow {
  return {
    version,
    engine_version: 4,
    pipeline_name: pipeline,
    state: JSON.stringify({ note: hash }),
    created_at: new Date("2024-05-01T00:00:00.123Z"),
    version_hash: hash,
  }
}
