import {
  applyResourceHints,
  createLedger,
  createSchema,
  type HintContext,
  type NestedTable,
  type Resource,
  resolveContract,
  type SchemaDocument,
  type Table,
  violationFault,
} from "@lading/core"

/** Where the rows of a resource go. */
export interface PlannedTable {
  /** The table of the schema; for rows that name their tables, one outside of it that shows what the hints make of each. */
  readonly table: Table
  /** Raw table name; for rows that name their tables, the resource's. */
  readonly tableName: string
  /** Columns whose type the user declared. */
  readonly pinned: ReadonlySet<string>
  /** The same for nested tables, by table name. */
  readonly nestedPinned: ReadonlyMap<string, ReadonlySet<string>>
  /** True when the rows name their tables. */
  readonly isNamedByRows: boolean
  /** Root tables that the resource is known to fill. */
  readonly filled: readonly string[]
}

/** The place of a resource's rows, undefined where a contract discards their table; and what the user should know. */
export interface TablePlan {
  readonly place: PlannedTable | undefined
  readonly warnings: readonly string[]
}

/**
 * Applies the hints of a resource to the schema, and its contract on new tables, nested ones included. Where rows name their tables the
 * hints are only checked, on a table outside of the schema.
 * @throws LadingError as `applyResourceHints` does, and `contract-violation` for a new table that is frozen out
 */
export function planTable(resource: Resource, schema: SchemaDocument, stored: SchemaDocument, context: HintContext): TablePlan {
  const { name, hints } = resource
  if (typeof hints.table === "function") return { place: namedByRows(resource, stored, context), warnings: [] }
  const { table, pinned, nested, warnings } = applyResourceHints(schema, name, hints, context)
  const tableName = hints.table ?? name
  if (!isTableAllowed(schema, table, stored)) {
    delete schema.tables[table.name]
    for (const { table: below } of nested) if (stored.tables[below.name] === undefined) delete schema.tables[below.name]
    return {
      place: undefined,
      warnings: [...warnings, `${name} was not read: the contract discards new tables, and ${table.name} would be one`],
    }
  }
  const allowed = admitNested(schema, nested, stored)
  return { place: { table, tableName, pinned, nestedPinned: pinnedOf(allowed), isNamedByRows: false, filled: [table.name] }, warnings }
}

/** Takes nested tables that a contract discards out of the schema again, so that their data is refused; gives the others. */
export function admitNested(schema: SchemaDocument, nested: readonly NestedTable[], stored: SchemaDocument): readonly NestedTable[] {
  const allowed = nested.filter(({ table }) => isTableAllowed(schema, table, stored))
  for (const declared of nested) if (!allowed.includes(declared)) delete schema.tables[declared.table.name]
  return allowed
}

/** Columns of nested tables whose type is declared, by table. */
export function pinnedOf(nested: readonly NestedTable[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(nested.map(({ table, pinned }) => [table.name, pinned]))
}

/** False for a new table that the contract discards. @throws LadingError `contract-violation` for one that it freezes out */
export function isTableAllowed(schema: SchemaDocument, table: Table, stored: SchemaDocument): boolean {
  const known = Object.values(stored.tables[table.name]?.columns ?? {}).some((column) => column.data_type !== undefined)
  const { tables: mode } = resolveContract(schema, table)
  if (known || mode === "evolve") return true
  if (mode !== "freeze") return false
  throw violationFault({ schema: schema.name, table: table.name, column: undefined, entity: "tables", mode, what: "a new table" })
}

function namedByRows({ name, hints }: Resource, stored: SchemaDocument, { naming, capabilities }: HintContext): PlannedTable {
  const context = { naming, capabilities, ledger: createLedger([], naming) }
  const { table, pinned } = applyResourceHints(createSchema(stored.name), name, hints, context)
  const filled = Object.values(stored.tables).filter(({ parent, resource }) => parent === undefined && resource === name)
  return { table, tableName: name, pinned, nestedPinned: new Map(), isNamedByRows: true, filled: filled.map((known) => known.name) }
}
