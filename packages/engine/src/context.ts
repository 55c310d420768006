import { LadingError, type Log, type PluginContext } from "@lading/core"
import type { PipelineOptions } from "./options.ts"

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined }

/** The context of a run: what the options replace, else the process's own. */
export function createContext(options: PipelineOptions, signal: AbortSignal | undefined): PluginContext {
  const { context = {} } = options
  return {
    signal: signal ?? context.signal ?? new AbortController().signal,
    log: context.log ?? logTo(options),
    fetch: context.fetch ?? globalThis.fetch,
    baseDirectory: options.baseDirectory ?? context.baseDirectory ?? process.cwd(),
    now: context.now ?? (() => new Date()),
  }
}

/** The error of a run that was told to stop. */
export function interrupted(): LadingError {
  return new LadingError({
    code: "interrupted",
    message: "the run was told to stop",
    hint: "nothing of this load was committed; the next run starts at the same place",
    retryable: true,
  })
}

function logTo({ onProgress }: PipelineOptions): Log {
  return onProgress === undefined ? silent : { ...silent, warn: (message) => onProgress({ kind: "warning", message }) }
}
