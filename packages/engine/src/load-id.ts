import { randomInt } from "node:crypto"

let newest = 0

/**
 * A new load id in dlt's form: unix seconds with microseconds, then three random digits that keep two machines apart. Rising within
 * this process, so that dlt, which looks for the highest id, finds the newest state.
 */
export function createLoadId(now: Date): string {
  newest = Math.max(newest + 1, now.getTime() * 1000 + Math.floor((performance.now() % 1) * 1000))
  const seconds = Math.floor(newest / 1_000_000)
  const fraction = String(newest % 1_000_000).padStart(6, "0")
  return `${seconds}.${fraction}${String(randomInt(1000)).padStart(3, "0")}`
}
