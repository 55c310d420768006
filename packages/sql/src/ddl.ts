import type { Column, Table } from "@lading/core"
import type { Dialect } from "./dialect.ts"

/** One statement that brings a table closer to its schema, and the column type that holds afterwards. */
export interface TableChange {
  readonly kind: "create-table" | "add-column" | "alter-type"
  readonly sql: string
  /** Columns that exist with this type once the statement ran; keys are folded names. */
  readonly types: ReadonlyMap<string, string>
}

/**
 * The additive difference between a table of the schema and the table that is there. Columns without a type are left out, nothing is ever
 * dropped or narrowed, and a type is changed only where the dialect calls that a widening. `NOT NULL` is set when the table is created only.
 * @param target qualified, quoted name
 * @param existing folded column names and their types; undefined when there is no such table
 */
export function planTable(
  dialect: Dialect,
  target: string,
  table: Table,
  existing: ReadonlyMap<string, string> | undefined,
): readonly TableChange[] {
  const columns = completeColumns(table)
  if (existing === undefined) return columns.length === 0 ? [] : [createTable(dialect, target, columns)]
  return columns.flatMap((column) => planColumn(dialect, target, column, existing.get(dialect.fold(column.name))))
}

/** Columns whose type is known, in the order of the schema. */
export function completeColumns(table: Table): readonly Column[] {
  return Object.values(table.columns).filter((column) => column.data_type !== undefined)
}

function createTable(dialect: Dialect, target: string, columns: readonly Column[]): TableChange {
  const types = new Map(columns.map((column) => [dialect.fold(column.name), dialect.columnType(column)]))
  const lines = columns.map((column) => {
    const constraint = column.nullable === false ? " NOT NULL" : ""
    return `  ${dialect.quote(column.name)} ${types.get(dialect.fold(column.name))}${constraint}`
  })
  return { kind: "create-table", sql: `CREATE TABLE ${target} (\n${lines.join(",\n")}\n)`, types }
}

function planColumn(dialect: Dialect, target: string, column: Column, existing: string | undefined): TableChange[] {
  const wanted = dialect.columnType(column)
  const types = new Map([[dialect.fold(column.name), wanted]])
  const name = dialect.quote(column.name)
  if (existing === undefined) return [{ kind: "add-column", sql: `ALTER TABLE ${target} ADD COLUMN ${name} ${wanted}`, types }]
  if (existing === wanted || !dialect.isWidening(existing, wanted)) return []
  return [{ kind: "alter-type", sql: dialect.alterType(target, name, wanted, dialect.cast(name, existing, wanted)), types }]
}
