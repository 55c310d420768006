import { existsSync } from "node:fs"
import { rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fault, LadingError } from "@lading/core"
import { archivePackage, listPackages } from "./package/load-package.ts"
import type { Manifest } from "./package/manifest.ts"
import type { OnProgress } from "./progress.ts"
import { publish } from "./publish/publish.ts"
import type { RecoveredLoad } from "./receipt.ts"
import type { LeasedSession } from "./session.ts"

const staleName = "stale.json"

export interface RecoverOptions {
  readonly strict: boolean
  readonly onProgress: OnProgress
}

/**
 * Heals what an earlier run left behind, in the order of its packages; killing it anywhere and running it again gives the same
 * result. A package without a seal never existed; a committed one is archived; one that continues the current state is published;
 * any other is stale: its rows are extracted again, because the state never moved.
 * @throws LadingError `stale-package` under `strict`
 */
export async function recover(leased: LeasedSession, packages: string, options: RecoverOptions): Promise<RecoveredLoad[]> {
  const { sealed, unsealed } = await listPackages(packages)
  const recovered: RecoveredLoad[] = []
  const report = (loadId: string, outcome: RecoveredLoad["outcome"], rows: number): void => {
    recovered.push({ loadId, outcome, rows })
    options.onProgress({ kind: "recovering", loadId, outcome })
  }
  for (const loadId of unsealed) {
    await rm(join(packages, loadId), { recursive: true, force: true })
    report(loadId, "discarded", 0)
  }
  fault("recover.after-discard")
  const pending = sealed.filter(({ loadId }) => !existsSync(join(packages, loadId, staleName)))
  if (pending.length === 0) return recovered
  const committed = await leased.session.committedLoads(pending.map(({ loadId }) => loadId))
  let current = (await leased.session.snapshot()).state?.version_hash
  for (const manifest of pending) {
    const rows = rowsOf(manifest)
    if (committed.has(manifest.loadId)) {
      await archivePackage(packages, manifest.loadId, JSON.stringify({ loadId: manifest.loadId, status: "already-committed" }))
      report(manifest.loadId, "already-committed", rows)
    } else if ((manifest.parentStateHash ?? undefined) === current) {
      const { status } = await publish(leased, packages, manifest)
      current = manifest.state?.version_hash ?? current
      report(manifest.loadId, status, rows)
    } else {
      await setAside(packages, manifest, options.strict)
      report(manifest.loadId, "stale", rows)
    }
  }
  return recovered
}

async function setAside(packages: string, manifest: Manifest, strict: boolean): Promise<void> {
  if (strict) {
    throw new LadingError({
      code: "stale-package",
      message: `package ${manifest.loadId} was extracted from a state that is no longer current`,
      hint: `its rows are extracted again from the current state; delete ${join(packages, manifest.loadId)} to go on`,
    })
  }
  await writeFile(join(packages, manifest.loadId, staleName), "{}", { mode: 0o600 })
}

function rowsOf(manifest: Manifest): number {
  return manifest.parts.reduce((sum, part) => sum + (part.table.startsWith("_lading_") ? 0 : part.rowCount), 0)
}
