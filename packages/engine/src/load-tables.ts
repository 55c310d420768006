import {
  applyResourceHints,
  type Batch,
  type HintContext,
  LadingError,
  type Normalizer,
  type NormalizeTarget,
  noRows,
  type Resource,
  type SchemaDocument,
  type TableCounters,
} from "@lading/core"
import type { ExtractCounters } from "./extract/extract.ts"
import { admitNested, isTableAllowed, type PlannedTable, pinnedOf } from "./extract/plan-table.ts"
import { type RouteEnd, Router } from "./extract/router.ts"
import { mergeHints } from "./hints/merge-hints.ts"

/** A resource with the place of its rows. */
export type PlacedResource = PlannedTable & { readonly resource: Resource }

/** What the tables of a load are made of. */
export interface LoadTablesOptions {
  readonly normalizer: Normalizer
  /** The schema as the destination holds it. */
  readonly stored: SchemaDocument
  readonly context: HintContext
  /** `table.column` of integers that a double cannot hold; tables that rows name are added when they are met. */
  readonly inexactIntegers: Set<string>
}

/** A resource's way to a table, with the counters of what the extract leaves out. */
export interface Intake {
  readonly target: NormalizeTarget
  readonly counters: ExtractCounters
}

/** Rows of a resource that have no table of their own: those that were left out or rejected before a table was known. */
interface Unplaced extends Intake {
  /** Of the rows that the target counts, those that went on to a table. */
  placed: number
}

/** The root tables of a load: where rows go, and what became of them. */
export class LoadTables {
  /** What the user should know of tables that rows named. */
  readonly warnings: string[] = []
  private readonly options: LoadTablesOptions
  private readonly intakes = new Map<string, Intake>()
  private readonly unplaced = new Map<string, Unplaced>()
  private readonly resources = new Map<NormalizeTarget, Resource>()
  private readonly routers = new Map<Resource, Router>()

  constructor(options: LoadTablesOptions) {
    this.options = options
  }

  /** Where a resource brings its rows: its table, or the entrance from which each row goes to the table that it names. */
  intake({ resource, tableName, pinned, nestedPinned, isNamedByRows }: PlacedResource): Intake {
    const intake = isNamedByRows
      ? this.unplacedOf(resource.name)
      : this.add(this.options.normalizer.target({ name: tableName, pinned, nestedPinned }))
    this.resources.set(intake.target, resource)
    return intake
  }

  /** Brings a batch to the tables that its rows name; false when they all go to the target. `push` normalizes. */
  async route(target: NormalizeTarget, batch: Batch, push: (target: NormalizeTarget, batch: Batch) => Promise<void>): Promise<boolean> {
    const resource = this.resources.get(target)
    if (resource === undefined) return false
    const entrance = this.unplaced.get(resource.name)
    const isEntrance = entrance?.target === target
    if (!isEntrance && (batch.kind !== "rows" || batch.table === undefined)) return false
    const placed = await this.routerOf(resource, push).push(batch)
    if (!isEntrance) return true
    entrance.target.extracted += placed
    entrance.placed += placed
    return true
  }

  /** Rows that arrived at the normalizer so far. */
  get extractedRows(): number {
    const placed = [...this.intakes.values()].reduce((sum, { target }) => sum + target.extracted, 0)
    return [...this.unplaced.values()].reduce((sum, entry) => sum + entry.target.extracted - entry.placed, placed)
  }

  /** True for a table that rows are extracted into, which nested tables are not. */
  isRoot(table: string): boolean {
    return this.intakes.has(table) || [...this.unplaced.values()].some(({ target }) => target.table.schema.name === table)
  }

  /** Counters of every table; `loaded` is what is to arrive, which the destination checks against what did. */
  counters(): Record<string, TableCounters> {
    const counters: Record<string, TableCounters> = {}
    for (const [name, normalized] of this.options.normalizer.normalizedRows()) {
      const intake = this.intakes.get(name)
      counters[name] = { ...(intake === undefined ? noRows : extractedBy(intake, 0)), normalized, loaded: normalized }
    }
    for (const entry of this.unplaced.values()) {
      const own = extractedBy(entry, entry.placed)
      const { name } = entry.target.table.schema
      if (own.extracted > 0) counters[name] = addCounters(counters[name] ?? noRows, own)
    }
    return counters
  }

  /** The same for the ceiling of rejects: what had no table counts against all rows of its resource. */
  ceilingCounters(): Record<string, TableCounters> {
    const counters = this.counters()
    for (const { target, placed } of this.unplaced.values()) {
      const { name } = target.table.schema
      const own = counters[name]
      if (own !== undefined) counters[name] = { ...own, extracted: own.extracted + placed }
    }
    return counters
  }

