import { BufferPool } from "../columns/buffer-pool.ts"
import { type ContractEntity, type ResolvedContract, resolveContract } from "../contract/contract.ts"
import { violationFault } from "../contract/violation.ts"
import type { NamingConvention } from "../naming/convention.ts"
import type { Ledger } from "../naming/ledger.ts"
import type { DestinationCapabilities } from "../plugin/destination.ts"
import type { Column, DataType, SchemaDocument, Table } from "../schema/model.ts"
import { matchesPattern } from "../schema/patterns.ts"
import { isSystemName } from "../schema/system-tables.ts"
import { RowFault } from "./reject.ts"
import { rowIdRule } from "./row-hash.ts"
import { TableBuilder } from "./table-builder.ts"

/** Bounds on what one record and one run may bring; what exceeds them is rejected with a code. */
export interface NormalizerLimits {
  readonly recordBytes: number
  readonly depth: number
  readonly keysPerRecord: number
  readonly newColumns: number
}

/** The limits where none are given: 16 MiB and 256 levels a record, 10,000 keys a record, 2,000 new columns a run. */
export const defaultLimits: NormalizerLimits = { recordBytes: 16 * 2 ** 20, depth: 256, keysPerRecord: 10_000, newColumns: 2_000 }

/** How the schema may follow the data. */
export interface EvolutionOptions {
  /** `lossless`: a column of an earlier load takes a wider type where no value changes; `never`: a variant column, as dlt does. */
  readonly widen: "lossless" | "never"
}

/** What a value that is not a finite number becomes. */
export type NonFiniteRule = "null" | "reject" | "text"

/** Everything that one normalization depends on; the same options and records give the same bytes. */
export interface RunOptions {
  /** Schema before this run; it is copied, not changed. */
  readonly schema: SchemaDocument
  readonly naming: NamingConvention
  readonly ledger: Ledger
  readonly loadId: string
  readonly capabilities: DestinationCapabilities
  readonly limits?: NormalizerLimits
  readonly evolution?: EvolutionOptions
  readonly onNonFinite?: NonFiniteRule
  /** False sends every JSON record through the objects lane; the rows are the same. Default true. */
  readonly useByteLane?: boolean
  /** Wall clock in seconds, for the `timestamp` detector. */
  readonly nowSeconds: number
  /** `table.column` of earlier loads whose integers a double cannot hold; they never widen to double. */
  readonly inexactIntegers?: ReadonlySet<string>
}

/** A value or nested row that was left out of its record. */
export interface Discard {
  readonly fault: RowFault
  readonly value: unknown
}

/** The working state of one normalize run, shared by its lanes. */
export class NormalizeRun {
  readonly schema: SchemaDocument
  readonly naming: NamingConvention
  readonly ledger: Ledger
  readonly loadId: string
  readonly capabilities: DestinationCapabilities
  readonly limits: NormalizerLimits
  readonly evolution: EvolutionOptions
  readonly onNonFinite: NonFiniteRule
  readonly nowSeconds: number
  readonly inexactIntegers: ReadonlySet<string>
  readonly tables = new Map<string, TableBuilder>()
  readonly memory = new BufferPool()
  /** Columns that were complete before this run. */
  readonly existing: ReadonlySet<string>
  /** Number of the record being normalized. */
  record = 0
  newColumns = 0
  nonFiniteCount = 0
  /** Values and nested rows of the current record that a contract discarded. */
  readonly discarded: Discard[] = []
  /** Columns of nested tables whose type hints declared, by table. */
  readonly pinned = new Map<string, ReadonlySet<string>>()
  private readonly contracts = new Map<Table, ResolvedContract>()
  /** What the current record added to schema and plans, to be taken back if it is rejected. */
  readonly undo: (() => void)[] = []

  constructor(options: RunOptions) {
    this.schema = structuredCopy(options.schema)
    this.naming = options.naming
    this.ledger = options.ledger
    this.loadId = options.loadId
    this.capabilities = options.capabilities
    this.limits = options.limits ?? defaultLimits
    this.evolution = options.evolution ?? { widen: "lossless" }
    this.onNonFinite = options.onNonFinite ?? "null"
    this.nowSeconds = options.nowSeconds
    this.inexactIntegers = options.inexactIntegers ?? new Set()
    this.existing = completeColumns(this.schema)
  }

  /** The builder of a table of the schema; the table is added to the schema if it is new. */
  table(name: string, outer: TableBuilder | undefined, path: readonly string[]): TableBuilder {
    const known = this.tables.get(name)
    if (known !== undefined) return known
    const isNew = this.schema.tables[name] === undefined
    if (isNew && outer !== undefined) this.admit(outer, "tables", name, undefined, "a new nested table")
    if (isNew)
      this.schema.tables[name] =
        outer === undefined ? newRootTable(name, path[0] ?? name) : { name, parent: outer.schema.name, columns: {} }
    else if (outer !== undefined) this.adopt(this.schema.tables[name] as Table, outer)
    const builder = new TableBuilder(this.schema.tables[name] as Table, outer, path, this.memory)
    if (outer !== undefined) builder.rowIds = rowIdRule(builder.schema)
    for (const column of this.pinned.get(name) ?? []) builder.pinned.add(column)
    builder.isKnown = Object.values(builder.schema.columns).some(
      (column) => this.existing.has(`${name}.${column.name}`) && !isValidity(column),
    )
    builder.hasRootKey = this.carriesRootKey(builder)
    builder.required = Object.values(builder.schema.columns)
      .filter((column) => column.nullable === false && !column.name.startsWith("_dlt_"))
      .map((column) => column.name)
    this.tables.set(name, builder)
    this.undo.push(() => {
      this.tables.delete(name)
      if (isNew) delete this.schema.tables[name]
    })
    return builder
  }

