import type { Batch, ExtractContext, PipeStep, Resource, ResourceHints, RowStream, Source, StandardSchema, Yield } from "@lading/core"
import { createNaming, LadingError } from "@lading/core"
import { type HintChanges, mergeHints } from "./hints/merge-hints.ts"
import { checkNames } from "./resource-names.ts"
import type { Transformer } from "./transformer.ts"

/** Rows as they come: arrays, iterables, async iterables, Node streams of objects, Web streams; what they give is a row or a batch of rows. */
export type Rows<Row> = RowStream<Row> | ReadableStream<Yield<Row>>

/** What rows may come from: a function that starts reading, the rows themselves, or a promise of them. */
export type ResourceData<Row> = ((context: ExtractContext) => Rows<Row> | Promise<Rows<Row>>) | Rows<Row> | Promise<Rows<Row>>

/** A resource with its pipe steps as methods; each gives a new resource and leaves the old one as it is. */
export interface PipeResource<Row> extends Resource<Row> {
  /** Replaces each row. */
  map<Next>(apply: (row: Row) => Next): PipeResource<Next>
  /** Keeps the rows for which `apply` is true; the others are counted as filtered. */
  filter(apply: (row: Row) => boolean): PipeResource<Row>
  /** Replaces each row by any number of rows. */
  flatMap<Next>(apply: (row: Row) => Iterable<Next>): PipeResource<Next>
  /** Looks at each row. */
  tap(apply: (row: Row) => void): PipeResource<Row>
  /** Stops reading after `count` rows. */
  limit(count: number): PipeResource<Row>
  /** The same rows with other hints: what is not given stays, null or an empty value takes a hint away, columns are merged one by one. */
  withHints(changes: HintChanges<Row>): PipeResource<Row>
  /** Feeds the rows to a transformer that has no parent of its own yet, and gives the transformer as a resource. */
  pipe<Next>(next: Transformer<Row, Next>): PipeResource<Next>
}

/**
 * A named stream of rows. A row schema (zod, valibot, arktype or any Standard Schema) validates the rows, types the table's columns and the
 * rows of this program at once; rows that fail it are rejects.
 *
 * @example
 * const players = resource("players", { primaryKey: "id", writeDisposition: "merge" }, async function* ({ fetch }) {
 *   const answer = await fetch("https://example.com/players")
 *   yield await answer.json()
 * })
 * @throws LadingError `blank-name` when the name is empty
 */
export function resource<Row>(
  name: string,
  hints: ResourceHints<NoInfer<Row>> & { readonly schema: StandardSchema<Row> },
  data: ResourceData<unknown>,
): PipeResource<Row>
export function resource<Row = unknown>(name: string, hints: ResourceHints<NoInfer<Row>>, data: ResourceData<Row>): PipeResource<Row>
export function resource<Row = unknown>(name: string, data: ResourceData<Row>): PipeResource<Row>
export function resource<Row>(
  name: string,
  hintsOrData: ResourceHints<Row> | ResourceData<Row>,
  data?: ResourceData<Row>,
): PipeResource<Row> {
  if (name.trim() === "")
    throw new LadingError({ code: "blank-name", message: "a resource needs a name", hint: 'resource("players", ...)' })
  if (data === undefined) return pipe({ kind: "resource", name, hints: {}, read: reader(hintsOrData as ResourceData<Row>), steps: [] })
  return pipe({ kind: "resource", name, hints: hintsOrData as ResourceHints, read: reader(data), steps: [] })
}

/** A source from which resources can be selected. */
export interface SelectableSource extends Source {
  /**
   * The same source with other resources selected, whatever was selected before.
   * @throws LadingError `unknown-resource` for a name that the source does not have
   */
  withResources(...names: readonly string[]): SelectableSource
}

/**
 * Groups resources under one name, under which their state is kept; or gives a source that a source package made the selection of its
 * resources.
 *
 * @example
 * const shop = source("shop", [users, orders]).withResources("orders")
 * const posts = source(rest({ client, resources })).withResources("posts")
 */
export function source(name: string, resources: readonly Resource[]): SelectableSource
export function source(base: Source): SelectableSource
export function source(nameOrBase: string | Source, resources: readonly Resource[] = []): SelectableSource {
  const base: Source = typeof nameOrBase === "string" ? { kind: "source", name: nameOrBase, resources } : nameOrBase
  return {
    ...base,
    withResources: (...names) => {
      checkNames(names, base.resources)
      return source({ ...base, selected: names })
    },
  }
}

