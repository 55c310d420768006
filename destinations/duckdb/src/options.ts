import type { StandardResult, StandardSchema } from "@lading/core"
import { type ReplaceStrategy, replaceStrategies } from "@lading/sql"

/** Options of the DuckDB destination. */
export interface DuckDBOptions {
  /** Database file; a relative path starts at the folder of the pipeline. */
  readonly path: string
  /** Memory that DuckDB itself may use, in MiB; what does not fit goes to `<path>.tmp`. Default 64, and more for merges and wide tables. */
  readonly memoryLimitMb?: number
  /** Threads for merges and queries; parts are always read by one. Default: one for each core. */
  readonly threads?: number
  /**
   * How replaced tables change, under dlt's names. `truncate-and-insert` (default) and `insert-from-staging` are the same here: old rows are deleted and
   * new ones inserted in one transaction. `staging-optimized` drops the table and creates it again: the space of the old rows is free at once, and
   * columns that only the table had are gone.
   */
  readonly replaceStrategy?: ReplaceStrategy
}

const known: readonly string[] = ["path", "memoryLimitMb", "threads", "replaceStrategy"]

/** Validates options that come from a configuration; a plain string is a path. */
export const optionsSchema: StandardSchema<DuckDBOptions> = {
  "~standard": { version: 1, vendor: "lading", validate },
}

function validate(value: unknown): StandardResult<DuckDBOptions> {
  if (typeof value === "string") return validate({ path: value })
  if (typeof value !== "object" || value === null || Array.isArray(value)) return issue("expected a path or an object with `path`")
  const options: Readonly<Record<string, unknown>> = { ...value }
  const unknown = Object.keys(options).find((key) => !known.includes(key))
  if (unknown !== undefined) return issue(`unknown option; known are ${known.join(", ")}`, unknown)
  const { path, memoryLimitMb, threads, replaceStrategy } = options
  if (typeof path !== "string" || path === "") return issue("expected the path of a database file", "path")
  if (path.startsWith(":")) return issue("a database in memory ends with the process: give the path of a file", "path")
  if (memoryLimitMb !== undefined && !isWhole(memoryLimitMb, 32))
    return issue("expected a whole number of MiB, at least 32", "memoryLimitMb")
  if (threads !== undefined && !isWhole(threads, 1)) return issue("expected a whole number, at least 1", "threads")
  const strategy = replaceStrategies.find((name) => name === replaceStrategy)
  if (replaceStrategy !== undefined && strategy === undefined)
    return issue(`expected one of ${replaceStrategies.join(", ")}`, "replaceStrategy")
  return {
    value: {
      path,
      ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
      ...(threads === undefined ? {} : { threads }),
      ...(strategy === undefined ? {} : { replaceStrategy: strategy }),
    },
  }
}

function isWhole(value: unknown, minimum: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= minimum
}

function issue(message: string, path?: string): StandardResult<DuckDBOptions> {
  return { issues: [{ message, path: path === undefined ? [] : [path] }] }
}
