import { LadingError, type RowStream } from "@lading/core"

/** Anything that rows come in, ready to be iterated. */
export type OpenRows = AsyncIterable<unknown> | Iterable<unknown>

/**
 * Makes an iterable of whatever a resource gave: arrays, iterables, async iterables, Node streams of objects and Web streams as they are,
 * a single object as one row. A stream ends at once when `signal` is given, even while it waits.
 * @throws LadingError `not-rows` for values that hold no rows, `byte-stream` for bytes
 */
export function rowsOf(name: string, given: unknown, signal: AbortSignal): OpenRows {
  if (isBytes(given) || (isNodeStream(given) && !given.readableObjectMode)) throw bytesFault(name)
  if (isNodeStream(given)) return untilAborted(given, signal)
  if (given instanceof ReadableStream) return readWeb(given, signal)
  if (typeof given !== "object" || given === null) {
    throw new LadingError({
      code: "not-rows",
      message: `resource ${name} gave ${given === null ? "null" : typeof given === "undefined" ? "nothing" : `a ${typeof given}`}`,
      hint: "rows come from an array, an iterable, an async iterable, a stream of objects, or a function that gives one; [] means no rows",
    })
  }
  if (Symbol.asyncIterator in given || Symbol.iterator in given) return given as RowStream
  return [given]
}

/** @throws LadingError `byte-stream` when an element of a stream is bytes */
export function refuseBytes(name: string, item: unknown): void {
  if (isBytes(item)) throw bytesFault(name)
}

function isBytes(value: unknown): boolean {
  return value instanceof Uint8Array || value instanceof ArrayBuffer || value instanceof Blob
}

/** The parts of Node's Readable that matter here; streams of other libraries have them, too. */
interface NodeStream extends AsyncIterable<unknown> {
  readonly readableObjectMode: boolean
  destroy(error?: Error): unknown
}

function isNodeStream(value: unknown): value is NodeStream {
  return typeof value === "object" && value !== null && "readableObjectMode" in value && "destroy" in value && Symbol.asyncIterator in value
}

async function* untilAborted(stream: NodeStream, signal: AbortSignal): AsyncGenerator<unknown> {
  const stop = (): void => void stream.destroy(abortError(signal))
  if (signal.aborted) stop()
  signal.addEventListener("abort", stop, { once: true })
  try {
    yield* stream
  } finally {
    signal.removeEventListener("abort", stop)
    stream.destroy()
  }
}

async function* readWeb(stream: ReadableStream<unknown>, signal: AbortSignal): AsyncGenerator<unknown> {
  const reader = stream.getReader()
  const stop = (): void => void reader.cancel(signal.reason).catch(() => undefined)
  if (signal.aborted) stop()
  signal.addEventListener("abort", stop, { once: true })
  let isEnded = false
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        isEnded = true
        throw error
      })
      if (done) break
      yield value
    }
    isEnded = true
  } finally {
    signal.removeEventListener("abort", stop)
    if (!isEnded) await reader.cancel()
    reader.releaseLock()
  }
}

function abortError({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}

function bytesFault(name: string): LadingError {
  return new LadingError({
    code: "byte-stream",
    message: `resource ${name} gave bytes, and rows were expected`,
    hint: "for one JSON document a line wrap the stream: jsonLines(stream); files are read by @lading/source-files",
  })
}
