import { isLadingError } from "@lading/core"

/** One thing that was looked at: fine, worth knowing, or in the way of a load. */
export interface Check {
  /** What was looked at, such as `clock`. */
  readonly name: string
  /** Pipeline, package or file that it concerns; undefined for the project. */
  readonly subject: string | undefined
  readonly status: "ok" | "warn" | "fail"
  readonly message: string
  /** What to do, where it is not fine. */
  readonly remedy?: string
}

/** A check that failed with an error, whose hint is the remedy. */
export function failedCheck(name: string, subject: string | undefined, error: unknown): Check {
  if (!isLadingError(error)) throw error
  const { code, message, hint } = error
  return { name, subject, status: "fail", message: `${code}: ${message}`, ...(hint === undefined ? {} : { remedy: hint }) }
}
