import type { HttpRateLimit } from "./types.ts"

/** Says how long a request has to wait for its turn. */
export interface Gate {
  /** Takes the next turn at a host: milliseconds from now. */
  turnMs(host: string, nowMs: number): number
  /** Nothing goes to the host before this time. */
  closeUntil(host: string, untilMs: number): void
}

/**
 * A token bucket for each host, as the generic cell rate algorithm (ITU-T I.371): one number a host, the time at which its bucket is full
 * again. Without a rate only `closeUntil` makes anybody wait.
 */
export function createGate(rate: HttpRateLimit | undefined): Gate {
  const fullAt = new Map<string, number>()
  const closed = new Map<string, number>()
  const intervalMs = rate === undefined ? 0 : 1_000 / rate.requestsPerSecond
  const toleranceMs = intervalMs * ((rate?.burst ?? 1) - 1)
  return {
    turnMs(host, nowMs) {
      const from = Math.max(nowMs, closed.get(host) ?? 0)
      const full = Math.max(from, fullAt.get(host) ?? 0)
      fullAt.set(host, full + intervalMs)
      return Math.max(from, full - toleranceMs) - nowMs
    },
    closeUntil(host, untilMs) {
      closed.set(host, Math.max(untilMs, closed.get(host) ?? 0))
    },
  }
}
