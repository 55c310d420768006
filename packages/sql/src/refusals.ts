import { LadingError } from "@lading/core"

/** The error for somebody who may not write: `owner` holds the pipeline, empty where that is not known. */
export function fenced(pipeline: string, owner: string): LadingError {
  return new LadingError({
    code: "fenced",
    message: `Pipeline "${pipeline}" is being run by ${owner === "" ? "another run" : owner}`,
    hint: "Wait for that run to end, or take over from it (--take-over): it will then not be able to commit.",
    retryable: true,
    details: { pipeline, owner },
  })
}

/** The error for a load that does not continue the state that is committed. */
export function stalePackage(pipeline: string, loadId: string): LadingError {
  return new LadingError({
    code: "stale-package",
    message: `Load ${loadId} was extracted from a state that is no longer the current one of pipeline "${pipeline}"`,
    hint: "Run again: the load is set aside and its range is extracted anew.",
    details: { loadId, pipeline },
  })
}

/** The error for a call of a writer whose load has ended. */
export function loadNotOpen(loadId: string, state: "failed" | "closed"): LadingError {
  return new LadingError({
    code: "load-not-open",
    message: state === "failed" ? `Load ${loadId} failed earlier and can only be aborted` : `Load ${loadId} is closed`,
    hint: "Abort it and begin a new one.",
    details: { loadId },
  })
}

/** The error for a query that is no query. `cause` is what the database said, where it was asked. */
export function queryChangesData(cause?: unknown): LadingError {
  return new LadingError({
    code: "query-changes-data",
    message: "The statement would change data or settings; a query can only read",
    hint: "Use one SELECT or EXPLAIN. Data is changed by a run, or with the database's own client.",
    ...(cause === undefined ? {} : { cause }),
  })
}
