import { hostname } from "node:os"
import { isLadingError, LadingError } from "@lading/core"
import { liveness } from "@lading/sql"
import { locked } from "./lock-file.ts"

/** An error of DuckDB as a LadingError; DuckDB carries the kind of an error only as a prefix of its message. */
export function toLadingError(error: unknown, what: string): LadingError {
  if (isLadingError(error)) return error
  const message = (error instanceof Error ? error.message : String(error)).replaceAll("\u0000", " ")
  const kind = /^(\w[\w ]*?) Error:/i.exec(message)?.[1]?.toLowerCase() ?? "unknown"
  return new LadingError({
    code: kind === "out of memory" ? "out-of-memory" : "destination-error",
    message: `DuckDB could not ${what}: ${message}`,
    ...(kind === "out of memory" ? { hint: "Raise `memoryLimitMb` of the destination." } : {}),
    retryable: kind === "transactioncontext",
    details: { kind },
    cause: error,
  })
}

/** What went wrong when a database file was opened. */
export function toOpenError(error: unknown, path: string): LadingError {
  const message = error instanceof Error ? error.message : String(error)
  if (message.includes("Could not set lock on file")) return locked(path, holderIn(message), error)
  if (/database file with version number/i.test(message)) return tooNew(path, error)
  return new LadingError({
    code: "database-unreadable",
    message: `The database ${path} cannot be opened: ${message.split("\n")[0]}`,
    hint: "Check that the folder exists and may be written, and that the file is a DuckDB database.",
    cause: error,
  })
}

/** The error for a file that a newer DuckDB wrote. */
export function tooNew(path: string, cause?: unknown): LadingError {
  return new LadingError({
    code: "database-too-new",
    message: `The database ${path} was written by a newer DuckDB, in a storage format that DuckDB 1.5 cannot read`,
    hint: `Copy it with the newer DuckDB into a file of the older format: ATTACH 'copy.duckdb' (STORAGE_VERSION 'v1.4.0'); or write it with a 1.5 client.`,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** True for a lock whose holder is gone, or is just being taken apart: then the system no longer tells which program it was. */
export function isHeldByTheDying(error: unknown): boolean {
  const match = /held in (.+?) \(PID (\d+)\)/.exec(error instanceof Error ? error.message : "")
  if (match === null) return false
  return match[1] === "." || liveness({ host: hostname(), boot: "", pid: Number(match[2]) }) === "dead"
}

function holderIn(message: string): string {
  const match = /held in (.+?) \(PID (\d+)\)/.exec(message)
  return match === null ? "another process" : `process ${match[2]} (${match[1]})`
}
