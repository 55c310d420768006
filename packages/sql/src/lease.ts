import type { Lease, LeaseRequest, Log } from "@lading/core"
import { isOwnerGone } from "./process-identity.ts"
import { fenced } from "./refusals.ts"

/** How often the holder of a lease renews it, in milliseconds. */
const heartbeatMs = 20_000

/** A lease whose last heartbeat is older than this, in milliseconds, is not waited for. */
export const leaseTimeoutMs = 60_000

/** Who holds a lease; `owner` is empty where nobody does. */
export interface LeaseHolder {
  readonly owner: string
  /** The last heartbeat is not older than `leaseTimeoutMs`. */
  readonly isFresh: boolean
}

/** Throws LadingError `fenced` when another owner has the lease, its heartbeat is fresh, and its process is not known to be gone. */
export function refuseHeldLease(pipeline: string, holder: LeaseHolder, { owner, takeOver }: LeaseRequest): void {
  if (takeOver || holder.owner === "" || holder.owner === owner || !holder.isFresh || isOwnerGone(holder.owner)) return
  throw fenced(pipeline, holder.owner)
}

/** Renews a lease from `start` to `stop`, without keeping the process alive. */
export interface Heartbeat {
  start(lease: Lease): void
  stop(): void
}

/** A heartbeat; a renewal that fails is a warning: whether the lease is still ours is decided at the commit. */
export function createHeartbeat(renew: (lease: Lease) => Promise<void>, log: Log): Heartbeat {
  let timer: NodeJS.Timeout | undefined
  return {
    start(lease) {
      clearInterval(timer)
      const beat = () => renew(lease).catch((error: unknown) => log.warn("The lease could not be renewed", { error: String(error) }))
      timer = setInterval(beat, heartbeatMs)
      timer.unref()
    },
    stop: () => clearInterval(timer),
  }
}
