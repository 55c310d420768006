import { LadingError, type PluginContext } from "@lading/core"
import type { ExtractSink } from "../load-run.ts"
import type { OnProgress } from "../progress.ts"
import { type Flow, type FlowRun, runFlow } from "./flow.ts"
import { Gate } from "./gate.ts"
import { type ExtractPlan, isLoaded, type PlannedStream } from "./plan.ts"

/** How a plan is read. */
export interface ExtractSettings {
  readonly onProgress: OnProgress
  /** Resources that are read at the same time; default 1. */
  readonly parallel: number | undefined
}

/**
 * Reads every resource of the plan into the load, several at a time where that was asked for; each has one batch on its way. The first
 * failure ends all of them. Tables that are replaced by nothing are emptied only where that was asked for.
 */
export async function runExtract(
  plan: ExtractPlan,
  load: ExtractSink & { settle(): Promise<void> },
  context: PluginContext,
  { onProgress, parallel = 1 }: ExtractSettings,
): Promise<string[]> {
  if (!(Number.isInteger(parallel) && parallel > 0)) {
    throw new LadingError({
      code: "invalid-options",
      message: `parallel is ${parallel}, and must be a whole number above 0`,
      hint: "1 is the default and reads one resource after the other",
    })
  }
  const flows = toFlows(plan)
  const controller = new AbortController()
  let failure: { readonly error: unknown } | undefined
  const run: FlowRun = {
    load,
    gate: new Gate(() => load.settle()),
    context: { ...context, signal: AbortSignal.any([context.signal, controller.signal]) },
    onProgress,
    fail: (error) => {
      failure ??= { error }
      controller.abort(error)
    },
  }
  const waiting = unitsOf(flows.filter(({ stream }) => stream.parent === undefined))
  const work = async (): Promise<void> => {
    for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
      for (const flow of unit) if (failure === undefined) await runFlow(flow, run)
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, waiting.length) }, work))
  if (failure !== undefined) throw failure.error
  return flows.flatMap((flow) => emptied(flow, load))
}

/** What becomes of a table that is replaced by nothing. */
function emptied({ stream, rows }: Flow, load: ExtractSink): string[] {
  if (!isLoaded(stream) || !stream.replaces || rows > 0) return []
  const { resource, filled } = stream
  if (resource.hints.replaceWithEmpty !== true)
    return [
      `${resource.name} yielded no rows, so ${filled.join(", ") || "its tables"} ${filled.length > 1 ? "were" : "was"} left as it is; replaceWithEmpty: true empties it`,
    ]
  for (const table of filled) load.emptyTable(table)
  return []
}

/** The plan as trees: every resource with what it feeds. */
function toFlows({ resources, feeders }: ExtractPlan): readonly Flow[] {
  const flows = new Map<PlannedStream, Flow & { readonly children: Flow[] }>()
  for (const stream of [...resources, ...feeders]) flows.set(stream, { stream, children: [], rows: 0 })
  for (const flow of flows.values()) if (flow.stream.parent !== undefined) flows.get(flow.stream.parent)?.children.push(flow)
  return [...flows.values()]
}

/** Roots that write to a common table are read one after the other, so that its rows come in the order of the resources. */
function unitsOf(roots: readonly Flow[]): Flow[][] {
  const units: { readonly flows: Flow[]; readonly tables: Set<string> }[] = []
  for (const root of roots) {
    const tables = new Set(tablesOf(root))
    const related = units.filter((unit) => [...tables].some((table) => unit.tables.has(table)))
    const [unit = { flows: [], tables: new Set<string>() }, ...merged] = related
    for (const other of merged) {
      unit.flows.push(...other.flows)
      for (const table of other.tables) unit.tables.add(table)
      units.splice(units.indexOf(other), 1)
    }
    if (related.length === 0) units.push(unit)
    unit.flows.push(root)
    for (const table of tables) unit.tables.add(table)
  }
  return units.map(({ flows }) => flows)
}

function tablesOf({ stream, children }: Flow): string[] {
  return [...(isLoaded(stream) ? [stream.table.name] : []), ...children.flatMap(tablesOf)]
}
