import type { ContractMode, DataType, MergeStrategy, WriteDisposition } from "../schema/model.ts"
import type { Plugin, StandardSchema } from "./plugin.ts"

/** What a user may say about a column of a resource; everything not said is inferred from the data. */
export interface ColumnHints {
  readonly dataType?: DataType
  readonly nullable?: boolean
  readonly precision?: number
  readonly scale?: number
  /** timestamp only: false keeps wall-clock times without zone. */
  readonly timezone?: boolean
  readonly description?: string
  readonly primaryKey?: boolean
  readonly mergeKey?: boolean
  readonly unique?: boolean
  /** Rows in which this column is true (bool) or not null (any other type) delete their key under merge. */
  readonly hardDelete?: boolean
  /** Under merge the row with the last (`desc`: highest) value of a key survives. */
  readonly dedupSort?: "asc" | "desc"
}

/** A contract as users write it: one mode for everything, or a mode for each kind of change. */
export type ContractHints =
  | ContractMode
  | { readonly tables?: ContractMode; readonly columns?: ContractMode; readonly dataType?: ContractMode }

/**
 * Slowly changing dimension of type 2: each version of a row is kept, with the time from which and until which it held. Without a merge key a load is a
 * snapshot of everything: what it lacks is closed. With one, a load closes only versions whose merge key it brings.
 */
export interface Scd2Hint {
  readonly disposition: "merge"
  readonly strategy: "scd2"
  /** Columns for beginning and end, half-open. Default `_dlt_valid_from` and `_dlt_valid_to`. */
  readonly validityColumnNames?: readonly [from: string, to: string]
  /** End of a version that still holds, such as `9999-12-31`. Default: null. */
  readonly activeRecordTimestamp?: string | Date | null
  /** Moment at which this load closes and opens versions. Default: when the load was sealed. */
  readonly boundaryTimestamp?: string | Date | null
  /** Column that the data brings to tell versions apart. Default: `_dlt_id`, a hash of the whole row. */
  readonly rowVersionColumnName?: string
  /** The rows of a load are known to hold each version once. */
  readonly deduplicated?: boolean
}

/** How rows meet the rows that are there already. */
export type WriteDispositionHint =
  | WriteDisposition
  | { readonly disposition: "merge"; readonly strategy: Exclude<MergeStrategy, "scd2">; readonly deduplicated?: boolean }
  | Scd2Hint

/** How a resource is read from where the last run stopped. */
export interface IncrementalHints {
  /** Name of the field, or its path with dots, whose greatest value is the cursor. */
  readonly cursor: string
  readonly initialValue?: unknown
  /** Upper bound, exclusive; a run with an upper bound keeps no state. */
  readonly endValue?: unknown
  readonly direction?: "max" | "min"
  /**
   * Order in which the rows come, along the direction of the cursor. Reading stops at the first row beyond the range: `asc` at the end
   * value, `desc` below the start. A row out of that order fails the run, for the rows after it might have been missed.
   */
  readonly rowOrder?: "asc" | "desc"
  /** Seconds (timestamps), days (dates) or units (numbers) that the next run starts earlier. */
  readonly lag?: number
  readonly onMissing?: "raise" | "include" | "exclude"
  /** Columns that identify a row at the cursor's boundary; default: the primary key, else the whole row; `[]`: no de-duplication. */
  readonly boundaryKey?: string | readonly string[]
}

/** What is known about the rows of one table before they are read. */
export interface TableHints {
  readonly writeDisposition?: WriteDispositionHint
  readonly primaryKey?: string | readonly string[]
  readonly mergeKey?: string | readonly string[]
  readonly columns?: Readonly<Record<string, ColumnHints>>
  /** What may change about the table and those nested in it; what is not said is inherited from the pipeline. */
  readonly contract?: ContractHints
  readonly description?: string
}

/** Names the table of a row. Declared as a method, so that a function of narrower rows fits. */
interface TableOfRow<Row> {
  name(row: Row): string
}

/** Hints of a table that rows named, asked for with its first row. Declared as a method for the same reason. */
interface HintsOfTable<Row> {
  hints(table: string, row: Row): TableHints
}

