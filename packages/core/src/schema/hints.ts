import { LadingError } from "../errors.ts"
import type { NamingConvention } from "../naming/convention.ts"
import type { Ledger } from "../naming/ledger.ts"
import type { DestinationCapabilities } from "../plugin/destination.ts"
import type { ColumnHints, ContractHints, ResourceHints, TableHints } from "../plugin/source.ts"
import { columnsOfSchema } from "./from-standard-schema.ts"
import type { Column, MergeStrategy, SchemaContract, SchemaDocument, Table, WriteDisposition } from "./model.ts"
import { applyNestedHints, type NestedTable } from "./nested-hints.ts"
import { applyScd2, removeScd2, scd2Warnings } from "./scd2-hints.ts"

/** What hints are resolved against: names and the abilities of the destination. */
export interface HintContext {
  readonly naming: NamingConvention
  readonly ledger: Ledger
  readonly capabilities: DestinationCapabilities
}

/** What a resource's hints make of its root table. */
export interface RootTable {
  readonly table: Table
  /** Names of columns whose type the user declared; they are never widened. */
  readonly pinned: ReadonlySet<string>
  /** Nested tables that the hints declared. */
  readonly nested: readonly NestedTable[]
  /** What the user should know before the load. */
  readonly warnings: readonly string[]
}

/**
 * Writes a resource's hints into the schema: creates or amends its root table (reference: schema 1.3, 1.10; extract 1.8). The
 * document is changed in place.
 * @throws LadingError `unsupported-disposition`, `unsupported-strategy`, `missing-key` or `type-conflict`, before anything is extracted
 */
export function applyResourceHints(document: SchemaDocument, resource: string, hints: ResourceHints, context: HintContext): RootTable {
  const rawName = typeof hints.table === "string" ? hints.table : resource
  const name = context.ledger.tableName([rawName]).name
  const table = document.tables[name] ?? { name, columns: {}, write_disposition: "append", resource }
  document.tables[name] = table
  if (hints.owner !== undefined) table["x-lading-owner"] = hints.owner
  if (hints.maxTableNesting !== undefined) setProcessingHint(table, "max_nesting", hints.maxTableNesting)
  const pinned = new Set<string>()
  const described = hints.schema === undefined ? {} : columnsOfSchema(hints.schema)
  for (const [raw, column] of Object.entries(described)) describeColumn(table, raw, column, context, pinned)
  declareTable(table, hints, context, pinned)
  const warnings = applyDisposition(table, hints, context)
  const nested = applyNestedHints(document, { resource, rawName, root: table, nested: hints.nested ?? {} }, context, {
    declare: (nestedTable, own) => declareTable(nestedTable, own, context, new Set()),
    dispose: (nestedTable, own) => applyDisposition(nestedTable, own, context),
  })
  return { table, pinned, nested: nested.tables, warnings: [...warnings, ...nested.warnings] }
}

/** Writes what hints say of any table, root or nested. */
function declareTable(table: Table, hints: TableHints, context: HintContext, pinned: Set<string>): ReadonlySet<string> {
  if (hints.description !== undefined) table.description = hints.description
  if (hints.contract !== undefined) table.schema_contract = toContract(hints.contract)
  for (const [raw, column] of Object.entries(hints.columns ?? {})) declareColumn(table, raw, column, context, pinned)
  declareKey(table, "primary_key", hints.primaryKey, context)
  declareKey(table, "merge_key", hints.mergeKey, context)
  return pinned
}

/** A contract as the schema document stores it. */
export function toContract(hints: ContractHints): SchemaContract {
  if (typeof hints === "string") return hints
  const { dataType, ...rest } = hints
  return { ...rest, ...(dataType === undefined ? {} : { data_type: dataType }) }
}

/** Sets a key of `x-normalizer` without losing the others. */
export function setProcessingHint(table: Table, key: string, value: unknown): void {
  table["x-normalizer"] = { ...(table["x-normalizer"] as Record<string, unknown> | undefined), [key]: value }
}

/** What a row schema says of a column; a type that the column has already stays. */
function describeColumn(table: Table, raw: string, { dataType, ...hints }: ColumnHints, context: HintContext, pinned: Set<string>): void {
  const isComplete = columnOf(table, raw, context).data_type !== undefined
  declareColumn(table, raw, isComplete || dataType === undefined ? hints : { dataType, ...hints }, context, pinned)
}

