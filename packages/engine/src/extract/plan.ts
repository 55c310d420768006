import {
  applyResourceHints,
  type ContractHints,
  type DestinationCapabilities,
  type DestinationSession,
  incrementalState,
  type Resource,
  resolveContract,
  resourceState,
  type SchemaDocument,
  type StateDocument,
  structuredCopy,
  type Table,
  toContract,
  violationFault,
  withIncrementalState,
  withResourceState,
} from "@lading/core"
import type { LoadBase } from "../load.ts"
import type { SelectedResource } from "../resource.ts"
import { IncrementalCursor } from "./incremental.ts"

/** One resource, ready to be read: its table exists in the schema, its cursor and state are at hand. */
export interface PlannedResource {
  readonly resource: Resource
  readonly table: Table
  /** Raw table name. */
  readonly tableName: string
  readonly pinned: ReadonlySet<string>
  readonly cursor: IncrementalCursor | undefined
  /** The resource's own state; the resource changes it in place. */
  readonly state: Record<string, unknown>
  readonly replaces: boolean
}

/** What is to be extracted into which schema. */
export interface ExtractPlan {
  readonly schema: SchemaDocument
  readonly resources: readonly PlannedResource[]
  readonly warnings: readonly string[]
}

/**
 * Applies the hints of all resources to a copy of the schema, before anything is read, so that every mistake of a hint is told before
 * it costs anything.
 * @throws LadingError as `applyResourceHints` does
 */
export function planExtract(
  selected: readonly SelectedResource[],
  base: LoadBase,
  capabilities: DestinationCapabilities,
  contract: ContractHints | undefined,
): ExtractPlan {
  const schema = structuredCopy(base.schema)
  if (contract !== undefined) schema.settings.schema_contract = toContract(contract)
  const context = { naming: base.naming, ledger: base.ledger, capabilities }
  const warnings: string[] = []
  const resources = selected.flatMap(({ resource }): PlannedResource[] => {
    const { hints, name } = resource
    const { table, pinned, warnings: told } = applyResourceHints(schema, name, hints, context)
    warnings.push(...told)
    if (!isTableAllowed(schema, table, base)) {
      delete schema.tables[table.name]
      warnings.push(`${name} was not read: the contract discards new tables, and ${table.name} would be one`)
      return []
    }
    const replaces = table.write_disposition === "replace"
    const { incremental } = hints
    if (incremental?.lag !== undefined && table.write_disposition === "append") warnings.push(repeats(name))
    const stored = incremental === undefined || replaces ? undefined : incrementalState(base.state, schema.name, name, incremental.cursor)
    const planned: PlannedResource = {
      resource,
      table,
      tableName: hints.table ?? name,
      pinned,
      cursor: incremental === undefined ? undefined : new IncrementalCursor(incremental, hints.primaryKey, stored),
      state: replaces ? {} : structuredCopy(withoutCursors(resourceState(base.state, schema.name, name))),
      replaces,
    }
    return [planned]
  })
  return { schema, resources, warnings }
}

/** False for a new table that the contract discards. @throws LadingError `contract-violation` for one that it freezes out */
function isTableAllowed(schema: SchemaDocument, table: Table, base: LoadBase): boolean {
  const known = Object.values(base.schema.tables[table.name]?.columns ?? {}).some((column) => column.data_type !== undefined)
  const { tables: mode } = resolveContract(schema, table)
  if (known || mode === "evolve") return true
  if (mode !== "freeze") return false
  throw violationFault({ schema: schema.name, table: table.name, column: undefined, entity: "tables", mode, what: "a new table" })
}

/** Bigint columns of the plan's tables that hold integers which a double cannot represent, as `table.column`. */
export async function inexactIntegers(plan: ExtractPlan, base: LoadBase, session: DestinationSession): Promise<ReadonlySet<string>> {
  const inexact = new Set<string>()
  for (const { table } of plan.resources) {
    for (const stored of chainOf(base.schema, table.name)) {
      for (const column of await session.inexactIntegerColumns(stored)) inexact.add(`${stored.name}.${column}`)
    }
  }
  return inexact
}

/** The state document after the extract: each resource's own state, and its cursor. */
export function stateAfter(plan: ExtractPlan, base: LoadBase): StateDocument {
  const { schema } = plan
  return plan.resources.reduce((document, planned) => writeState(document, schema.name, planned), base.state)
}

function repeats(resource: string): string {
  return `${resource}: append with a lag loads the rows within the lag again in every run; merge with a primary key keeps one of each`
}

function chainOf(schema: SchemaDocument, root: string): Table[] {
  const table = schema.tables[root]
  if (table === undefined) return []
  const nested = Object.values(schema.tables).filter((candidate) => candidate.parent === root)
  return [table, ...nested.flatMap(({ name }) => chainOf(schema, name))]
}

function withoutCursors({ incremental: _, ...own }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return own
}

function writeState(document: StateDocument, schema: string, { resource, state, cursor, replaces }: PlannedResource): StateDocument {
  const before = resourceState(document, schema, resource.name)
  const cursors = replaces || before["incremental"] === undefined ? {} : { incremental: before["incremental"] }
  const own = { ...state, ...cursors }
  const isEmpty = Object.keys(own).length === 0 && Object.keys(before).length === 0
  const withOwn = isEmpty ? document : withResourceState(document, schema, resource.name, own)
  const next = cursor?.state()
  const path = resource.hints.incremental?.cursor
  return next === undefined || path === undefined ? withOwn : withIncrementalState(withOwn, schema, resource.name, path, next)
}