  /** Hints declared this nested table before its data told what holds its lists. */
  private adopt(table: Table, { schema }: TableBuilder): void {
    const { parent } = table
    if (parent === undefined || parent === schema.name || table.columns["_dlt_parent_id"]?.data_type !== undefined) return
    table.parent = schema.name
    this.undo.push(() => {
      table.parent = parent
    })
  }

  /** Whether a table's rows carry the row key of the root above them; one that ever did goes on, for its column may not be null. */
  private carriesRootKey({ schema, outer }: TableBuilder): boolean {
    if (outer === undefined) return false
    const { root } = outer
    return root.hasRootKey || needsRootKey(this.schema, root.schema) || schema.columns["_dlt_root_id"]?.data_type !== undefined
  }

  /** Adds a complete column to a table of the schema, as inferred from data, and gives its builder. */
  addColumn(table: TableBuilder, name: string, dataType: DataType, isVariant: boolean): ReturnType<TableBuilder["bind"]> {
    if (isVariant) this.admit(table, "data_type", table.schema.name, name, `a value of type ${dataType} that the column cannot take`)
    else if (table.isKnown && !isSystemName(name)) this.admit(table, "columns", table.schema.name, name, `a new column of type ${dataType}`)
    if (++this.newColumns > this.limits.newColumns) {
      throw new RowFault("too-many-columns", `more than ${this.limits.newColumns} new columns in one run`)
    }
    const columns = table.schema.columns
    const declared = columns[name]
    delete columns[name]
    columns[name] = { ...inferredColumn(this.schema, name, dataType, isVariant), ...declared }
    const builder = table.bind(name)
    this.undo.push(() => {
      this.newColumns--
      table.columns.delete(name)
      delete columns[name]
      if (declared !== undefined) columns[name] = declared
    })
    return builder
  }

  /** Whether the types of this table's known columns may change. */
  mayChangeTypes(table: TableBuilder): boolean {
    return this.contractOf(table).data_type === "evolve"
  }

  /** Throws what the table's contract has to say about a change, unless it lets it evolve. */
  private admit(table: TableBuilder, entity: ContractEntity, name: string, column: string | undefined, what: string): void {
    const mode = this.contractOf(table)[entity]
    if (mode !== "evolve") throw violationFault({ schema: this.schema.name, table: name, column, entity, mode, what })
  }

  private contractOf({ schema }: TableBuilder): ResolvedContract {
    let contract = this.contracts.get(schema)
    if (contract === undefined) {
      contract = resolveContract(this.schema, schema)
      this.contracts.set(schema, contract)
    }
    return contract
  }

  /** True when objects and lists at this path shall stay JSON, because the column is declared or preferred so. */
  isJsonColumn(table: TableBuilder, path: readonly string[]): boolean {
    const name = this.naming.shortenFragments(path.map((key) => this.naming.normalizePath(key)))
    return (table.schema.columns[name]?.data_type ?? preferredType(this.schema, name)) === "json"
  }
}

/** The type that the schema's settings prefer for a column of this name. */
export function preferredType(schema: SchemaDocument, name: string): DataType | undefined {
  for (const [pattern, type] of Object.entries(schema.settings.preferred_types ?? {})) if (matchesPattern(pattern, name)) return type
  return undefined
}

/** A column as inferred from data, with the schema's default hints (reference: schema 1.5). */
function inferredColumn(
  schema: SchemaDocument,
  name: string,
  dataType: DataType,
  isVariant: boolean,
): { name: string; data_type: DataType; nullable: boolean } {
  const column: Record<string, unknown> = { name, data_type: dataType, nullable: true }
  for (const [hint, patterns] of Object.entries(schema.settings.default_hints ?? {})) {
    if (!patterns.some((pattern) => matchesPattern(pattern, name))) continue
    if (hint === "not_null") column["nullable"] = false
    else column[hint] = true
  }
  if (isVariant) column["variant"] = true
  return column as { name: string; data_type: DataType; nullable: boolean }
}

function newRootTable(name: string, resource: string): Table {
  return { name, columns: {}, write_disposition: "append", resource }
}

/** Whether nested tables of this root carry the root's row key (reference: schema 3.6). */
function needsRootKey(schema: SchemaDocument, root: Table): boolean {
  for (const table of Object.values(schema.tables)) {
    if (rootOf(schema, table) === root && Object.values(table.columns).some((column) => column.root_key === true)) return true
  }
  const configured = schema.normalizers.json.config?.root_key_propagation
  if (configured !== undefined) return configured
  return root.write_disposition === "merge" && root["x-merge-strategy"] !== "scd2"
}

function rootOf(schema: SchemaDocument, table: Table): Table {
  const parent = table.parent === undefined ? undefined : schema.tables[table.parent]
  return parent === undefined ? table : rootOf(schema, parent)
}

function completeColumns(schema: SchemaDocument): ReadonlySet<string> {
  const complete = new Set<string>()
  for (const table of Object.values(schema.tables)) {
    for (const column of Object.values(table.columns)) if (column.data_type !== undefined) complete.add(`${table.name}.${column.name}`)
  }
  return complete
}

/** Columns that an scd2 merge fills in are there before any data is. */
function isValidity(column: Column): boolean {
  return column["x-valid-from"] === true || column["x-valid-to"] === true
}

/** A deep copy of plain JSON data. */
export function structuredCopy<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value
}
