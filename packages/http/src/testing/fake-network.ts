import type { HttpContext } from "../types.ts"

/** A request that the fake network was asked for. */
export interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: string
}

/** What a handler answers: a status, headers and a body. */
export interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

/** A network in memory with a clock that moves only while somebody sleeps. */
export interface FakeNetwork {
  readonly context: HttpContext
  readonly sent: readonly Sent[]
  /** Every wait in milliseconds. */
  readonly waits: readonly number[]
  readonly warnings: readonly string[]
  readonly abort: () => void
}

/** Starts one; `answer` is asked for each request, with its number from 0. */
export function createFakeNetwork(answer: (sent: Sent, index: number) => Answer | Error): FakeNetwork {
  const sent: Sent[] = []
  const waits: number[] = []
  const warnings: string[] = []
  const controller = new AbortController()
  let time = Date.parse("2024-05-01T00:00:00Z")
  const context: HttpContext = {
    signal: controller.signal,
    log: { warn: (message) => void warnings.push(message) },
    now: () => new Date(time),
    random: () => 0,
    sleep: async (ms) => {
      waits.push(ms)
      time += ms
    },
    fetch: async (input, init) => {
      const request: Sent = {
        method: init?.method ?? "GET",
        url: String(input),
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: String(init?.body ?? ""),
      }
      sent.push(request)
      const reply = answer(request, sent.length - 1)
      if (reply instanceof Error) throw reply
      const { status = 200, headers = {}, body } = reply
      const hasBody = ![204, 205, 304].includes(status)
      return new Response(hasBody ? (typeof body === "string" ? body : JSON.stringify(body ?? [])) : null, { status, headers })
    },
  }
  return { context, sent, waits, warnings, abort: () => controller.abort() }
}
