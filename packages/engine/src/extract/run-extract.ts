import type { Batch, ExtractContext, PluginContext } from "@lading/core"
import type { LoadRun } from "../load-run.ts"
import type { OnProgress } from "../progress.ts"
import { extract } from "./extract.ts"
import type { ExtractPlan, PlannedResource } from "./plan.ts"

/** Milliseconds between two reports of progress. */
const reportEveryMs = 200

/** Reads every resource of the plan into the load. Tables that are replaced by nothing are emptied only where that was asked for. */
export async function runExtract(plan: ExtractPlan, load: LoadRun, context: PluginContext, onProgress: OnProgress): Promise<string[]> {
  const notes: string[] = []
  for (const planned of plan.resources) {
    const rows = await readResource(planned, load, context, onProgress)
    if (!planned.replaces || rows > 0) continue
    if (planned.resource.hints.replaceWithEmpty === true) load.emptyTable(planned.table.name)
    else
      notes.push(`${planned.resource.name} yielded no rows, so ${planned.table.name} was left as it is; replaceWithEmpty: true empties it`)
  }
  return notes
}

async function readResource(planned: PlannedResource, load: LoadRun, context: PluginContext, onProgress: OnProgress): Promise<number> {
  const { resource, cursor, state, tableName, pinned } = planned
  const { target, counters } = load.target(tableName, pinned)
  const before = target.extracted
  const report = reporter(resource.name, onProgress)
  const { incremental } = resource.hints
  const extractContext: ExtractContext = {
    cursor: { start: cursor?.start?.value, end: incremental?.endValue },
    state,
    signal: context.signal,
    fetch: context.fetch,
    log: context.log,
    baseDirectory: context.baseDirectory,
    now: context.now,
  }
  let bytes = 0
  for await (const batch of extract({ resource, context: extractContext, cursor, counters })) {
    bytes += sizeOf(batch)
    await load.push(target, batch)
    report(target.extracted - before, bytes)
  }
  report.end(target.extracted - before, bytes)
  return target.extracted - before
}

interface Reporter {
  (rows: number, bytes: number): void
  end(rows: number, bytes: number): void
}

function reporter(resource: string, onProgress: OnProgress): Reporter {
  let last = performance.now()
  const emit = (rows: number, bytes: number): void => onProgress({ kind: "extracting", resource, rows, bytes })
  const report = (rows: number, bytes: number): void => {
    const now = performance.now()
    if (now - last < reportEveryMs) return
    last = now
    emit(rows, bytes)
  }
  return Object.assign(report, { end: emit })
}

function sizeOf(batch: Batch): number {
  return batch.kind === "json-lines" ? batch.bytes.byteLength : 0
}
