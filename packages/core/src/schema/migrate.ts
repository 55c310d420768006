/** A schema document of unknown age, as plain JSON. */
export type RawSchema = Record<string, unknown>

/** Oldest engine version that can be brought up to the current one. */
export const oldestEngineVersion = 9

/** Brings a document of engine version 9 or 10 to 11, in place, and removes markers of old normalizers (reference: schema 1.8). */
export function migrateSchema(schema: RawSchema): void {
  if (schema.engine_version === 9) toEngine10(schema)
  if (schema.engine_version === 10) {
    recordOf(schema.normalizers).use_break_path_on_normalize = false
    schema.engine_version = 11
  }
  for (const table of tablesOf(schema)) removeSeenNullFirst(recordOf(table.columns))
}

function toEngine10(schema: RawSchema): void {
  for (const table of tablesOf(schema)) {
    for (const [name, value] of Object.entries(recordOf(table.columns))) {
      const column = recordOf(value)
      if (column.data_type === "complex") column.data_type = "json"
      if (name === "_dlt_id") column.row_key = column.unique ?? false
      if (name === "_dlt_parent_id") column.parent_key = column.foreign_key ?? false
      delete column.foreign_key
    }
  }
  const settings = recordOf(schema.settings)
  const preferred = recordOf(settings.preferred_types)
  for (const [pattern, type] of Object.entries(preferred)) if (type === "complex") preferred[pattern] = "json"
  const hints = settings.default_hints
  if (typeof hints === "object" && hints !== null) {
    delete recordOf(hints).foreign_key
    Object.assign(hints, { row_key: ["_dlt_id"], parent_key: ["_dlt_parent_id"] })
  }
  delete recordOf(recordOf(recordOf(schema.normalizers).json).config).generate_dlt_id
  schema.engine_version = 10
}

/** Columns that only ever held null were kept without type; later versions do not keep them. */
function removeSeenNullFirst(columns: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(columns)) {
    const column = recordOf(value)
    const marks = recordOf(column["x-normalizer"])
    if (marks["seen-null-first"] !== true) continue
    delete marks["seen-null-first"]
    if (Object.keys(marks).length === 0) delete column["x-normalizer"]
    if (column.data_type === undefined) delete columns[name]
  }
}

function tablesOf(schema: RawSchema): Record<string, unknown>[] {
  return Object.values(recordOf(schema.tables)).map(recordOf)
}

/** The value as an object; a fresh empty one when it is none, so that writes to it go nowhere. */
export function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
