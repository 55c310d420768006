import type { Batch, ExtractContext, PipeStep, Resource, ResourceHints, RowStream, Source, StandardSchema, Yield } from "@lading/core"
import { createNaming, LadingError } from "@lading/core"

/** What rows may come from: a function that starts reading, or the rows themselves. */
export type ResourceData<Row> =
  | ((context: ExtractContext) => RowStream<Row> | Promise<RowStream<Row>>)
  | AsyncIterable<Yield<Row>>
  | Iterable<Yield<Row>>
  | Promise<RowStream<Row>>

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
  /** The same rows with other hints; hints that are not given stay. */
  with(hints: ResourceHints): PipeResource<Row>
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
  hints: ResourceHints & { readonly schema: StandardSchema<Row> },
  data: ResourceData<unknown>,
): PipeResource<Row>
export function resource<Row = unknown>(name: string, hints: ResourceHints, data: ResourceData<Row>): PipeResource<Row>
export function resource<Row = unknown>(name: string, data: ResourceData<Row>): PipeResource<Row>
export function resource<Row>(name: string, hintsOrData: ResourceHints | ResourceData<Row>, data?: ResourceData<Row>): PipeResource<Row> {
  if (name.trim() === "")
    throw new LadingError({ code: "blank-name", message: "a resource needs a name", hint: 'resource("players", ...)' })
  if (data === undefined) return pipe({ kind: "resource", name, hints: {}, read: reader(hintsOrData as ResourceData<Row>), steps: [] })
  return pipe({ kind: "resource", name, hints: hintsOrData as ResourceHints, read: reader(data), steps: [] })
}

/** Groups resources under one name, under which their state is kept. */
export function source(name: string, resources: readonly Resource[]): Source {
  return { kind: "source", name, resources }
}

/** Gives a plain resource, for example one that a source package made, the pipe steps as methods. */
export function pipe<Row>(base: Resource<Row>): PipeResource<Row> {
  const step = <Next>(added: PipeStep): PipeResource<Next> =>
    pipe({ ...(base as unknown as Resource<Next>), steps: [...base.steps, added] })
  return {
    ...base,
    map: (apply) => step({ kind: "map", apply: apply as (row: unknown) => unknown }),
    filter: (apply) => step({ kind: "filter", apply: apply as (row: unknown) => boolean }),
    flatMap: (apply) => step({ kind: "flatMap", apply: apply as (row: unknown) => Iterable<unknown> }),
    tap: (apply) => step({ kind: "tap", apply: apply as (row: unknown) => void }),
    limit: (count) => step({ kind: "limit", count }),
    with: (hints) => pipe({ ...base, hints: { ...base.hints, ...hints } }),
  }
}

function reader<Row>(data: ResourceData<Row>): Resource<Row>["read"] {
  if (typeof data === "function") return data
  return () => data as RowStream<Row> | Promise<RowStream<Row>>
}

/** What `run` takes as data. */
export type RunData = Resource | Source | readonly (Resource | Source)[] | Iterable<unknown> | AsyncIterable<unknown>

/** A resource and the source it belongs to, if any. */
export interface SelectedResource {
  readonly resource: Resource
  readonly source: string | undefined
}

/**
 * Turns what the user handed over into resources. Plain rows become a resource named like the table.
 * @throws LadingError `missing-table` for plain rows without a table name
 */
export function toResources(data: RunData, hints: ResourceHints): SelectedResource[] {
  const items =
    Array.isArray(data) && data.length > 0 && data.every(isPart) ? (data as (Resource | Source)[]) : isPart(data) ? [data] : undefined
  if (items === undefined) return [{ resource: fromRows(data as Iterable<unknown>, hints), source: undefined }]
  return items
    .flatMap((item) =>
      item.kind === "source"
        ? item.resources.map((resource) => ({ resource, source: item.name }))
        : [{ resource: item, source: undefined as string | undefined }],
    )
    .map(({ resource, source }) => ({ resource: { ...resource, hints: { ...resource.hints, ...hints } }, source }))
}

function fromRows(rows: Iterable<unknown> | AsyncIterable<unknown>, hints: ResourceHints): Resource {
  if (hints.table === undefined) {
    throw new LadingError({ code: "missing-table", message: "plain rows need a table to go to", hint: 'run(rows, { table: "things" })' })
  }
  const read = (): RowStream => (Array.isArray(rows) ? [{ kind: "rows", rows } satisfies Batch] : (rows as RowStream))
  return { kind: "resource", name: hints.table, hints, read, steps: [] }
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
