import type { ExtractContext, Yield } from "@lading/core"
import { isBatch } from "./batch.ts"

/** Elements of quick results that are gathered before they go on. */
const gatheredRows = 2_000

/** What a transformer makes of one input: nothing, a row, a batch, anything iterable, or a promise of one of them. */
export type Made<Row> = Yield<Row> | Iterable<Yield<Row>> | AsyncIterable<Yield<Row>> | null | undefined

/** How inputs become rows. */
export interface FeedOptions {
  readonly apply: (input: unknown, context: ExtractContext) => unknown
  /** Inputs under way at a time. */
  readonly concurrency: number
  readonly keepsOrder: boolean
  readonly by: "row" | "batch"
}

/** A result under way: its next element, once it is there. */
interface Slot {
  readonly elements: AsyncIterator<unknown>
  next: IteratorResult<unknown> | undefined
}

/**
 * Applies a transformer to the rows of its parent, several at a time, each result one element ahead. Results that need no waiting take no
 * promise a row. When the caller leaves or something fails, the signal that `apply` was given is aborted and what is open is closed.
 */
export async function* feed(context: ExtractContext, options: FeedOptions): AsyncGenerator<Yield, void, undefined> {
  const controller = new AbortController()
  const inner = { ...context, signal: AbortSignal.any([context.signal, controller.signal]) }
  const run = new FeedRun((context.parentRows ?? noRows())[Symbol.asyncIterator](), inner, options)
  try {
    yield* run.elements()
  } finally {
    controller.abort(new Error("the transformer has ended"))
    await run.close()
  }
}

class FeedRun {
  private readonly source: AsyncIterator<readonly unknown[]>
  private readonly context: ExtractContext
  private readonly options: FeedOptions
  private readonly slots: Slot[] = []
  private inputs: readonly unknown[] = []
  private used = 0
  private isDrained = false
  private isPulling = false
  private failure: { readonly error: unknown } | undefined
  private wake: (() => void) | undefined
  private made: unknown[] = []

  constructor(source: AsyncIterator<readonly unknown[]>, context: ExtractContext, options: FeedOptions) {
    this.source = source
    this.context = context
    this.options = options
  }

  async *elements(): AsyncGenerator<Yield, void, undefined> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure.error
      this.start()
      if (this.made.length > 0) {
        yield* this.takeMade()
        // Everything may have changed meanwhile.
        continue
      }
      const turn = this.turn()
      if (turn?.next !== undefined) yield* this.advance(turn, turn.next)
      else if (this.slots.length === 0 && this.isDrained && this.used === this.inputs.length) return
      else if (!this.canStart && this.failure === undefined) await new Promise<void>((resolve) => (this.wake = resolve))
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.slots.map(({ elements }) => elements.return?.(undefined)?.catch(() => undefined)))
    await this.source.return?.(undefined)
  }

  private get canStart(): boolean {
    return this.slots.length < this.options.concurrency && this.used < this.inputs.length
  }

  /** Starts inputs while there is room for them, and asks for more. */
  private start(): void {
    while (this.canStart && this.made.length < gatheredRows) {
      const made = this.options.apply(this.inputs[this.used++], this.context)
      // A quick result need not wait, unless slower ones stand before it.
      const isNext = this.slots.length === 0 || !this.options.keepsOrder
      const rest = isNext && isQuick(made) ? gather(made, this.made) : made
      if (rest !== undefined) this.open(rest)
    }
    if (this.used === this.inputs.length && !this.isDrained && !this.isPulling) this.pull()
  }

  private pull(): void {
    this.isPulling = true
    this.watch(this.source.next(), ({ value, done }) => {
      this.isPulling = false
      if (done === true) this.isDrained = true
      else {
        this.inputs = this.options.by === "row" || value.length === 0 ? value : [value]
        this.used = 0
      }
    })
  }

  private open(made: unknown): void {
    const slot: Slot = { elements: toElements(made), next: undefined }
    this.slots.push(slot)
    this.step(slot)
  }

  private step(slot: Slot): void {
    slot.next = undefined
    this.watch(slot.elements.next(), (next) => (slot.next = next))
  }

  private watch<Value>(promise: Promise<Value>, then: (value: Value) => void): void {
    promise
      .then(then, (error: unknown) => {
        this.failure ??= { error }
      })
      .finally(() => this.wake?.())
  }

  /** The result whose element may go on. */
  private turn(): Slot | undefined {
    return this.options.keepsOrder ? this.slots[0] : this.slots.find(({ next }) => next !== undefined)
  }

  private *advance(slot: Slot, next: IteratorResult<unknown>): Generator<Yield> {
    if (next.done === true) {
      this.slots.splice(this.slots.indexOf(slot), 1)
      return
    }
    this.step(slot)
    if (next.value !== null && next.value !== undefined) yield next.value as Yield
  }

  private *takeMade(): Generator<Yield> {
    const made = this.made
    this.made = []
    if (made.every((element) => !isCollection(element))) yield made as readonly unknown[]
    else yield* made as Yield[]
  }
}

async function* noRows(): AsyncGenerator<readonly unknown[]> {}

/** True for what is there already. */
function isQuick(made: unknown): boolean {
  return typeof made !== "object" || made === null || !("then" in made || Symbol.asyncIterator in made)
}

/** Adds what was made; of an iterable only so many elements, and gives the rest of it. */
function gather(made: unknown, into: unknown[]): Iterable<unknown> | undefined {
  if (made === null || made === undefined) return undefined
  if (Array.isArray(made)) for (const row of made) into.push(row)
  else if (typeof made === "object" && Symbol.iterator in made) return gatherSome((made as Iterable<unknown>)[Symbol.iterator](), into)
  else into.push(made)
  return undefined
}

function gatherSome(elements: Iterator<unknown>, into: unknown[]): Iterable<unknown> | undefined {
  while (into.length < gatheredRows) {
    const { value, done } = elements.next()
    if (done === true) return undefined
    if (value !== null && value !== undefined) into.push(value)
  }
  return { [Symbol.iterator]: () => elements }
}

/** Arrays and tagged batches must go on as they are. */
function isCollection(element: unknown): boolean {
  return Array.isArray(element) || isBatch(element)
}

async function* toElements(made: unknown): AsyncGenerator<unknown> {
  const given = await made
  if (given === null || given === undefined) return
  if (typeof given !== "object" || Array.isArray(given)) yield given
  else if (Symbol.asyncIterator in given) yield* given as AsyncIterable<unknown>
  else if (Symbol.iterator in given) yield* given as Iterable<unknown>
  else yield given
}
