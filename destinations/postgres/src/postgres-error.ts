import { isLadingError, LadingError } from "@lading/core"

/**
 * An error of the server or its driver as a LadingError, by SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html): without one, the
 * connection broke. The server's detail and context are left out, because they may hold rows. `what` completes "could not ...".
 */
export function toLadingError(error: unknown, what: string): LadingError {
  if (isLadingError(error)) return error
  const sqlstate = sqlstateOf(error)
  const message = error instanceof Error ? error.message : String(error)
  const details = { ...(sqlstate === undefined ? {} : { sqlstate }), ...copyPlace(error) }
  const text = `PostgreSQL could not ${what}: ${message}`
  if (isLost(sqlstate))
    return new LadingError({
      code: "connection-failed",
      message: text,
      hint: "Check that the server runs and can be reached, and run again: what was committed is found, what was not is done again.",
      retryable: true,
      details,
    })
  if (sqlstate.startsWith("28") || sqlstate === "3D000")
    return new LadingError({ code: "login-refused", message: text, hint: "Check user, password and database of the destination.", details })
  if (sqlstate === "42501")
    return new LadingError({
      code: "permission-denied",
      message: text,
      hint: "The user needs CREATE on the database, or on the schema of the dataset where that exists, and must own the tables that it alters.",
      details,
    })
  if (isBusy(sqlstate))
    return new LadingError({
      code: "destination-busy",
      message: text,
      hint: "Nothing was changed. Run again when the other work on these tables is done; `lockTimeoutMs` says how long to wait for it.",
      retryable: true,
      details,
    })
  if (sqlstate === "2BP01")
    return new LadingError({
      code: "destination-error",
      message: text,
      hint: 'A view or another object depends on the table. Nothing was changed: use replaceStrategy "insert-from-staging", which keeps the table.',
      details,
    })
  return new LadingError({ code: "destination-error", message: text, details })
}

/** True for an error that leaves nothing of its transaction and need not come again: the connection broke, a deadlock, a serialization failure. */
export function isWorthRepeating(error: unknown): boolean {
  if (!isLadingError(error)) return false
  return error.code === "connection-failed" || ["40001", "40P01"].includes(String(error.details.sqlstate))
}

/** True when a statement was refused because a row with the same key exists. */
export function isDuplicate(error: unknown): boolean {
  return isLadingError(error) && error.details.sqlstate === "23505"
}

function sqlstateOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && "severity" in (error as Error) ? code : undefined
}

/** Connection exceptions, shutdowns, and ends by time-out. */
function isLost(sqlstate: string | undefined): sqlstate is undefined {
  return sqlstate === undefined || sqlstate.startsWith("08") || sqlstate.startsWith("57P") || sqlstate === "25P03"
}

/** Conflicts with other transactions, locks and time-outs, and a server that is out of something. */
function isBusy(sqlstate: string): boolean {
  return sqlstate.startsWith("40") || sqlstate.startsWith("53") || sqlstate === "55P03" || sqlstate === "57014"
}

/** Line and column of a part at which COPY stopped. */
function copyPlace(error: unknown): { readonly line?: number; readonly column?: string } {
  const where = error instanceof Error && "where" in error && typeof error.where === "string" ? error.where : ""
  const match = /^COPY .+?, line (\d+)(?:, column (.+?)(?::|$))?/.exec(where)
  return match === null ? {} : { line: Number(match[1]), ...(match[2] === undefined ? {} : { column: match[2] }) }
}
