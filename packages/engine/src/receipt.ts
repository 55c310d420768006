import type { CommitResult, Destination, Reject, SchemaChange, TableCounters } from "@lading/core"
import { describeChange } from "./describe-change.ts"
import type { ExtractPlan } from "./extract/plan.ts"
import type { LoadRun } from "./load-run.ts"
import type { PipelineOptions } from "./options.ts"
import type { Manifest } from "./package/manifest.ts"

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
  /** Undefined when there was nothing to load. */
  readonly loadId: string | undefined
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

/** The receipt of a run that only healed. */
export function recoveredReceipt(facts: RunFacts): Receipt {
  return createReceipt({ ...common(facts), ...nothing, warnings: staleWarnings(facts) })
}

/** The receipt of a run; without a committed load there was nothing to load. */
export function toReceipt(facts: RunFacts, plan: ExtractPlan, load: LoadRun, notes: readonly string[], done?: CommittedLoad): Receipt {
  const { tally, nonFiniteCount } = load
  const warnings = [...staleWarnings(facts), ...plan.warnings, ...notes]
  if (nonFiniteCount > 0) warnings.push(`${nonFiniteCount} values were not finite numbers and became null`)
  const cursors = plan.resources.flatMap(({ resource, cursor }) => {
    const last = cursor?.state()?.last
    return last === undefined ? [] : [[resource.name, last.value] as const]
  })
  return createReceipt({
    ...common(facts),
    ...nothing,
    ...(done === undefined ? {} : { loadId: done.manifest.loadId, status: done.commit.status, schemaChanges: done.changes }),
    tables: withLoaded(load.tableCounters(), done?.commit),
    rejects: { count: tally.count, byCode: tally.byCode, samples: tally.samples },
    cursors: Object.fromEntries(cursors),
    warnings,
    bytes: load.byteCount,
  })
}

const nothing = {
  loadId: undefined,
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
  lines.push(`  load ${receipt.loadId} ${receipt.status} in ${seconds} s, ${(receipt.bytes / 1e6).toFixed(1)} MB`)
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
