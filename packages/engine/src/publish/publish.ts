import { type CommitResult, fault, type LoadSeal, type LoadWriter, type SealedPart } from "@lading/core"
import { archivePackage, sealedParts, verifyParts } from "../package/load-package.ts"
import type { Manifest } from "../package/manifest.ts"
import type { LeasedSession } from "../session.ts"

/**
 * Commits a sealed package. `writer` is the transaction that its parts were staged into while they were written; without one (a
 * package of an earlier process) the parts are verified and staged first. Aborts the transaction if the commit is refused.
 */
export async function publish(
  { session, lease }: LeasedSession,
  packages: string,
  manifest: Manifest,
  writer?: LoadWriter,
): Promise<CommitResult> {
  const parts = sealedParts(packages, manifest)
  const open = writer ?? (await beginVerified({ session, lease }, manifest, parts))
  try {
    fault("publish.before-commit")
    const result = await open.commit(toSeal(manifest, parts, lease.epoch))
    fault("publish.after-commit")
    // The load is committed whatever becomes of the local copy; what is left of it, the next run clears away.
    await archivePackage(packages, manifest.loadId, JSON.stringify({ loadId: manifest.loadId, ...result })).catch(() => undefined)
    fault("publish.after-archive")
    return result
  } catch (error) {
    await open.abort()
    throw error
  }
}

async function beginVerified({ session, lease }: LeasedSession, manifest: Manifest, parts: readonly SealedPart[]): Promise<LoadWriter> {
  await verifyParts(parts)
  return session.begin({ loadId: manifest.loadId, epoch: lease.epoch })
}

function toSeal(manifest: Manifest, parts: readonly SealedPart[], epoch: number): LoadSeal {
  return {
    loadId: manifest.loadId,
    epoch,
    schema: manifest.schema,
    parentStateHash: manifest.parentStateHash ?? undefined,
    state: manifest.state === null ? undefined : { ...manifest.state, created_at: new Date(manifest.state.created_at) },
    names: manifest.names,
    counters: manifest.counters,
    parts,
    emptied: manifest.emptied,
    schemaChanges: manifest.schemaChanges,
    sealedAt: new Date(manifest.sealedAt),
  }
}
