import { existsSync } from "node:fs"
import { rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fault, isLadingError, LadingError } from "@lading/core"
import { archivePackage, listPackages } from "./package/load-package.ts"
import type { Manifest } from "./package/manifest.ts"
import type { OnProgress } from "./progress.ts"
import { publish } from "./publish/publish.ts"
import type { RecoveredLoad } from "./receipt.ts"
import type { LeasedSession } from "./session.ts"

const asideName = "aside.json"

export interface RecoverOptions {
  readonly strict: boolean
  readonly onProgress: OnProgress
}

/**
 * Heals what an earlier run left behind, in the order of its packages; killing it anywhere and running it again gives the same
 * result. A package without a seal never existed; a committed one is archived; one that continues the current state is published;
 * any other is stale: its rows are extracted again, because the state never moved. What the destination refuses for good is set aside.
 * @throws LadingError `stale-package` under `strict`
 */
export async function recover(leased: LeasedSession, packages: string, options: RecoverOptions): Promise<RecoveredLoad[]> {
  const { sealed, unsealed } = await listPackages(packages)
  const recovered: RecoveredLoad[] = []
  const report = (loadId: string, outcome: RecoveredLoad["outcome"], rows: number, reason?: string): void => {
    recovered.push({ loadId, outcome, rows, ...(reason === undefined ? {} : { reason }) })
    options.onProgress({ kind: "recovering", loadId, outcome })
  }
  for (const loadId of unsealed) {
    await rm(join(packages, loadId), { recursive: true, force: true })
    report(loadId, "discarded", 0)
  }
  fault("recover.after-discard")
  const pending = sealed.filter(({ loadId }) => !existsSync(join(packages, loadId, asideName)))
  if (pending.length === 0) return recovered
  const committed = await leased.session.committedLoads(pending.map(({ loadId }) => loadId))
  let current = (await leased.session.snapshot()).state?.version_hash
  for (const manifest of pending) {
    const rows = rowsOf(manifest)
    if (committed.has(manifest.loadId)) {
      await archivePackage(packages, manifest.loadId, JSON.stringify({ loadId: manifest.loadId, status: "already-committed" }))
      report(manifest.loadId, "already-committed", rows)
    } else if ((manifest.parentStateHash ?? undefined) === current) {
      const { outcome, reason } = await publishOrRefuse(leased, packages, manifest)
      if (outcome === "refused") await setAside(packages, manifest)
      else current = manifest.state?.version_hash ?? current
      report(manifest.loadId, outcome, rows, reason)
    } else {
      if (options.strict) throw stale(packages, manifest)
      await setAside(packages, manifest)
      report(manifest.loadId, "stale", rows)
    }
  }
  return recovered
}

/** Publishes a package; one that the destination refuses for good must not stand in the way of every later run. */
async function publishOrRefuse(
  leased: LeasedSession,
  packages: string,
  manifest: Manifest,
): Promise<Pick<RecoveredLoad, "outcome" | "reason">> {
  try {
    return { outcome: (await publish(leased, packages, manifest)).status }
  } catch (error) {
    if (!isLadingError(error) || error.retryable || error.code === "fenced") throw error
    return { outcome: "refused", reason: `${error.code}: ${error.message}` }
  }
}

/** Keeps a package where it is, but out of the way of later runs. */
async function setAside(packages: string, manifest: Manifest): Promise<void> {
  await writeFile(join(packages, manifest.loadId, asideName), "{}", { mode: 0o600 })
}

function stale(packages: string, manifest: Manifest): LadingError {
  return new LadingError({
    code: "stale-package",
    message: `package ${manifest.loadId} was extracted from a state that is no longer current`,
    hint: `its rows are extracted again from the current state; delete ${join(packages, manifest.loadId)} to go on`,
  })
}

function rowsOf(manifest: Manifest): number {
  return manifest.parts.reduce((sum, part) => sum + (part.table.startsWith("_lading_") ? 0 : part.rowCount), 0)
}