function declareColumn(table: Table, raw: string, hints: ColumnHints, context: HintContext, pinned: Set<string>): void {
  const column = columnOf(table, raw, context)
  if (hints.dataType !== undefined) {
    if (column.data_type !== undefined && column.data_type !== hints.dataType) throw typeConflict(table, column, hints.dataType)
    column.data_type = hints.dataType
    pinned.add(column.name)
  }
  if (hints.nullable !== undefined) column.nullable = hints.nullable
  if (hints.precision !== undefined) column.precision = hints.precision
  if (hints.scale !== undefined) column.scale = hints.scale
  if (hints.timezone !== undefined) column.timezone = hints.timezone
  if (hints.description !== undefined) column.description = hints.description
  if (hints.primaryKey !== undefined) column.primary_key = hints.primaryKey
  if (hints.mergeKey !== undefined) column.merge_key = hints.mergeKey
  if (hints.unique !== undefined) column.unique = hints.unique
  if (hints.hardDelete !== undefined) column.hard_delete = hints.hardDelete
  if (hints.dedupSort !== undefined) column.dedup_sort = hints.dedupSort
}

/** Keys given on the resource replace the key that the table had; its columns may not be null unless declared so. */
function declareKey(
  table: Table,
  hint: "primary_key" | "merge_key",
  given: string | readonly string[] | undefined,
  context: HintContext,
): void {
  const names = given === undefined ? [] : typeof given === "string" ? [given] : given
  if (names.filter((name) => name !== "").length === 0) return
  for (const column of Object.values(table.columns)) delete column[hint]
  for (const raw of names) {
    const column = columnOf(table, raw, context)
    column.nullable ??= false
    column[hint] = true
  }
}

function columnOf(table: Table, raw: string, { naming, ledger }: HintContext): Column {
  const name = naming.shortenFragments([naming.normalizePath(raw)])
  ledger.reserve(table.name, name)
  const column = table.columns[name] ?? { name }
  table.columns[name] = column
  return column
}

function applyDisposition(table: Table, hints: ResourceHints, context: HintContext): string[] {
  const { capabilities } = context
  const hint = hints.writeDisposition ?? "append"
  const disposition: WriteDisposition = typeof hint === "string" ? hint : hint.disposition
  if (!capabilities.writeDispositions.includes(disposition)) {
    throw new LadingError({
      code: "unsupported-disposition",
      message: `table ${table.name}: the destination does not support ${disposition}`,
      hint: `use one of: ${capabilities.writeDispositions.join(", ")}`,
    })
  }
  table.write_disposition = disposition
  delete table["x-merge-strategy"]
  const strategy = typeof hint === "string" ? undefined : hint.strategy
  if (strategy !== "scd2") removeScd2(table)
  if (disposition !== "merge") return []
  if (strategy !== undefined) table["x-merge-strategy"] = strategy
  if (typeof hint !== "string" && hint.deduplicated === true) table["x-stage-data-deduplicated"] = true
  const warnings = checkMerge(table, strategy ?? "delete-insert", capabilities)
  if (typeof hint === "string" || hint.strategy !== "scd2") return warnings
  applyScd2(table, hint, (raw) => columnOf(table, raw, context))
  return [...warnings, ...scd2Warnings(table, hints)]
}

/** Refuses a merge that the destination or the hints cannot do; gives what the user should know of one that can be done. */
function checkMerge(table: Table, strategy: MergeStrategy, capabilities: DestinationCapabilities): string[] {
  if (!capabilities.mergeStrategies.includes(strategy)) {
    throw new LadingError({
      code: "unsupported-strategy",
      message: `table ${table.name}: the destination does not support merge strategy ${strategy}`,
      hint: `use one of: ${capabilities.mergeStrategies.join(", ")}`,
    })
  }
  const columns = Object.values(table.columns)
  const hasPrimaryKey = columns.some((column) => column.primary_key === true)
  if (!hasPrimaryKey && (strategy === "upsert" || strategy === "insert-only")) {
    throw new LadingError({
      code: "missing-key",
      message: `table ${table.name}: merge (${strategy}) has no primary key, so it cannot tell which rows are the same`,
      hint: 'name the columns that identify a row: primaryKey: "id"; or use writeDisposition: "append"',
      details: { table: table.name, strategy },
    })
  }
  for (const hint of ["hard_delete", "dedup_sort"] as const) {
    const names = columns.filter((column) => column[hint] !== undefined && column[hint] !== false).map((column) => column.name)
    if (names.length > 1)
      throw new LadingError({
        code: "ambiguous-hint",
        message: `table ${table.name}: only one column may have ${hint}, not ${names.join(" and ")}`,
      })
  }
  const hasKey = hasPrimaryKey || columns.some((column) => column.merge_key === true)
  if (hasKey || strategy !== "delete-insert") return []
  return [`table ${table.name}: merge without a primary or merge key replaces nothing, its rows are appended`]
}

function typeConflict(table: Table, column: Column, hinted: string): LadingError {
  return new LadingError({
    code: "type-conflict",
    message: `column ${table.name}.${column.name} holds ${column.data_type}, but the hint says ${hinted}`,
    hint: `keep the hint at ${column.data_type}, or load into another column or table; values that do not fit ${column.data_type} go to a variant column`,
    details: { table: table.name, column: column.name, stored: column.data_type, hinted },
  })
}
