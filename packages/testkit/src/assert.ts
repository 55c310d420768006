import assert from "node:assert/strict"
import { isLadingError, type LadingError } from "@lading/core"

/** What must be true of a refusal. */
export interface Refusal {
  /** Codes of which the error must have one; undefined: any. */
  readonly codes?: readonly string[]
  /** The error must say what to do. */
  readonly needsHint?: boolean
}

/**
 * Waits for a promise to be refused with a LadingError and returns that error.
 * @param what completes the sentence "... must be refused"
 */
export async function refused(promise: Promise<unknown>, what: string, { codes, needsHint = false }: Refusal = {}): Promise<LadingError> {
  const error = await promise.then(
    () => assert.fail(`${what} must be refused, but was accepted`),
    (reason: unknown) => reason,
  )
  if (error instanceof assert.AssertionError) throw error
  assert.ok(isLadingError(error), `${what} must be refused with a LadingError, not with ${String(error)}`)
  if (codes !== undefined) assert.ok(codes.includes(error.code), `${what}: code ${codes.join(" or ")} expected, got ${error.code}`)
  assert.ok(error.message.trim() !== "", `${what}: the error has no message`)
  if (needsHint) assert.ok(error.hint !== undefined && error.hint.trim() !== "", `${what}: ${error.code} has no hint that says what to do`)
  return error
}
