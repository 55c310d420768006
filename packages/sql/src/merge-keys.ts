import { type Column, LadingError, type Table } from "@lading/core"
import { mergeStrategyOf } from "./chain.ts"
import { completeColumns } from "./ddl.ts"
import { scd2Columns } from "./scd2-columns.ts"

/** The columns that a merge of one root table works with. */
export interface MergeKeys {
  readonly primary: readonly string[]
  readonly merge: readonly string[]
  readonly hardDelete: Column | undefined
  readonly sort: Column | undefined
}

/** Reads the merge hints of a root table. Throws LadingError `ambiguous-hint` when a hint that may stand once stands twice. */
export function mergeKeys(root: Table): MergeKeys {
  const columns = completeColumns(root)
  return {
    primary: columns.filter((column) => column.primary_key === true).map((column) => column.name),
    merge: columns.filter((column) => column.merge_key === true).map((column) => column.name),
    hardDelete: single(root, "hard_delete", (column) => column.hard_delete === true),
    sort: single(root, "dedup_sort", (column) => column.dedup_sort !== undefined),
  }
}

/** Columns within which one row of a load survives a merge: the primary key, or the row version of an scd2 table; empty where all do. */
export function identifyingColumns(root: Table): readonly string[] {
  return mergeStrategyOf(root) === "scd2" ? [scd2Columns(root).version] : mergeKeys(root).primary
}

/** The column that identifies a row: `row_key`, else the first `unique` column, else the only primary key column. Throws LadingError `missing-row-key`. */
export function rowKey(table: Table): string {
  const columns = completeColumns(table)
  const primary = columns.filter((column) => column.primary_key === true)
  const key =
    columns.find((column) => column.row_key === true) ??
    columns.find((column) => column.unique === true) ??
    (primary.length === 1 ? primary[0] : undefined)
  if (key === undefined)
    throw new LadingError({
      code: "missing-row-key",
      message: `Table "${table.name}" has no column that identifies its rows`,
      details: { table: table.name },
    })
  return key.name
}

/** The column of a nested table that holds the row key of its root row. Throws LadingError `missing-root-key`. */
export function rootKey(table: Table, root: Table): string {
  const columns = completeColumns(table)
  const parentKey = table.parent === root.name ? columns.find((column) => column.parent_key === true) : undefined
  const key = columns.find((column) => column.root_key === true) ?? parentKey
  if (key === undefined)
    throw new LadingError({
      code: "missing-root-key",
      message: `Nested table "${table.name}" has no column that points to "${root.name}"`,
      hint: "Merges need the root key in nested tables: set the write disposition before the first load, or load the table again with replace.",
      details: { table: table.name, root: root.name },
    })
  return key.name
}

function single(table: Table, hint: string, has: (column: Column) => boolean): Column | undefined {
  const [first, second] = completeColumns(table).filter(has)
  if (second !== undefined)
    throw new LadingError({
      code: "ambiguous-hint",
      message: `Table "${table.name}" has more than one ${hint} column`,
      hint: `Keep ${hint} on one column.`,
      details: { table: table.name, hint },
    })
  return first
}
