import type { Destination } from "@lading/core"
import type { OnDbtProgress } from "./progress.ts"

/** What of a receipt is read: the loads that it committed. */
export interface CommittedLoads {
  readonly loadId: string | undefined
  readonly recovered?: readonly { readonly loadId: string; readonly outcome: string }[]
}

/** Where dbt shall run. */
export interface DbtRunRequest {
  readonly destination: Destination
  readonly dataset: string
  /** The load that was just committed; the project finds its id in `var("lading_load_ids")`. */
  readonly receipt?: CommittedLoads
  /** Folder that relative paths start from; default: the working directory of the process. */
  readonly baseDirectory?: string
  readonly signal?: AbortSignal
  readonly onProgress?: OnDbtProgress
}

/** Ids of the loads that a run committed: its own, and those that it recovered. */
export function loadIdsOf(receipt: CommittedLoads | undefined): string[] {
  const recovered = (receipt?.recovered ?? []).filter(({ outcome }) => outcome === "committed").map(({ loadId }) => loadId)
  return receipt?.loadId === undefined ? recovered : [...recovered, receipt.loadId]
}
