import {
  type Batch,
  type Destination,
  isLadingError,
  type NormalizeTarget,
  type PluginContext,
  type StateDocument,
  structuredCopy,
} from "@lading/core"
import { tellChanges } from "./alerts/tell.ts"
import { checkCommitEvery, isDue } from "./commit-every.ts"
import type { ExtractCounters } from "./extract/extract.ts"
import { type ExtractPlan, inexactIntegers, type PlannedResource, planExtract, stateAfter } from "./extract/plan.ts"
import { createBase, type LoadBase } from "./load.ts"
import { createLoadId } from "./load-id.ts"
import { LoadRun } from "./load-run.ts"
import type { Intake } from "./load-tables.ts"
import type { PipelineOptions } from "./options.ts"
import type { Places } from "./places.ts"
import type { OnProgress } from "./progress.ts"
import { publish } from "./publish/publish.ts"
import { type LoadOutcome, toOutcome } from "./receipt.ts"
import { type SelectedResource, schemaNameOf } from "./resource.ts"
import type { ImportedSchema } from "./schema-files/parse-schema-file.ts"
import { readImport, type SchemaSeed, seedOf, writeSchemaFiles } from "./schema-files/schema-files.ts"
import type { LeasedSession } from "./session.ts"

export interface LoadSeriesOptions {
  readonly leased: LeasedSession
  readonly selected: readonly SelectedResource[]
  readonly places: Places
  readonly destination: Destination
  readonly options: PipelineOptions
  readonly context: PluginContext
  readonly onProgress: OnProgress
}

/** One load and what it starts from. */
interface Link {
  readonly base: LoadBase
  readonly plan: ExtractPlan
  readonly run: LoadRun
  /** Milliseconds by the context's clock. */
  readonly startedAt: number
  /** The import file that a load without one leaves behind. */
  readonly seed: SchemaSeed | undefined
}

/** A resource's place in the load of this moment. `counted` is what earlier loads have told of its counters. */
interface Place {
  readonly planned: PlannedResource
  readonly first: Intake
  intake: Intake | undefined
  counted: ExtractCounters
}

/**
 * The loads of one run: a single one, or with `commitEvery` several, each committed with the cursors and states of the rows it holds. Every load
 * starts from what the destination holds after the one before it, so a run that ends between two of them is a run that ended.
 */
export class LoadSeries {
  /** Its cursors and states live as long as the run. */
  readonly plan: ExtractPlan
  readonly outcomes: LoadOutcome[] = []
  /** What the user should know of alerts that failed. */
  readonly notes: string[] = []
  private readonly options: LoadSeriesOptions
  private readonly places = new Map<NormalizeTarget, Place>()
  /** States of the resources at the last moment at which all of them stood still. */
  private settled: ReadonlyMap<PlannedResource, Record<string, unknown>> | undefined
  /** False while rows of a group are in the load whose state is not settled. */
  private isSettled = true
  private current: Link | undefined
  /** The import file as it was at the start of the run. */
  private imported: ImportedSchema | undefined

  private constructor(options: LoadSeriesOptions, first: Link, imported: ImportedSchema | undefined) {
    this.options = options
    this.imported = imported
    this.plan = first.plan
    this.current = first
  }

  /** Reads what is there and plans the extract. @throws LadingError as `planExtract` does, `commit-every-unsafe` */
  static async open(options: LoadSeriesOptions): Promise<LoadSeries> {
    const { commitEvery, parallel = 1 } = options.options
    if (commitEvery !== undefined)
      checkCommitEvery(
        commitEvery,
        options.selected.filter(({ isSelected }) => isSelected).map(({ resource }) => resource),
        parallel,
      )
    const imported = await readImport(options.options, schemaNameOf(options.options.name, options.selected))
    return new LoadSeries(options, await openLink(options, imported), imported)
  }

  /** As of `LoadRun`; the target stands for the same table in every load. */
  intake(planned: PlannedResource): Intake {
    const first = (this.current as Link).run.intake(planned)
    this.places.set(first.target, { planned, first, intake: first, counted: { filtered: 0, deduplicated: 0 } })
    return first
  }

  async push(target: NormalizeTarget, batch: Batch): Promise<void> {
    this.current ??= await openLink(this.options, this.imported)
    const place = this.places.get(target)
    const live = place === undefined ? target : this.liveTarget(place, this.current)
    const before = live.extracted
    this.isSettled = false
    await this.current.run.push(live, batch)
    if (live !== target) target.extracted += live.extracted - before
  }

  emptyTable(name: string): void {
    this.current?.run.emptyTable(name)
  }

