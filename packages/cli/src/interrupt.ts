import { LadingError } from "@lading/core"
import type { Io } from "./io.ts"

/** A way to be told to stop. */
export interface Interrupt {
  readonly signal: AbortSignal
  /** Rejects when the signal is given: a pipeline file knows no signal while it is imported. */
  readonly stopped: Promise<never>
  end(): void
}

/** Gives the signal at the first SIGINT or SIGTERM, with an error `interrupted` of this text, and ends the process at the second. */
export function listenForInterrupt(io: Io, text: { readonly message: string; readonly hint: string }): Interrupt {
  const controller = new AbortController()
  const stopped = new Promise<never>((_, reject) => controller.signal.addEventListener("abort", () => reject(controller.signal.reason)))
  stopped.catch(() => undefined)
  const end = io.onInterrupt(() => {
    if (controller.signal.aborted) return io.exit(75)
    void io.stderr.write("stopping; interrupt again to leave at once\n")
    controller.abort(new LadingError({ code: "interrupted", ...text, retryable: true }))
  })
  return { signal: controller.signal, stopped, end }
}
