import type { TableCounters } from "../accounting.ts"
import type { LedgerEntry } from "../naming/ledger.ts"
import type { IdentifierUnit } from "../naming/shorten.ts"
import type { DataType, MergeStrategy, SchemaDocument, Table, WriteDisposition } from "../schema/model.ts"
import type { Secret } from "../secret.ts"
import type { StateRow } from "../state/state.ts"
import type { Plugin, PluginContext } from "./plugin.ts"

/** What may be said about loads into a destination; earned in the conformance kit (docs/guarantees.md). */
export type GuaranteeClass = "A" | "B" | "C" | "D"

/** File formats of parts; `copy-text` is the text format of PostgreSQL's COPY, without a header. */
export type PartFormat = "parquet" | "ndjson" | "copy-text"

/** Facts about a destination, read at plan time. What is claimed is tested; what is not claimed is refused clearly. */
export interface DestinationCapabilities {
  readonly guarantee: GuaranteeClass
  readonly writeDispositions: readonly WriteDisposition[]
  readonly mergeStrategies: readonly MergeStrategy[]
  /** In order of preference; the engine writes the first that it can encode. */
  readonly partFormats: readonly PartFormat[]
  /** Longest table or column name, in the unit that the destination counts. */
  readonly maxIdentifierLength: number
  /** What `maxIdentifierLength` counts: code points (the default) or bytes of UTF-8. */
  readonly identifierUnit?: IdentifierUnit
  readonly hasCaseSensitiveIdentifiers: boolean
  /** Digits and fraction digits of a decimal column without hints, and of a wei column. */
  readonly decimal: { readonly precision: number; readonly scale: number }
  readonly wei: { readonly precision: number; readonly scale: number }
  readonly supportsNulInText: boolean
  /** JSON columns refuse the escape of U+0000, which is legal JSON; default false. */
  readonly hasStrictJson?: boolean
  /** First day that dates and timestamps can hold, in days since 1970-01-01; without it every date of JavaScript and ISO 8601 fits. */
  readonly earliestDay?: number
}

/** One immutable file of a load package, as its manifest lists it. */
export interface SealedPart {
  /** Normalized table name; tables that start with `_lading_` are Lading's own. */
  readonly table: string
  /** Absolute path, for the process that publishes. */
  readonly path: string
  readonly format: PartFormat
  readonly rowCount: number
  readonly byteCount: number
  readonly sha256: string
  /** What the file holds; a type here may be narrower than the schema's, then the destination widens without loss. */
  readonly columns: readonly { readonly name: string; readonly dataType: DataType; readonly timezone: boolean }[]
}

/** Dataset and pipeline of a session. */
export interface OpenRequest {
  readonly dataset: string
  readonly pipeline: string
  /** True for a reader: where there is nothing, nothing is created. @throws LadingError `dataset-missing` */
  readonly mustExist?: boolean
}

/** The destination's own answer to "what is there": the truth that local copies are only a cache of. */
export interface DatasetSnapshot {
  readonly exists: boolean
  /** Newest stored document of each schema name. */
  readonly schemas: readonly SchemaDocument[]
  /** Newest committed state of this pipeline. */
  readonly state: StateRow | undefined
  readonly names: readonly LedgerEntry[]
}

/** The right to write, fenced by `epoch`: a writer with an older epoch can never commit. */
export interface Lease {
  readonly epoch: number
  readonly owner: string
}

/** Who asks for the lease, and how firmly. */
export interface LeaseRequest {
  /** `host:boot:process` of the caller. */
  readonly owner: string
  /** Take over from an owner whose heartbeat is still young. */
  readonly takeOver: boolean
}

/** Identity of a load and the epoch under which it writes. */
export interface LoadHeader {
  readonly loadId: string
  readonly epoch: number
}

/** Everything that is committed with the rows of a load, in the same transaction. */
export interface LoadSeal extends LoadHeader {
  /** Full schema after this load, with its version and hash set. */
  readonly schema: SchemaDocument
  /** Hash of the state this load was extracted from; undefined on the first load. The commit is refused when another state is current. */
  readonly parentStateHash: string | undefined
  /** New state row, when the state changed. */
  readonly state: StateRow | undefined
  /** Ledger entries that are new with this load. */
  readonly names: readonly LedgerEntry[]
  readonly counters: Readonly<Record<string, TableCounters>>
  /** Every part of the load, staged already or not. */
  readonly parts: readonly SealedPart[]
  /** Root tables whose disposition is `replace` and that shall end empty, because an empty replace was asked for. */
  readonly emptied: readonly string[]
  /** Schema changes as JSON text, kept with the load. */
  readonly schemaChanges: string
  /** Wall clock at which the load was sealed; every timestamp column of the system tables gets it. */
  readonly sealedAt: Date
}

