import type { Column, SchemaDocument, Table } from "./model.ts"
import { isSystemName } from "./system-tables.ts"

/** Kinds of difference between two schemas. */
export type SchemaChangeKind =
  | "table-added"
  | "table-removed"
  | "table-changed"
  | "column-added"
  | "variant-added"
  | "column-widened"
  | "column-changed"
  | "column-removed"

/** One difference between two schemas. `before` and `after` are types, or `property: value` of what changed. */
export interface SchemaChange {
  readonly kind: SchemaChangeKind
  readonly table: string
  readonly column?: string
  readonly before?: string
  readonly after?: string
  /** table-added only: its columns and their types, without system columns. */
  readonly columns?: Readonly<Record<string, string>>
}

const tableProperties = ["write_disposition", "parent", "x-merge-strategy"] as const
const columnProperties = [
  "nullable",
  "precision",
  "scale",
  "timezone",
  "primary_key",
  "merge_key",
  "unique",
  "hard_delete",
  "dedup_sort",
] as const

/**
 * What changed from `before` to `after`, table by table in the order of `after`. System tables, system columns and columns without a
 * type are left out. A new table is one change, with its columns.
 */
export function diffSchemas(before: SchemaDocument | undefined, after: SchemaDocument): SchemaChange[] {
  const changes: SchemaChange[] = []
  for (const [name, table] of Object.entries(after.tables)) {
    if (!isSystemName(name)) changes.push(...diffTable(before?.tables[name], table))
  }
  for (const name of Object.keys(before?.tables ?? {})) {
    if (!isSystemName(name) && !Object.hasOwn(after.tables, name)) changes.push({ kind: "table-removed", table: name })
  }
  return changes
}

function diffTable(before: Table | undefined, after: Table): SchemaChange[] {
  const table = after.name
  const known = completeColumns(before)
  const columns = completeColumns(after)
  if (before === undefined || (known.size === 0 && columns.size > 0)) {
    return [
      { kind: "table-added", table, columns: Object.fromEntries([...columns].map(([name, { data_type }]) => [name, String(data_type)])) },
    ]
  }
  const changes: SchemaChange[] = changedProperties(before, after, tableProperties).map((values) => ({
    kind: "table-changed",
    table,
    ...values,
  }))
  for (const [name, column] of columns) changes.push(...diffColumn(table, known.get(name), column))
  for (const name of known.keys()) if (!columns.has(name)) changes.push({ kind: "column-removed", table, column: name })
  return changes
}

function diffColumn(table: string, before: Column | undefined, after: Column): SchemaChange[] {
  const column = after.name
  const type = String(after.data_type)
  if (before === undefined) return [{ kind: after.variant === true ? "variant-added" : "column-added", table, column, after: type }]
  const changes: SchemaChange[] = []
  if (before.data_type !== after.data_type)
    changes.push({ kind: "column-widened", table, column, before: String(before.data_type), after: type })
  for (const values of changedProperties(before, after, columnProperties))
    changes.push({ kind: "column-changed", table, column, ...values })
  return changes
}

function completeColumns(table: Table | undefined): Map<string, Column> {
  const columns = Object.entries(table?.columns ?? {})
  return new Map(columns.filter(([name, column]) => column.data_type !== undefined && !isSystemName(name)))
}

function changedProperties<Value extends object>(
  before: Value,
  after: Value,
  names: readonly (keyof Value)[],
): { before: string; after: string }[] {
  const text = (value: Value, name: keyof Value) => `${String(name)}: ${String(value[name] ?? defaults[String(name)] ?? "unset")}`
  return names
    .filter((name) => text(before, name) !== text(after, name))
    .map((name) => ({ before: text(before, name), after: text(after, name) }))
}

/** Hints that mean the same as their absence. */
const defaults: Readonly<Record<string, string>> = {
  ...{ nullable: "true", timezone: "true", primary_key: "false", merge_key: "false", unique: "false", hard_delete: "false" },
}
