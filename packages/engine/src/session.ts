import type { Destination, DestinationSession, Lease, PluginContext } from "@lading/core"
import { leaseOwner } from "./owner.ts"

/** An open session that holds the lease of a pipeline. */
export interface LeasedSession {
  readonly session: DestinationSession
  readonly lease: Lease
}

/**
 * Opens the destination, takes the lease, does the work, and gives both back whatever happens.
 * @throws LadingError `fenced` when another living owner holds the lease
 */
export async function withLease<Result>(
  destination: Destination,
  request: { readonly dataset: string; readonly pipeline: string; readonly takeOver: boolean },
  context: PluginContext,
  work: (leased: LeasedSession) => Promise<Result>,
): Promise<Result> {
  const session = await destination.open(request, context)
  try {
    const lease = await session.takeLease({ owner: leaseOwner(), takeOver: request.takeOver })
    try {
      return await work({ session, lease })
    } finally {
      await session
        .releaseLease(lease)
        .catch((error: unknown) => context.log.warn("the lease could not be released", { reason: String(error) }))
    }
  } finally {
    await session.close()
  }
}