/** What is known about the rows of a resource before they are read. */
export interface ResourceHints<Row = unknown> extends TableHints {
  /** Table name before normalization, or a function that gives it for each row; default: the resource's name. */
  readonly table?: string | TableOfRow<Row>["name"]
  /** Where rows name their tables: more hints for one of these tables, asked for once in a load, with its first row. */
  readonly hintsFor?: HintsOfTable<Row>["hints"]
  /**
   * Hints for nested tables, by the keys that lead to the list, joined by dots: `"items"`, `"items.parts"`. A nested table with a primary
   * or merge key becomes a table of its own, with its own write disposition (default `append`), that is fed by nested data.
   */
  readonly nested?: Readonly<Record<string, TableHints>>
  /** Levels below the root that become columns or child tables; what is deeper stays JSON. */
  readonly maxTableNesting?: number
  readonly incremental?: IncrementalHints
  readonly schema?: StandardSchema
  /** Who answers for the source, such as a team or an address; named when its schema changes. */
  readonly owner?: string
  /** With `replace`: an extract without any row empties the table. Default false: the rows stay and the receipt says so. */
  readonly replaceWithEmpty?: boolean
}

/** Where a batch comes from, for error messages and rejects. */
export interface Origin {
  /** File name or address. */
  readonly name: string
  /** Line (1-based) of the first row, where there are lines. */
  readonly line?: number
}

/** Rows as JavaScript values. `lines[i]` is the line of row i where rows do not stand on consecutive lines. */
export interface RowBatch {
  readonly kind: "rows"
  readonly rows: readonly unknown[]
  readonly origin?: Origin
  readonly lines?: readonly number[]
  /** Raw name of the table that these rows go to, whatever the resource's hints say. */
  readonly table?: string
}

/** JSON documents as bytes, one a line, only whole lines: parsed straight into columns, exact beyond 2^53. */
export interface JsonLinesBatch {
  readonly kind: "json-lines"
  readonly bytes: Uint8Array
  readonly origin?: Origin
}

/** A row that the source itself could not read (a ragged CSV line, a torn JSON document): counted as extracted and rejected. */
export interface RejectBatch {
  readonly kind: "rejects"
  readonly rejects: readonly { readonly code: string; readonly message: string; readonly value: string; readonly line?: number }[]
  readonly origin?: Origin
}

/** What crosses from a source to the normalizer: some rows, in one of three forms. */
export type Batch = RowBatch | JsonLinesBatch | RejectBatch

/** What a resource function may yield: a tagged batch, an array of rows, or a single row. */
export type Yield<Row = unknown> = Batch | readonly Row[] | Row

/**
 * Live view of the incremental cursor while a resource runs, for a source that can select a range itself. Values are as the rows have
 * them (texts, numbers, bigints); of a cursor of `Date`s they are `Date`s, rounded outwards to the millisecond, and dates without time
 * and decimals are texts.
 */
export interface CursorView {
  /** Where this run starts, inclusive: the stored value, less the lag; else the initial value. */
  readonly start: unknown
  /** Where this run ends, exclusive. */
  readonly end: unknown
  readonly initialValue?: unknown
  /** Furthest value so far in this run; before the first row the stored or the initial value. */
  readonly lastValue?: unknown
}

/** What a resource function is given. `state` is the resource's own; changes are committed with its rows. */
export interface ExtractContext {
  readonly cursor: CursorView
  readonly state: Record<string, unknown>
  readonly signal: AbortSignal
  readonly fetch: typeof fetch
  readonly log: { info(message: string): void; warn(message: string): void }
  readonly baseDirectory: string
  now(): Date
  /** For a resource with a `parent`: the parent's rows, as they are after its row schema, steps and cursor. */
  readonly parentRows?: AsyncIterable<readonly unknown[]>
}

/** The rows of a resource as they come. */
export type RowStream<Row = unknown> = AsyncIterable<Yield<Row>> | Iterable<Yield<Row>>

/** One stream of rows and what is known about it; a value, reusable, without state of its own. */
export interface Resource<Row = unknown> {
  readonly kind: "resource"
  readonly name: string
  readonly hints: ResourceHints
  /** The resource that feeds this one. It is read once for all that it feeds, and loaded itself only where it is selected, too. */
  readonly parent?: Resource
  /** Starts reading. */
  read(context: ExtractContext): RowStream<Row> | Promise<RowStream<Row>>
  readonly steps: readonly PipeStep[]
}

/** A step between a resource and the normalizer; runs on rows. */
export type PipeStep =
  | { readonly kind: "map"; readonly apply: (row: unknown) => unknown }
  | { readonly kind: "filter"; readonly apply: (row: unknown) => boolean }
  | { readonly kind: "flatMap"; readonly apply: (row: unknown) => Iterable<unknown> }
  | { readonly kind: "tap"; readonly apply: (row: unknown) => void }
  | { readonly kind: "limit"; readonly count: number }

/** A named group of resources that share one schema. */
export interface Source {
  readonly kind: "source"
  readonly name: string
  readonly resources: readonly Resource[]
  /** Names of the resources that are loaded; default: all of them. */
  readonly selected?: readonly string[]
}

/** The default export of a source package. */
export type SourcePlugin<Options> = Plugin<"source", Options, Source | Resource>
