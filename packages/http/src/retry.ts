import { isLadingError } from "@lading/core"
import type { HttpRetry } from "./types.ts"

const defaults = { maxAttempts: 5, baseDelayMs: 1_000, maxDelayMs: 300_000 } as const

/** The rules with their defaults. */
export function retryRules(
  retry: HttpRetry,
): Required<Omit<HttpRetry, "statuses">> & { readonly isRetryable: (status: number) => boolean } {
  const { statuses } = retry
  return {
    ...defaults,
    ...retry,
    isRetryable: (status) => (statuses === undefined ? status >= 500 || [408, 425, 429].includes(status) : statuses.includes(status)),
  }
}

/** Methods that may be sent twice (RFC 9110, 9.2.2). */
export function isIdempotent(method: string): boolean {
  return ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"].includes(method)
}

/** True when the same request may succeed later. */
export function mayRetry(error: unknown): boolean {
  return isLadingError(error) && error.retryable
}

/**
 * Milliseconds to wait before the attempt after the `attempt`th. What the server asks for is a lower bound, up to the cap, with at most a
 * tenth on top; otherwise the base is doubled with each attempt and at least half of it is waited.
 */
export function delayMs(
  attempt: number,
  asked: number | undefined,
  { baseDelayMs, maxDelayMs }: { readonly baseDelayMs: number; readonly maxDelayMs: number },
  random: () => number,
): number {
  if (asked !== undefined) return Math.min(maxDelayMs, asked + random() * Math.min(1_000, asked / 10))
  const full = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1))
  return full / 2 + (random() * full) / 2
}

/** Milliseconds that `Retry-After` asks to wait, in seconds or as a date (RFC 9110, 10.2.3); undefined when it says nothing usable. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? ""
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1_000
  if (!/^[A-Za-z]{3}/.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}

/**
 * Milliseconds until a used-up quota is filled again, from `RateLimit`, `RateLimit-Reset` or `X-RateLimit-Reset` (seconds from now, seconds
 * since 1970, or a date); undefined while requests remain.
 */
export function quotaMs(headers: Readonly<Record<string, string>>, now: Date): number | undefined {
  const combined = headers["ratelimit"]
  if (combined !== undefined) {
    const remaining = /(?:^|[;,\s])(?:r|remaining)=(\d+)/.exec(combined)?.[1]
    const reset = /(?:^|[;,\s])(?:t|reset)=(\d+)/.exec(combined)?.[1]
    return remaining === "0" && reset !== undefined ? Number(reset) * 1_000 : undefined
  }
  for (const prefix of ["ratelimit", "x-ratelimit", "x-rate-limit"]) {
    if (headers[`${prefix}-remaining`]?.trim() !== "0") continue
    const reset = headers[`${prefix}-reset`]?.trim() ?? ""
    const number = Number(reset)
    if (reset === "" || Number.isNaN(number)) return retryAfterMs(reset, now)
    // no quota lasts longer than ten years, so a larger number is a point in time, in seconds or milliseconds
    if (number < 315_360_000) return number * 1_000
    return Math.max(0, (number > 1e11 ? number : number * 1_000) - now.getTime())
  }
  return undefined
}
