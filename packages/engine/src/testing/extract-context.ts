import type { ExtractContext } from "@lading/core"

/** A context for reading one resource outside of a run. */
export function extractContext(context: Partial<ExtractContext> = {}): ExtractContext {
  return {
    cursor: { start: undefined, end: undefined },
    state: {},
    signal: new AbortController().signal,
    fetch: () => Promise.reject(new Error("no network")),
    log: { info: () => undefined, warn: () => undefined },
    baseDirectory: "",
    now: () => new Date(0),
    ...context,
  }
}
