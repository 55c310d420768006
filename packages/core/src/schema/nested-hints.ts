import { LadingError } from "../errors.ts"
import type { TableHints } from "../plugin/source.ts"
import type { HintContext } from "./hints.ts"
import type { SchemaContract, SchemaDocument, Table } from "./model.ts"

/** A nested table that hints declared. */
export interface NestedTable {
  readonly table: Table
  /** Names of columns whose type the user declared. */
  readonly pinned: ReadonlySet<string>
}

/** The resource whose lists get hints, with its root table. */
export interface NestedHintsOf {
  readonly resource: string
  /** Raw name of the root table. */
  readonly rawName: string
  readonly root: Table
  /** Hints by the path of keys that leads to a list, joined by dots. */
  readonly nested: Readonly<Record<string, TableHints>>
}

/** How hints are written into a table, the same for roots and nested ones. */
export interface HintWriter {
  /** Writes columns, keys, contract and description; gives the columns with a declared type. */
  declare(table: Table, hints: TableHints): ReadonlySet<string>
  /** Writes the disposition; gives warnings. */
  dispose(table: Table, hints: TableHints): readonly string[]
}

/**
 * Writes hints of nested tables into the schema, shorter paths first (reference: schema 3.7). A nested table with a primary or merge key
 * leaves its chain: it becomes a table of its own, with a disposition of its own, that is fed by nested data. Unlike in dlt, the tables
 * between it and the root need no hints.
 * @throws LadingError `missing-key`, `nested-key-added`, `unsupported-strategy`, and what `writer` throws
 */
export function applyNestedHints(
  document: SchemaDocument,
  of: NestedHintsOf,
  context: HintContext,
  writer: HintWriter,
): { readonly tables: readonly NestedTable[]; readonly warnings: readonly string[] } {
  const tables: NestedTable[] = []
  const warnings: string[] = []
  const paths = Object.keys(of.nested).map((path) => path.split("."))
  for (const path of paths.sort((a, b) => a.length - b.length)) {
    const hints = of.nested[path.join(".")] ?? {}
    const { name } = context.ledger.tableName([of.rawName, ...path])
    const table = document.tables[name] ?? { name, parent: parentOf(document, of, path, context), columns: {} }
    const pinned = writer.declare(table, hints)
    const isOwn = table.parent === undefined || hasKey(table)
    if (isOwn) warnings.push(...leaveChain(table, hints, of, writer))
    else checkShared(table, hints, of.root)
    document.tables[name] = table
    tables.push({ table, pinned })
  }
  return { tables, warnings }
}

/** The nearest table above a list that is known; what lies between is taken for objects until the data says otherwise. */
function parentOf(document: SchemaDocument, { rawName, root }: NestedHintsOf, path: readonly string[], { naming }: HintContext): string {
  for (let length = path.length - 1; length > 0; length--) {
    const name = naming.shortenFragments([rawName, ...path.slice(0, length)].map((key) => naming.normalizePath(key)))
    if (document.tables[name] !== undefined) return name
  }
  return root.name
}

function hasKey(table: Table): boolean {
  return Object.values(table.columns).some((column) => column.primary_key === true || column.merge_key === true)
}

function leaveChain(table: Table, hints: TableHints, { resource, root }: NestedHintsOf, writer: HintWriter): readonly string[] {
  if (table.columns["_dlt_parent_id"]?.data_type !== undefined) throw keyAdded(table)
  const { writeDisposition: hint } = hints
  if (typeof hint === "object" && hint.strategy === "scd2") throw noHistory(table)
  delete table.parent
  table.resource = resource
  const contract = joined(root.schema_contract, table.schema_contract)
  if (contract !== undefined) table.schema_contract = contract
  return writer.dispose(table, hints)
}

/** A contract on the root holds for what is nested in its data, whether it is a table of its own or not. */
function joined(outer: SchemaContract | undefined, own: SchemaContract | undefined): SchemaContract | undefined {
  if (outer === undefined || typeof own === "string") return own
  if (own === undefined) return outer
  return { ...(typeof outer === "string" ? { tables: outer, columns: outer, data_type: outer } : outer), ...own }
}

function checkShared(table: Table, { writeDisposition: hint }: TableHints, root: Table): void {
  const disposition = typeof hint === "object" ? hint.disposition : hint
  if (disposition === undefined || disposition === root.write_disposition) return
  throw new LadingError({
    code: "missing-key",
    message: `nested table ${table.name}: ${disposition} differs from ${root.write_disposition} of ${root.name}, whose rows it belongs to`,
    hint: 'give the nested table a key of its own, which makes it a table of its own: primaryKey: "id"',
    details: { table: table.name, disposition },
  })
}

function keyAdded(table: Table): LadingError {
  return new LadingError({
    code: "nested-key-added",
    message: `nested table ${table.name} holds rows that are linked to ${table.parent}, and a key of its own would end the links`,
    hint: "load into another table or dataset, or leave the key away",
    details: { table: table.name },
  })
}

function noHistory(table: Table): LadingError {
  return new LadingError({
    code: "unsupported-strategy",
    message: `nested table ${table.name}: scd2 keeps the history of whole records, not of what is nested in them`,
    hint: 'use "delete-insert", "upsert" or "insert-only"',
  })
}