  /** Rows that a contract discarded, by table. */
  discarded(): Map<string, number> {
    const discarded = new Map([...this.intakes].map(([name, { target }]) => [name, target.discarded]))
    for (const { target } of this.unplaced.values()) {
      const { name } = target.table.schema
      discarded.set(name, (discarded.get(name) ?? 0) + target.discarded)
    }
    return discarded
  }

  private add(target: NormalizeTarget): Intake {
    const { name } = target.table.schema
    const intake = this.intakes.get(name) ?? { target, counters: { filtered: 0, deduplicated: 0 } }
    this.intakes.set(name, intake)
    return intake
  }

  private unplacedOf(resource: string): Unplaced {
    let entry = this.unplaced.get(resource)
    if (entry === undefined) {
      entry = { target: this.options.normalizer.counter(resource), counters: { filtered: 0, deduplicated: 0 }, placed: 0 }
      this.unplaced.set(resource, entry)
    }
    return entry
  }

  private routerOf(resource: Resource, push: (target: NormalizeTarget, batch: Batch) => Promise<void>): Router {
    let router = this.routers.get(resource)
    if (router === undefined) {
      router = new Router(resource, {
        open: (table, row) => this.open(resource, table, row),
        push,
        reject: (batch) => push(this.unplacedOf(resource.name).target, batch),
        leaveOut: (rows) => {
          const { target } = this.unplacedOf(resource.name)
          target.extracted += rows
          target.nulls += rows
        },
      })
      this.routers.set(resource, router)
    }
    return router
  }

  /** The table of a name that a row brings; the resource's hints are applied to it when it is met first. */
  private open(resource: Resource, rawName: string, row: unknown): RouteEnd {
    const { normalizer, stored, context, inexactIntegers } = this.options
    const known = this.intakes.get(context.ledger.tableName([rawName]).name)
    if (known !== undefined) return known.target
    const { schema } = normalizer
    const hints = { ...mergeHints(resource.hints, hintsFor(resource, rawName, row)), table: rawName }
    const { table, pinned, nested, warnings } = applyResourceHints(schema, resource.name, hints, context)
    if (!isTableAllowed(schema, table, stored)) {
      for (const { name } of [table, ...nested.map((declared) => declared.table)])
        if (stored.tables[name] === undefined) delete schema.tables[name]
      return { code: "contract-table", message: `${table.name}: a new table, which the contract discards` }
    }
    this.warnings.push(...warnings)
    for (const column of unknownIntegers(stored, table.name, resource.name)) inexactIntegers.add(column)
    return this.add(normalizer.target({ name: rawName, pinned, nestedPinned: pinnedOf(admitNested(schema, nested, stored)) })).target
  }
}

function extractedBy({ target, counters: { filtered: left, deduplicated } }: Intake, placed: number): TableCounters {
  const { extracted, rejected, nulls } = target
  return { ...noRows, extracted: extracted - placed + left + deduplicated, filtered: left + nulls, deduplicated, rejected }
}

/** What became of the rows of both. */
export function addCounters(a: TableCounters, b: TableCounters): TableCounters {
  return {
    extracted: a.extracted + b.extracted,
    filtered: a.filtered + b.filtered,
    deduplicated: a.deduplicated + b.deduplicated,
    rejected: a.rejected + b.rejected,
    normalized: a.normalized + b.normalized,
    loaded: a.loaded + b.loaded,
  }
}

function hintsFor({ name, hints }: Resource, table: string, row: unknown): ReturnType<NonNullable<Resource["hints"]["hintsFor"]>> {
  try {
    return hints.hintsFor?.(table, row) ?? {}
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new LadingError({
      code: "extract-failed",
      message: `resource ${name}: hintsFor failed on table ${table}: ${reason}`,
      hint: "nothing of this load was committed; the next run starts at the same place",
      details: { resource: name, table },
      cause,
    })
  }
}

/** Integers of tables that were not looked at before the extract, for nobody knew that they would be met: taken for inexact. */
function unknownIntegers(stored: SchemaDocument, root: string, resource: string): readonly string[] {
  const table = stored.tables[root]
  if (table === undefined || table.resource === resource) return []
  const chain = Object.values(stored.tables).filter(({ name }) => rootOf(stored, name) === root)
  return chain.flatMap(({ name, columns }) =>
    Object.values(columns)
      .filter((column) => column.data_type === "bigint")
      .map((column) => `${name}.${column.name}`),
  )
}

function rootOf(schema: SchemaDocument, name: string): string {
  const parent = schema.tables[name]?.parent
  return parent === undefined ? name : rootOf(schema, parent)
}
