import { type CommitResult, type Destination, noRows, type Reject, type SchemaChange, type TableCounters } from "@lading/core"
import { describeChange } from "./describe-change.ts"
import type { ExtractPlan } from "./extract/plan.ts"
import type { LoadRun } from "./load-run.ts"
import type { LoadSeries } from "./load-series.ts"
import { addCounters } from "./load-tables.ts"
import type { PipelineOptions } from "./options.ts"
import type { Manifest } from "./package/manifest.ts"
import { type RejectTally, sampleCount } from "./rejects.ts"

/** What became of a package that an earlier run left behind. */
export interface RecoveredLoad {
  readonly loadId: string
  /** `stale`: the state had moved on; `refused`: the destination will not take it; both packages are kept aside. */
  readonly outcome: "committed" | "already-committed" | "stale" | "refused" | "discarded"
  readonly rows: number
  /** Why it was refused. */
  readonly reason?: string
}

/** A reject as the receipt shows it; the rows themselves are in the table `_lading_rejects`. */
export type RejectSample = Omit<Reject, "value" | "valueHash">

/** The bill of lading of one run: what arrived, what did not, and why. */
export interface Receipt {
  readonly pipeline: string
  readonly destination: string
  readonly dataset: string
  /** Undefined when there was nothing to load; with `commitEvery` the last of several. */
  readonly loadId: string | undefined
  /** All loads of this run, in the order of their commits; more than one only with `commitEvery`. */
  readonly loadIds: readonly string[]
  /** True when the run was told to stop and committed what was complete by then; the next run goes on from there. */
  readonly wasStopped: boolean
  readonly status: "committed" | "already-committed" | "nothing-to-load"
  readonly tables: Readonly<Record<string, TableCounters>>
  readonly schemaChanges: readonly SchemaChange[]
  readonly rejects: { readonly count: number; readonly byCode: Readonly<Record<string, number>>; readonly samples: readonly RejectSample[] }
  readonly recovered: readonly RecoveredLoad[]
  /** Where each resource with a cursor continues next time. */
  readonly cursors: Readonly<Record<string, unknown>>
  readonly warnings: readonly string[]
  /** Bytes of the parts that were loaded. */
  readonly bytes: number
  readonly durationMs: number
  toString(): string
}

/** What every receipt of a run has in common. */
export interface RunFacts {
  readonly options: PipelineOptions
  readonly destination: Destination
  readonly dataset: string
  readonly recovered: readonly RecoveredLoad[]
  /** By `performance.now()`. */
  readonly startedAt: number
}

/** A load that was sealed and committed. */
export interface CommittedLoad {
  readonly manifest: Manifest
  readonly changes: readonly SchemaChange[]
  readonly commit: CommitResult
}

/** What became of one load of a run. */
export interface LoadOutcome {
  /** Undefined when there was nothing to commit. */
  readonly committed: CommittedLoad | undefined
  readonly tables: Readonly<Record<string, TableCounters>>
  readonly tally: RejectTally
  readonly warnings: readonly string[]
  readonly nonFiniteCount: number
  readonly bytes: number
}

/** The outcome of a load as it is now. */
export function toOutcome(run: LoadRun, committed?: CommittedLoad): LoadOutcome {
  return {
    committed,
    tables: withLoaded(run.tableCounters(), committed?.commit),
    tally: run.tally,
    warnings: run.warnings,
    nonFiniteCount: run.nonFiniteCount,
    bytes: committed === undefined ? 0 : run.byteCount,
  }
}

/** The receipt of a run that only healed. */
export function recoveredReceipt(facts: RunFacts): Receipt {
  return createReceipt({ ...common(facts), ...nothing, warnings: staleWarnings(facts) })
}

/** The receipt of a run, over all of its loads; without a committed one there was nothing to load. */
export function toReceipt(
  facts: RunFacts,
  { plan, outcomes, notes: told }: Pick<LoadSeries, "plan" | "outcomes" | "notes">,
  notes: readonly string[],
  { wasStopped = false }: { readonly wasStopped?: boolean } = {},
): Receipt {
  const loads = outcomes.flatMap(({ committed }) => (committed === undefined ? [] : [committed]))
  const last = loads.at(-1)
  const warnings = new Set([...staleWarnings(facts), ...plan.warnings, ...outcomes.flatMap((load) => load.warnings), ...notes, ...told])
  const nonFiniteCount = outcomes.reduce((sum, load) => sum + load.nonFiniteCount, 0)
  if (nonFiniteCount > 0) warnings.add(`${nonFiniteCount} values were not finite numbers and became null`)
  if (wasStopped) warnings.add("the run was told to stop: what was complete is committed, and the next run goes on from there")
  return createReceipt({
    ...common(facts),
    ...nothing,
    ...(last === undefined ? {} : { loadId: last.manifest.loadId, status: last.commit.status }),
    loadIds: loads.map(({ manifest }) => manifest.loadId),
    wasStopped,
    schemaChanges: loads.flatMap(({ changes }) => changes),
    tables: sumOf(outcomes.map(({ tables }) => tables)),
    rejects: rejectsOf(outcomes.map(({ tally }) => tally)),
    cursors: cursorsOf(plan),
    warnings: [...warnings],
    bytes: outcomes.reduce((sum, load) => sum + load.bytes, 0),
  })
}

function cursorsOf({ feeders, resources }: ExtractPlan): Record<string, unknown> {
  const cursors = [...feeders, ...resources].flatMap(({ resource, cursor }) => {
    const last = cursor?.state()?.last
    return last === undefined ? [] : [[resource.name, last.value] as const]
  })
  return Object.fromEntries(cursors)
}

