import type { Batch, ExtractContext, NormalizeTarget, PluginContext } from "@lading/core"
import type { ExtractSink } from "../load-run.ts"
import type { OnProgress } from "../progress.ts"
import { Channel } from "./channel.ts"
import { type ExtractJob, refine } from "./extract.ts"
import type { Gate } from "./gate.ts"
import { parseLines } from "./parse-lines.ts"
import { isLoaded, type PlannedResource, type PlannedStream } from "./plan.ts"
import { type Reporter, reporter } from "./progress-reporter.ts"
import { readBatches } from "./read-batches.ts"
import { Steps } from "./steps.ts"

/** A resource with the transformers that it feeds. */
export interface Flow {
  readonly stream: PlannedStream
  readonly children: readonly Flow[]
  /** Rows that went into the resource's table in this run. */
  rows: number
}

/** What all flows of a run share. */
export interface FlowRun {
  readonly load: ExtractSink
  /** Between pulling a batch and handing on its rows nothing else happens to the load, its cursors and states. */
  readonly gate: Gate
  readonly context: PluginContext
  readonly onProgress: OnProgress
  /** Ends everything that is under way, for this reason. */
  readonly fail: (error: unknown) => void
}

/** Reads a resource and all that it feeds, at the same time; resolves when all of them are closed. */
export async function runFlow(flow: Flow, run: FlowRun, input?: Channel<readonly unknown[]>): Promise<void> {
  const outputs = flow.children.map(() => new Channel<readonly unknown[]>())
  const children = flow.children.map((child, i) => runFlow(child, run, outputs[i]))
  try {
    await new FlowReader(flow, run, input, outputs).read()
    for (const output of outputs) output.end()
  } catch (error) {
    run.fail(error)
    for (const output of outputs) output.fail(error)
  } finally {
    input?.close()
    await Promise.all(children)
  }
}

class FlowReader {
  private readonly flow: Flow
  private readonly run: FlowRun
  private readonly outputs: readonly Channel<readonly unknown[]>[]
  private readonly target: NormalizeTarget | undefined
  private readonly rejectTarget: NormalizeTarget | undefined
  private readonly job: ExtractJob
  private readonly report: Reporter
  private bytes = 0
  private passed = 0

  constructor(flow: Flow, run: FlowRun, input: Channel<readonly unknown[]> | undefined, outputs: readonly Channel<readonly unknown[]>[]) {
    const { stream } = flow
    this.flow = flow
    this.run = run
    this.outputs = outputs
    const own = isLoaded(stream) ? run.load.intake(stream) : undefined
    this.target = own?.target
    // What cannot be read of a resource that is not loaded itself is missing in what it feeds.
    const heir = own === undefined ? firstLoaded(flow.children) : undefined
    this.rejectTarget = own?.target ?? (heir === undefined ? undefined : run.load.intake(heir).target)
    const counters = own?.counters ?? { filtered: 0, deduplicated: 0 }
    this.job = {
      resource: stream.resource,
      context: contextOf(stream, run.context, input),
      cursor: stream.cursor,
      counters,
      steps: new Steps(stream.resource.steps, counters),
      feedsOthers: outputs.length > 0,
    }
    this.report = reporter(stream.resource.name, run.onProgress)
  }

  async read(): Promise<void> {
    const { context, resource } = this.job
    if (!this.isDone) {
      for await (const group of readBatches(resource, context)) {
        const handedOn = await this.run.gate.run(() => this.take(group))
        for (const rows of handedOn) await Promise.all(this.outputs.map((output) => output.offer(rows)))
        this.report(this.passed, this.bytes)
        if (this.isDone) break
      }
    }
    context.signal.throwIfAborted()
    this.report.end(this.passed, this.bytes)
  }

  /** True when nothing more needs to be read: a limit is reached, the range is left, or nobody takes the rows. */
  private get isDone(): boolean {
    const { steps, cursor } = this.job
    const isUnwanted = this.target === undefined && this.outputs.length > 0 && this.outputs.every(({ isClosed }) => isClosed)
    return steps.isDone || cursor?.isPastRange === true || isUnwanted
  }

  /** Brings batches into the load; gives the rows that transformers are to have. */
  private async take(group: readonly Batch[]): Promise<readonly (readonly unknown[])[]> {
    this.job.context.signal.throwIfAborted()
    const handedOn: (readonly unknown[])[] = []
    for (const raw of group) {
      if (raw.kind === "json-lines") this.bytes += raw.bytes.byteLength
      for (const batch of await refine(raw, this.job)) {
        await this.push(batch)
        if (this.outputs.length === 0 || batch.kind === "rejects") continue
        // A resource may use its array again once it goes on.
        const rows = batch.kind === "rows" ? batch.rows.slice() : await this.parse(batch)
        if (rows.length > 0) handedOn.push(rows)
      }
      if (this.job.steps.isDone) break
    }
    return handedOn
  }

  private async push(batch: Batch): Promise<void> {
    const { target, flow } = this
    if (target === undefined) {
      if (batch.kind === "rows") this.passed += batch.rows.length
      else if (batch.kind === "rejects" && this.rejectTarget !== undefined) await this.run.load.push(this.rejectTarget, batch)
      return
    }
    const before = target.extracted
    await this.run.load.push(target, batch)
    flow.rows += target.extracted - before
    this.passed = flow.rows
  }

  /** Lines as plain rows. The normalizer rejects those that are not JSON; for a resource that is not loaded nobody else does. */
  private async parse(batch: Extract<Batch, { readonly kind: "json-lines" }>): Promise<readonly unknown[]> {
    const { rows, rejects } = parseLines(batch, { plain: true })
    if (this.target === undefined) {
      this.passed += rows.rows.length
      if (rejects !== undefined) await this.push(rejects)
    }
    return rows.rows.filter((row) => row !== null)
  }
}

function firstLoaded(flows: readonly Flow[]): PlannedResource | undefined {
  for (const { stream, children } of flows) {
    const loaded = isLoaded(stream) ? stream : firstLoaded(children)
    if (loaded !== undefined) return loaded
  }
  return undefined
}

function contextOf(
  { cursor, state }: PlannedStream,
  { signal, fetch, log, baseDirectory, now }: PluginContext,
  parentRows: Channel<readonly unknown[]> | undefined,
): ExtractContext {
  return {
    cursor: cursor?.view ?? { start: undefined, end: undefined },
    state,
    signal,
    fetch,
    log,
    baseDirectory,
    now,
    ...(parentRows === undefined ? {} : { parentRows }),
  }
}
