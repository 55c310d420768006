import {
  type ContractHints,
  type DestinationCapabilities,
  type DestinationSession,
  incrementalState,
  type Resource,
  resourceState,
  type SchemaDocument,
  type StateDocument,
  structuredCopy,
  type Table,
  toContract,
  withIncrementalState,
  withResourceState,
} from "@lading/core"
import type { LoadBase } from "../load.ts"
import type { SelectedResource } from "../resource.ts"
import { withParents } from "./family.ts"
import { IncrementalCursor } from "./incremental.ts"
import { type PlannedTable, planTable } from "./plan-table.ts"

/** One resource, ready to be read: its cursor and state are at hand. */
export interface PlannedStream {
  readonly resource: Resource
  readonly cursor: IncrementalCursor | undefined
  /** The resource's own state; the resource changes it in place. */
  readonly state: Record<string, unknown>
  readonly replaces: boolean
  /** The stream that feeds this one. */
  readonly parent: PlannedStream | undefined
}

/** A resource whose rows are loaded: its table exists in the schema. */
export interface PlannedResource extends PlannedStream, PlannedTable {}

/** What is to be extracted into which schema. */
export interface ExtractPlan {
  readonly schema: SchemaDocument
  readonly resources: readonly PlannedResource[]
  /** Resources that are read only because of what they feed. */
  readonly feeders: readonly PlannedStream[]
  readonly warnings: readonly string[]
}

/** True for a resource whose rows are loaded. */
export function isLoaded(stream: PlannedStream): stream is PlannedResource {
  return "table" in stream
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
  const tables = new Map<SelectedResource, PlannedTable>()
  for (const item of selected) {
    if (!item.isSelected) continue
    const { hints, name } = item.resource
    const { place, warnings: told } = planTable(item.resource, schema, base.schema, context)
    warnings.push(...told)
    if (place === undefined) continue
    tables.set(item, place)
    if (hints.incremental?.lag !== undefined && place.table.write_disposition === "append") warnings.push(repeats(name))
  }
  const streams = new Map<SelectedResource, PlannedStream>()
  for (const { item, parent } of withParents(selected, [...tables.keys()])) {
    const place = tables.get(item)
    const replaces = (place?.table.write_disposition ?? item.resource.hints.writeDisposition) === "replace"
    const stream = toStream(item.resource, replaces, parent === undefined ? undefined : streams.get(parent), schema.name, base)
    streams.set(item, place === undefined ? stream : { ...stream, ...place })
  }
  const resources = [...tables.keys()].map((item) => streams.get(item)).filter((stream) => stream !== undefined && isLoaded(stream))
  const feeders = [...streams.values()].filter((stream) => !isLoaded(stream))
  warnings.push(...[...streams.values()].filter(isCutOff).map(cutsOff))
  return { schema, resources, feeders, warnings }
}

function toStream(
  resource: Resource,
  replaces: boolean,
  parent: PlannedStream | undefined,
  schema: string,
  { state }: LoadBase,
): PlannedStream {
  const { name, hints } = resource
  const { incremental } = hints
  const stored = incremental === undefined || replaces ? undefined : incrementalState(state, schema, name, incremental.cursor)
  return {
    resource,
    cursor: incremental === undefined ? undefined : new IncrementalCursor(incremental, hints.primaryKey, stored),
    state: replaces ? {} : structuredCopy(withoutCursors(resourceState(state, schema, name))),
    replaces,
    parent,
  }
}

/** Bigint columns of the plan's tables that hold integers which a double cannot represent, as `table.column`. */
export async function inexactIntegers(plan: ExtractPlan, base: LoadBase, session: DestinationSession): Promise<ReadonlySet<string>> {
  const inexact = new Set<string>()
  const fed = new Set(plan.resources.map(({ resource }) => resource.name))
  const roots = Object.values(base.stored.tables).filter(({ parent, resource = "" }) => parent === undefined && fed.has(resource))
  for (const root of new Set([...plan.resources.map(({ table }) => table.name), ...roots.map(({ name }) => name)])) {
    for (const stored of chainOf(base.stored, root)) {
      for (const column of await session.inexactIntegerColumns(stored)) inexact.add(`${stored.name}.${column}`)
    }
  }
  return inexact
}

/** The state document after the extract: each resource's own state, and its cursor. */
export function stateAfter(plan: ExtractPlan, base: LoadBase): StateDocument {
  const { schema } = plan
  return [...plan.feeders, ...plan.resources].reduce<StateDocument>(
    (document, planned) => writeState(document, schema.name, planned),
    base.state,
  )
}

function repeats(resource: string): string {
  return `${resource}: append with a lag loads the rows within the lag again in every run; merge with a primary key keeps one of each`
}

/** True for a transformer that may stop before its parent does, whose cursor goes on. */
function isCutOff({ resource, parent }: PlannedStream): boolean {
  if (!resource.steps.some(({ kind }) => kind === "limit")) return false
  for (let above = parent; above !== undefined; above = above.parent) if (above.cursor !== undefined) return true
  return false
}

function cutsOff({ resource, parent }: PlannedStream): string {
  return `${resource.name}: what its limit leaves out is not read again, for the cursor of ${parent?.resource.name ?? ""} moves on; limit the parent instead`
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

function writeState(document: StateDocument, schema: string, { resource, state, cursor, replaces }: PlannedStream): StateDocument {
  const before = resourceState(document, schema, resource.name)
  const cursors = replaces || before["incremental"] === undefined ? {} : { incremental: before["incremental"] }
  const own = { ...state, ...cursors }
  const isEmpty = Object.keys(own).length === 0 && Object.keys(before).length === 0
  const withOwn = isEmpty ? document : withResourceState(document, schema, resource.name, own)
  const next = cursor?.state()
  const path = resource.hints.incremental?.cursor
  return next === undefined || path === undefined ? withOwn : withIncrementalState(withOwn, schema, resource.name, path, next)
}