function sumOf(all: readonly Readonly<Record<string, TableCounters>>[]): Record<string, TableCounters> {
  const total: Record<string, TableCounters> = {}
  for (const tables of all)
    for (const [name, counters] of Object.entries(tables)) total[name] = addCounters(total[name] ?? noRows, counters)
  return total
}

function rejectsOf(tallies: readonly RejectTally[]): Receipt["rejects"] {
  const byCode: Record<string, number> = {}
  for (const tally of tallies) for (const [code, n] of Object.entries(tally.byCode)) byCode[code] = (byCode[code] ?? 0) + n
  const samples = tallies.flatMap((tally) => tally.samples).slice(0, sampleCount)
  return { count: tallies.reduce((sum, tally) => sum + tally.count, 0), byCode, samples }
}

const nothing = {
  loadId: undefined,
  loadIds: [],
  wasStopped: false,
  status: "nothing-to-load",
  tables: {},
  schemaChanges: [],
  rejects: { count: 0, byCode: {}, samples: [] },
  cursors: {},
  bytes: 0,
} as const

function common({
  options,
  destination,
  dataset,
  recovered,
  startedAt,
}: RunFacts): Pick<Receipt, "pipeline" | "destination" | "dataset" | "recovered" | "durationMs"> {
  return {
    pipeline: options.name,
    destination: `${destination.name} ${destination.location}`,
    dataset,
    recovered,
    durationMs: performance.now() - startedAt,
  }
}

function staleWarnings({ recovered }: RunFacts): string[] {
  return recovered
    .filter(({ outcome }) => outcome === "stale" || outcome === "refused")
    .map(
      ({ loadId, reason }) =>
        `package ${loadId} was set aside: ${reason ?? "the state has moved on since it was extracted, and its rows are extracted again"}`,
    )
}

/** What the destination says arrived, table by table. */
function withLoaded(counters: Readonly<Record<string, TableCounters>>, commit: CommitResult | undefined): Record<string, TableCounters> {
  return Object.fromEntries(
    Object.entries(counters).map(([name, table]) => [name, { ...table, loaded: commit?.tables[name]?.loaded ?? table.loaded }]),
  )
}

/** Adds the text for people to the facts of a receipt. */
export function createReceipt(facts: Omit<Receipt, "toString">): Receipt {
  return { ...facts, toString: () => formatReceipt(facts) }
}

/** A receipt as plain text lines. */
export function formatReceipt(receipt: Omit<Receipt, "toString">): string {
  const lines = [`${receipt.pipeline} → ${receipt.destination} · dataset ${receipt.dataset}`]
  for (const { loadId, outcome, rows } of receipt.recovered) lines.push(`  recovered ${loadId}: ${outcome}, ${count(rows)} rows`)
  if (receipt.status === "nothing-to-load") lines.push(nothingNew(receipt))
  else lines.push(...loadedLines(receipt))
  for (const warning of receipt.warnings) lines.push(`  warning  ${warning}`)
  return lines.join("\n")
}

function loadedLines(receipt: Omit<Receipt, "toString">): string[] {
  const lines: string[] = []
  const names = Object.keys(receipt.tables)
  const width = Math.max(...names.map((name) => name.length), 0)
  for (const name of names) lines.push(`  ${name.padEnd(width)}  ${accounting(receipt.tables[name] as TableCounters)}`)
  const seconds = (receipt.durationMs / 1000).toFixed(1)
  const loads = receipt.loadIds.length > 1 ? `${receipt.loadIds.length} loads up to ${receipt.loadId}` : `load ${receipt.loadId}`
  lines.push(`  ${loads} ${receipt.status} in ${seconds} s, ${(receipt.bytes / 1e6).toFixed(1)} MB`)
  for (const change of receipt.schemaChanges) lines.push(`  schema   ${describeChange(change)}`)
  if (receipt.rejects.count > 0) {
    const codes = Object.entries(receipt.rejects.byCode).map(([code, n]) => `${code} ×${count(n)}`)
    lines.push(`  rejects  ${count(receipt.rejects.count)}: ${codes.join(", ")}`)
  }
  lines.push(...cursorLines(receipt))
  return lines
}

/** One table's accounting in words; only roots have more than loaded rows to tell of. */
function accounting({ extracted, filtered, deduplicated, rejected, loaded }: TableCounters): string {
  if (extracted === 0 && filtered === 0) return `${count(loaded)} rows`
  const rest = [
    `${count(filtered)} filtered`,
    ...(deduplicated > 0 ? [`${count(deduplicated)} deduplicated`] : []),
    `${count(rejected)} rejected`,
  ]
  return `${count(extracted)} extracted = ${count(loaded)} loaded + ${rest.join(" + ")}`
}

function nothingNew(receipt: Omit<Receipt, "toString">): string {
  const left = Object.values(receipt.tables).reduce((sum, table) => sum + table.filtered + table.deduplicated, 0)
  const cursors = Object.entries(receipt.cursors).map(([name, value]) => `${name} continues from ${String(value)}`)
  return `  nothing new${left > 0 ? `, ${count(left)} rows seen before` : ""}${cursors.length > 0 ? `; ${cursors.join("; ")}` : ""}`
}

function cursorLines(receipt: Omit<Receipt, "toString">): string[] {
  return Object.entries(receipt.cursors).map(([name, value]) => `  cursor   ${name} continues from ${String(value)}`)
}

function count(value: number): string {
  return value.toLocaleString("en-US")
}