  /** Called when every resource stands still between two batches: the moment to cut. */
  async settle(): Promise<void> {
    const { commitEvery } = this.options.options
    this.isSettled = true
    if (commitEvery === undefined || this.current === undefined) return
    this.settled = new Map(this.plan.resources.map((planned) => [planned, structuredCopy(planned.state)]))
    const { run, startedAt } = this.current
    const minutes = (this.options.context.now().getTime() - startedAt) / 60_000
    if (isDue(commitEvery, { rows: run.extractedRows, bytes: run.byteCount, minutes })) await this.commit(this.stateAt(this.settled))
  }

  /** Commits what is left at the end of the extract. */
  async finish(): Promise<void> {
    this.current ??= await openLink(this.options, this.imported)
    await this.commit((base) => stateAfter(this.plan, base))
  }

  /**
   * Commits what was complete when the run was told to stop; false when that is not for this run to do: without `commitEvery` a load is whole or
   * not at all, and what failed in the middle of a batch failed by itself.
   */
  async stop(): Promise<boolean> {
    if (this.options.options.commitEvery === undefined || !this.options.context.signal.aborted || !this.isSettled) return false
    if (this.current !== undefined && this.settled !== undefined) await this.commit(this.stateAt(this.settled))
    return true
  }

  /** Throws the open load away. What is sealed outlives an outage of the destination: the next run publishes it. */
  async discard(error: unknown): Promise<void> {
    await this.current?.run.discard({ keepSealed: isLadingError(error) && error.retryable })
  }

  private async commit(stateOn: (base: LoadBase) => StateDocument): Promise<void> {
    const { leased, places, destination, options, context, onProgress } = this.options
    const { base, run, seed } = this.current as Link
    this.tellCounters()
    const sealed = await run.seal(stateOn(base))
    if (sealed === undefined) {
      this.outcomes.push(toOutcome(run))
      if (base.stateHash !== undefined) this.notes.push(...(await writeSchemaFiles(options, base.stored, undefined)))
    } else {
      const { loadId } = sealed.manifest
      onProgress({ kind: "publishing", loadId })
      const commit = await publish(leased, places.packages, sealed.manifest, sealed.writer)
      onProgress({ kind: "committed", loadId })
      this.outcomes.push(toOutcome(run, { ...sealed, commit }))
      const changed = { ...sealed, previousHash: base.stored.version_hash }
      this.notes.push(...(await tellChanges(leased, options, destination, changed, context.signal)))
      this.notes.push(...(await writeSchemaFiles(options, sealed.manifest.schema, seed)))
      this.imported ??= seed?.imported
    }
    this.current = undefined
    for (const place of this.places.values()) place.intake = undefined
  }

  private stateAt(settled: ReadonlyMap<PlannedResource, Record<string, unknown>>): (base: LoadBase) => StateDocument {
    const resources = this.plan.resources.map((planned) => ({ ...planned, state: settled.get(planned) ?? planned.state }))
    return (base) => stateAfter({ ...this.plan, resources }, base)
  }

  private liveTarget(place: Place, { run, plan }: Link): NormalizeTarget {
    const { resource } = place.planned
    const planned = plan.resources.find((other) => other.resource === resource) ?? place.planned
    place.intake ??= run.intake(planned)
    return place.intake.target
  }

  /** What the extract left out since the last load, for the counters of this one. */
  private tellCounters(): void {
    const told = new Set<ExtractCounters>()
    for (const place of this.places.values()) {
      const { counters } = place.first
      if (told.has(counters)) continue
      told.add(counters)
      if (place.intake === undefined && (counters.filtered > place.counted.filtered || counters.deduplicated > place.counted.deduplicated))
        this.liveTarget(place, this.current as Link)
      if (place.intake !== undefined && place.intake !== place.first) {
        place.intake.counters.filtered = counters.filtered - place.counted.filtered
        place.intake.counters.deduplicated = counters.deduplicated - place.counted.deduplicated
      }
      place.counted = { ...counters }
    }
  }
}

async function openLink(
  { leased, selected, places, destination, options, context }: LoadSeriesOptions,
  imported: ImportedSchema | undefined,
): Promise<Link> {
  const { dataset, packages } = places
  const base = createBase(options, dataset, schemaNameOf(options.name, selected), await leased.session.snapshot(), destination, imported)
  const plan = planExtract(selected, base, destination.capabilities, options.contract)
  const seed = imported === undefined ? seedOf(plan.schema, options) : undefined
  const run = new LoadRun({
    leased,
    base,
    schema: seed === undefined ? plan.schema : { ...plan.schema, imported_version_hash: seed.imported.hash },
    inexactIntegers: await inexactIntegers(plan, base, leased.session),
    packages,
    loadId: createLoadId(context.now()),
    dataset,
    destination,
    options,
    now: context.now,
  })
  return { base, plan, run, startedAt: context.now().getTime(), seed }
}
