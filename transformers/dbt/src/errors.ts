import { LadingError } from "@lading/core"

/** The error of a run that was told to stop. */
export function interrupted(): LadingError {
  return new LadingError({
    code: "interrupted",
    message: "dbt was told to stop",
    hint: "Models that were finished stay; what was loaded is committed. Run again.",
    retryable: true,
  })
}

/** @throws LadingError `interrupted` when the signal has been given */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw interrupted()
}
