import { setTimeout as timer } from "node:timers/promises"
import { type AttemptTarget, attempt } from "./attempt.ts"
import type { AuthContext, Credentials } from "./auth/auth.ts"
import { statusError } from "./errors.ts"
import { createGate } from "./gate.ts"
import { addressOf, prepare, resolveUrl } from "./prepare.ts"
import { delayMs, mayRetry, quotaMs, retryAfterMs, retryRules } from "./retry.ts"
import { createPool, fetchTransport } from "./transport.ts"
import type { HttpClient, HttpClientOptions, HttpContext, HttpRequest, HttpResponse } from "./types.ts"

/**
 * Creates a client. It keeps a pool of connections, the rate limits of each host and nothing else; what belongs to a run comes with each
 * request.
 *
 * @example
 * const client = createHttpClient({ baseUrl: "https://api.example.com/v1", auth: bearer(token) })
 * const items = await client.send({ url: "items", query: { limit: 100 } }, context, (response) => parseJson(response.body))
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const rules = retryRules(options.retry ?? {})
  const gate = createGate(options.rateLimit)
  let pool: ReturnType<typeof createPool> | undefined
  const transportFor = ({ fetch }: HttpContext) => {
    if (fetch !== undefined && fetch !== globalThis.fetch) return fetchTransport(fetch)
    pool ??= createPool(options)
    return pool.send
  }

  const passGate = async (host: string, context: HttpContext): Promise<void> => {
    const wait = gate.turnMs(host, context.now().getTime())
    if (wait > 0) await sleep(wait, context)
    context.signal.throwIfAborted()
  }

  const noteQuota = (host: string, response: HttpResponse, now: Date): void => {
    const quota = quotaMs(response.headers, now)
    if (quota !== undefined) gate.closeUntil(host, now.getTime() + Math.min(quota, rules.maxDelayMs))
  }

  const send: HttpClient["send"] = async <Result>(
    request: HttpRequest,
    context: HttpContext,
    read: (response: HttpResponse) => Result,
  ): Promise<Result> => {
    const prepared = prepare(request, options)
    const { auth, isRepeatable } = prepared
    const authContext: AuthContext = {
      now: context.now,
      signal: context.signal,
      send: (inner) =>
        send(
          {
            credentialsOrigin: resolveUrl(inner.url, options.baseUrl).origin,
            ...inner,
            auth: null,
            accepts: ({ status }) => !rules.isRetryable(status),
          },
          context,
          (response) => response,
        ),
    }
    const host = prepared.url.host
    let renewed = false
    for (let count = 1; ; count++) {
      await passGate(host, context)
      const credentials: Credentials = (await auth?.credentials(authContext)) ?? {}
      const target: AttemptTarget = { prepared, credentials, options, transport: transportFor(context), signal: context.signal }
      const outcome = await attempt(target).then(
        (response) => judge(response, read),
        (error: unknown) => ({ error, response: undefined }),
      )
      if ("result" in outcome) {
        noteQuota(host, outcome.response, context.now())
        return outcome.result
      }
      const { error, response } = outcome
      context.signal.throwIfAborted()
      if (response?.status === 401 && !renewed && auth?.renew?.(credentials) === true) {
        renewed = true
        count--
        continue
      }
      if (!isRepeatable || count >= rules.maxAttempts || !mayRetry(error)) throw withAttempts(error, response, count, addressOf(prepared))
      const asked = askedMs(response, context.now())
      // others that ask the same host meanwhile would be refused, too
      if (asked !== undefined) gate.closeUntil(host, context.now().getTime() + Math.min(asked, rules.maxDelayMs))
      await sleep(delayMs(count, asked, rules, context.random ?? Math.random), context)
    }

    function judge(
      response: HttpResponse,
      make: typeof read,
    ): { result: Result; response: HttpResponse } | { error: unknown; response: HttpResponse } {
      if (response.status >= 400 && request.accepts?.(response) !== true)
        return { error: statusError(response.address, response.status, 1, rules.isRetryable(response.status)), response }
      try {
        return { result: make(response), response }
      } catch (error) {
        return { error, response }
      }
    }
  }

  return { send, close: async () => pool?.close() }
}

/** What the server asks to wait: `Retry-After`, else the reset of its quota. */
function askedMs(response: HttpResponse | undefined, now: Date): number | undefined {
  return response === undefined ? undefined : (retryAfterMs(response.headers["retry-after"], now) ?? quotaMs(response.headers, now))
}

function withAttempts(error: unknown, response: HttpResponse | undefined, attempts: number, address: string): unknown {
  const isStatus = error instanceof Error && "code" in error && error.code === "http-status"
  return isStatus && response !== undefined && attempts > 1 ? statusError(address, response.status, attempts, mayRetry(error)) : error
}

async function sleep(ms: number, { sleep: given, signal }: HttpContext): Promise<void> {
  if (given !== undefined) return given(ms, signal)
  // a timer of more than 2^31 - 1 ms fires at once
  await timer(Math.min(ms, 2_147_483_647), undefined, { signal })
}
