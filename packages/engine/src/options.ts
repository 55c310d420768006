import type {
  ContractHints,
  DataType,
  Destination,
  EvolutionOptions,
  NamingName,
  NonFiniteRule,
  NormalizerLimits,
  PluginContext,
  ResourceHints,
} from "@lading/core"
import type { SchemaChangeSink } from "./alerts/notice.ts"
import type { CommitEvery } from "./commit-every.ts"
import type { Environment } from "./config/environment.ts"
import type { Durability } from "./package/load-package.ts"
import type { OnProgress } from "./progress.ts"
import type { SchemaFileOptions } from "./schema-files/schema-files.ts"

/** What happens to rows that cannot be loaded. */
export type BadRowRule = "quarantine" | "fail" | "drop-counted"

/** More rejects than this in one table, by share of its extracted rows or by number, fail the run before anything is committed. */
export interface RejectCeiling {
  /** 0 to 1; default 0.01. */
  readonly maxShare?: number
  /** Default 1,000. */
  readonly maxCount?: number
}

/** What a pipeline is made of; only name and destination are required. */
export interface PipelineOptions {
  /** Identifies the pipeline in the dataset: its state and lease are kept under this name. */
  readonly name: string
  /** A configured destination, or the name of a destination package, such as `"duckdb"`. */
  readonly destination: Destination | string
  /** Options for a destination that is given by name; what is missing comes from the environment and `lading.config.ts`. */
  readonly destinationOptions?: Readonly<Record<string, unknown>>
  /** Schema in the destination that holds the tables; default: `<name>_dataset`. */
  readonly dataset?: string
  /** Folder for unfinished load packages, a cache that may be deleted at any time; default `.lading`. */
  readonly workDir?: string
  /** Folder that relative paths start from; default: the working directory of the process. */
  readonly baseDirectory?: string
  readonly naming?: NamingName
  readonly evolution?: EvolutionOptions
  readonly onNonFinite?: NonFiniteRule
  readonly onBadRow?: BadRowRule
  readonly rejects?: RejectCeiling
  readonly limits?: Partial<NormalizerLimits>
  readonly durability?: Durability
  /** Bytes of the open rows of a table at which they become a part; default 4 MiB. */
  readonly partBytes?: number
  /** What may change about tables, columns and types, for resources that do not say; default: everything evolves. */
  readonly contract?: ContractHints
  /** Autodetectors of column types; default: only `iso_timestamp`. */
  readonly detections?: readonly string[]
  readonly preferredTypes?: Readonly<Record<string, DataType>>
  /** Levels below the root that become columns or child tables, for resources that do not say; default: no limit. */
  readonly maxTableNesting?: number
  /** Fail when a package of an earlier run turns out stale, instead of reporting it. */
  readonly strict?: boolean
  /** Take the lease even from an owner that was alive a moment ago. */
  readonly takeOver?: boolean
  /** Resources that are read at the same time; default 1. Each has one batch on its way, so memory grows by as many batches. */
  readonly parallel?: number
  /**
   * Publishes a long extract in several packages, each with its own cursor, so that a crash or a stop costs only what came after the last one. Needs
   * resources that say in which order their rows come (`incremental: { cursor, rowOrder: "asc" }`) and that have a key.
   */
  readonly commitEvery?: CommitEvery
  readonly onProgress?: OnProgress
  /** Schema files that people edit and review: `{ exportTo: "schemas/export", importFrom: "schemas/import" }`. */
  readonly schema?: SchemaFileOptions
  /** Where a load that changed the schema is told of: `webhook(url)`, `slack(url)`, `changeLog(path)`, or a function. */
  readonly onSchemaChange?: SchemaChangeSink | readonly SchemaChangeSink[]
  /** Replaces what is ambient: clock, network, log. */
  readonly context?: Partial<PluginContext>
  /** Replaces the environment variables of the process. */
  readonly environment?: Environment
}

/** Options of one run: hints for all its resources, and a signal that stops it. */
export interface RunOptions extends ResourceHints {
  /** Names of the resources to load; the others keep their tables and their state. Default: those that the sources select. */
  readonly resources?: readonly string[]
  readonly signal?: AbortSignal
}
