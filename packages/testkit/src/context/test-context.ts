import type { ExtractContext, PluginContext } from "@lading/core"
import { createTestClock, type TestClock } from "./clock.ts"

/** What a plugin was given, and the handles by which a test plays the outside world. */
export interface TestContext extends PluginContext {
  readonly clock: TestClock
  /** Everything that was logged, in order, as `level: message`. */
  readonly messages: readonly string[]
  /** Aborts `signal`. */
  abort(): void
}

/** What may be set in a context; everything else is harmless: a fake clock, no network, a log in memory. */
export interface TestContextOptions {
  readonly baseDirectory: string
  readonly clock?: TestClock
  /** Default: every request is refused, so that no test reaches out by accident. */
  readonly fetch?: typeof fetch
}

/** A plugin context without anything ambient. */
export function createTestContext({ baseDirectory, clock = createTestClock(), fetch = offline }: TestContextOptions): TestContext {
  const controller = new AbortController()
  const messages: string[] = []
  const keep = (level: string) => (message: string) => void messages.push(`${level}: ${message}`)
  return {
    signal: controller.signal,
    log: { debug: keep("debug"), info: keep("info"), warn: keep("warn") },
    fetch,
    baseDirectory,
    now: () => clock.now(),
    clock,
    messages,
    abort: () => controller.abort(),
  }
}

/** What a resource is given in addition. */
export interface ExtractOptions {
  /** The resource's own state; the resource changes this very object. */
  readonly state?: Record<string, unknown>
  /** Where the cursor starts and ends. */
  readonly cursor?: { readonly start?: unknown; readonly end?: unknown }
}

/** The context of one read of a resource, made from a plugin context. */
export function createExtractContext(context: TestContext, { state = {}, cursor = {} }: ExtractOptions = {}): ExtractContext {
  const { signal, fetch, baseDirectory, now, log } = context
  return { signal, fetch, baseDirectory, now, log, state, cursor: { start: cursor.start, end: cursor.end } }
}

const offline: typeof fetch = (input) =>
  Promise.reject(new Error(`the test context has no network: ${input instanceof Request ? input.url : String(input)}`))
