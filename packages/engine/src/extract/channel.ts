/**
 * Hands batches from one producer to one consumer. At most one batch waits, so that the producer never runs ahead of the slowest of its
 * consumers; whoever ends first ends the other.
 */
export class Channel<Batch> implements AsyncIterable<Batch> {
  private waiting: { readonly batch: Batch } | undefined
  private isEnded = false
  private isClosedByConsumer = false
  private failure: { readonly error: unknown } | undefined
  private wakeProducer: (() => void) | undefined
  private wakeConsumer: (() => void) | undefined

  /** True once the consumer takes nothing more. */
  get isClosed(): boolean {
    return this.isClosedByConsumer
  }

  /** Resolves when there is room for the next batch; a batch for a consumer that has left is dropped. */
  async offer(batch: Batch): Promise<void> {
    await this.room()
    if (this.isClosedByConsumer) return
    this.waiting = { batch }
    this.wakeConsumer?.()
  }

  /** Nothing more will come. */
  end(): void {
    this.isEnded = true
    this.wakeConsumer?.()
  }

  /** Nothing more will come, for this reason; a batch that still waits is not handed over. */
  fail(error: unknown): void {
    this.failure ??= { error }
    this.wakeConsumer?.()
    this.wakeProducer?.()
  }

  /** The consumer leaves. */
  close(): void {
    this.isClosedByConsumer = true
    this.waiting = undefined
    this.wakeProducer?.()
    this.wakeConsumer?.()
  }

  /** One consumer; its `return` takes effect at once, even while a `next` waits. */
  [Symbol.asyncIterator](): AsyncIterator<Batch, undefined> {
    return {
      next: () => this.take(),
      return: async () => {
        this.close()
        return { value: undefined, done: true }
      },
    }
  }

  private async take(): Promise<IteratorResult<Batch, undefined>> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure.error
      if (this.waiting !== undefined) {
        const { batch } = this.waiting
        this.waiting = undefined
        this.wakeProducer?.()
        return { value: batch, done: false }
      }
      if (this.isEnded || this.isClosedByConsumer) return { value: undefined, done: true }
      await new Promise<void>((resolve) => (this.wakeConsumer = resolve))
    }
  }

  private async room(): Promise<void> {
    while (this.waiting !== undefined && !this.isClosedByConsumer && this.failure === undefined) {
      await new Promise<void>((resolve) => (this.wakeProducer = resolve))
    }
  }
}
