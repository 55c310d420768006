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

/** How rows meet the rows that are there already. */
export type WriteDispositionHint =
  | WriteDisposition
  | { readonly disposition: "merge"; readonly strategy: MergeStrategy; readonly deduplicated?: boolean }

/** How a resource is read from where the last run stopped. */
export interface IncrementalHints {
  /** Name of the field, or its path with dots, whose greatest value is the cursor. */
  readonly cursor: string
  readonly initialValue?: unknown
  /** Upper bound, exclusive; a run with an upper bound keeps no state. */
  readonly endValue?: unknown
  readonly direction?: "max" | "min"
  /** Seconds (timestamps), days (dates) or units (numbers) that the next run starts earlier. */
  readonly lag?: number
  readonly onMissing?: "raise" | "include" | "exclude"
  /** Columns that identify a row at the cursor's boundary; default: the primary key, else the whole row; `[]`: no de-duplication. */
  readonly boundaryKey?: string | readonly string[]
}

/** What is known about the rows of a resource before they are read. */
export interface ResourceHints {
  /** Table name before normalization; default: the resource's name. */
  readonly table?: string
  readonly writeDisposition?: WriteDispositionHint
  readonly primaryKey?: string | readonly string[]
  readonly mergeKey?: string | readonly string[]
  readonly columns?: Readonly<Record<string, ColumnHints>>
  /** Levels below the root that become columns or child tables; what is deeper stays JSON. */
  readonly maxTableNesting?: number
  /** What may change about the resource's tables; what is not said is inherited from the pipeline. */
  readonly contract?: ContractHints
  readonly incremental?: IncrementalHints
  readonly schema?: StandardSchema
  readonly description?: string
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

/** Live view of the incremental cursor while a resource runs. */
export interface CursorView {
  /** Where this run starts: the stored value, less the lag; else the initial value. */
  readonly start: unknown
  readonly end: unknown
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
}

/** The rows of a resource as they come. */
export type RowStream<Row = unknown> = AsyncIterable<Yield<Row>> | Iterable<Yield<Row>>

/** One stream of rows and what is known about it; a value, reusable, without state of its own. */
export interface Resource<Row = unknown> {
  readonly kind: "resource"
  readonly name: string
  readonly hints: ResourceHints
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
}

/** The default export of a source package. */
export type SourcePlugin<Options> = Plugin<"source", Options, Source | Resource>