/** What a load did to one table, counted in rows. */
export interface TableCommit {
  /** Rows that arrived, as the destination itself counted them. */
  readonly loaded: number
  readonly inserted?: number
  readonly updated?: number
  readonly deleted?: number
  readonly unchanged?: number
}

/** What a commit did. */
export interface CommitResult {
  /** `already-committed`: the marker was there, nothing was done. */
  readonly status: "committed" | "already-committed"
  readonly tables: Readonly<Record<string, TableCommit>>
}

/** One load on its way in. Nothing is visible to anybody before `commit` resolves; after `abort` nothing has happened. */
export interface LoadWriter {
  /**
   * Brings a sealed part in while later parts are still being written. `schema` holds all tables known so far; a later call may
   * bring wider columns or new ones.
   */
  stage(part: SealedPart, tables: Readonly<Record<string, Table>>): Promise<void>
  /**
   * Stages what is not staged yet and commits rows, rejects, counters, names, state, schema and marker at once.
   * @throws LadingError `fenced` (a newer epoch exists), `stale-package` (another state is current), `accounting-mismatch`
   */
  commit(seal: LoadSeal): Promise<CommitResult>
  abort(): Promise<void>
}

/** A column of a query's result. */
export interface QueryColumn {
  readonly name: string
  /** The engine's own name of the type. */
  readonly type: string
}

/** Some rows of a query's result, values in column order; a result without rows is one batch without rows. */
export interface QueryBatch {
  readonly columns: readonly QueryColumn[]
  readonly rows: readonly (readonly unknown[])[]
}

/** A connection to one dataset on behalf of one pipeline. Closing it aborts open writers and ends open queries. */
export interface DestinationSession {
  snapshot(): Promise<DatasetSnapshot>
  /** Which of these loads are committed. */
  committedLoads(loadIds: readonly string[]): Promise<ReadonlySet<string>>
  /** Existing bigint columns of a table that hold integers which a double cannot represent. */
  inexactIntegerColumns(table: Table): Promise<ReadonlySet<string>>
  /** @throws LadingError `fenced` when a living owner holds the lease and `takeOver` is false */
  takeLease(request: LeaseRequest): Promise<Lease>
  releaseLease(lease: Lease): Promise<void>
  begin(header: LoadHeader): Promise<LoadWriter>
  /** Runs one statement against the dataset; names without a schema are looked for in the dataset first. */
  query(sql: string): AsyncIterable<QueryBatch>
  close(): Promise<void>
}

/** Dataset that dbt shall reach, and the folder against which relative paths of the destination are resolved. */
export interface DbtProfileRequest {
  readonly dataset: string
  readonly baseDirectory: string
}

/** Whether loads may write, found out without writing. */
export interface WriteAccess {
  readonly isGranted: boolean
  /** What was found, in one sentence; never a secret. */
  readonly message: string
  /** What to do where it is not granted. */
  readonly remedy?: string
}

/** How dbt reaches a dataset: one output of a profile, without its threads. */
export interface DbtProfile {
  /** Name of dbt's adapter, such as `duckdb` or `postgres`. */
  readonly type: string
  /** Entries of the output under the adapter's own names, `schema` among them. Secrets never become part of a file. */
  readonly settings: Readonly<Record<string, string | number | boolean | Secret>>
  /**
   * Gives up what would keep dbt out, for a database that one process owns; the function that it resolves to takes it back.
   * @throws LadingError `database-locked` when somebody else holds the database
   */
  release?(): Promise<() => Promise<void>>
}

/** A configured destination: a value without a connection, which opens sessions. */
export interface Destination {
  readonly kind: "destination"
  readonly name: string
  /** Where it is, for people; never a secret. */
  readonly location: string
  readonly capabilities: DestinationCapabilities
  open(request: OpenRequest, context: PluginContext): Promise<DestinationSession>
  /** Looks whether loads into a dataset could write now; creates and changes nothing. @throws LadingError as `open` does */
  checkAccess?(request: OpenRequest, context: PluginContext): Promise<WriteAccess>
  /** A destination for which dbt has an adapter says how dbt reaches it. */
  dbtProfile?(request: DbtProfileRequest): DbtProfile
}

/** The default export of a destination package. */
export type DestinationPlugin<Options> = Plugin<"destination", Options, Destination>