/** Gives a plain resource, for example one that a source package made, the pipe steps as methods. */
export function pipe<Row>(base: Resource<Row>): PipeResource<Row> {
  const step = <Next>(added: PipeStep): PipeResource<Next> =>
    pipe({ ...(base as unknown as Resource<Next>), steps: [...base.steps, added] })
  const self: PipeResource<Row> = {
    ...base,
    map: (apply) => step({ kind: "map", apply: apply as (row: unknown) => unknown }),
    filter: (apply) => step({ kind: "filter", apply: apply as (row: unknown) => boolean }),
    flatMap: (apply) => step({ kind: "flatMap", apply: apply as (row: unknown) => Iterable<unknown> }),
    tap: (apply) => step({ kind: "tap", apply: apply as (row: unknown) => void }),
    limit: (count) => step({ kind: "limit", count }),
    withHints: (changes) => pipe({ ...base, hints: mergeHints(base.hints, changes as HintChanges) }),
    // A parent is known by its value: the one that the caller holds.
    pipe: (next) => next.from(self),
  }
  return self
}

function reader<Row>(data: ResourceData<Row>): Resource<Row>["read"] {
  const read = typeof data === "function" ? data : () => data
  return read as Resource<Row>["read"]
}

/** What `run` takes as data: resources, sources, or rows for one table. */
export type RunData = Resource | Source | readonly (Resource | Source)[] | ResourceData<unknown>

/** A resource of a run, and whether its rows are loaded. */
export interface SelectedResource {
  readonly resource: Resource
  /** The same before it got the hints of the run: a resource knows its parent by this value. */
  readonly given: Resource
  /** The source it belongs to, if any. */
  readonly source: string | undefined
  readonly isSelected: boolean
}

/**
 * Turns what the user handed over into resources, those that are not selected among them. Plain rows become a resource named like the
 * table. `names` selects in place of what the sources select.
 * @throws LadingError `missing-table` for plain rows without a table name, `unknown-resource`
 */
export function toResources(data: RunData, hints: ResourceHints, names?: readonly string[]): SelectedResource[] {
  const items =
    Array.isArray(data) && data.length > 0 && data.every(isPart) ? (data as (Resource | Source)[]) : isPart(data) ? [data] : undefined
  if (items === undefined) {
    const rows = fromRows(data as ResourceData<unknown>, hints)
    if (names !== undefined) checkNames(names, [rows])
    return [{ resource: rows, given: rows, source: undefined, isSelected: true }]
  }
  const parts = items.flatMap((item) =>
    item.kind === "source"
      ? item.resources.map((given) => ({ given, source: item.name, isSelected: item.selected?.includes(given.name) ?? true }))
      : [{ given: item, source: undefined as string | undefined, isSelected: true }],
  )
  if (names !== undefined)
    checkNames(
      names,
      parts.map(({ given }) => given),
    )
  const all = parts.map((part) => ({ ...part, isSelected: names?.includes(part.given.name) ?? part.isSelected }))
  return all.map((part) => ({ ...part, resource: withRunHints(part.given, hints, part.isSelected) }))
}

/** The hints of a run are meant for what it loads; what only feeds that starts anew, too, when everything is to be replaced. */
function withRunHints(resource: Resource, hints: ResourceHints, isSelected: boolean): Resource {
  const { writeDisposition } = hints
  const given = isSelected ? hints : writeDisposition === undefined ? {} : { writeDisposition }
  return { ...resource, hints: mergeHints(resource.hints, given) }
}

function fromRows(rows: ResourceData<unknown>, hints: ResourceHints): Resource {
  if (hints.table === undefined) {
    throw new LadingError({ code: "missing-table", message: "plain rows need a table to go to", hint: 'run(rows, { table: "things" })' })
  }
  const read = Array.isArray(rows) ? () => [{ kind: "rows", rows } satisfies Batch] : reader(rows)
  return { kind: "resource", name: typeof hints.table === "string" ? hints.table : "rows", hints, read, steps: [] }
}

function isPart(value: unknown): value is Resource | Source {
  return typeof value === "object" && value !== null && "kind" in value && (value.kind === "resource" || value.kind === "source")
}

/** The schema that the selected resources share: their one source's name, else the pipeline's without `_pipeline` at its end. */
export function schemaNameOf(pipeline: string, selected: readonly SelectedResource[]): string {
  const sources = new Set(selected.map(({ source }) => source))
  const [only] = sources
  const name = sources.size === 1 && only !== undefined ? only : pipeline.replace(/_pipeline$/, "")
  return createNaming("snake_case", 64).normalizeIdentifier(name)
}
