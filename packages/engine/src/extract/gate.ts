/** Lets one piece of work through at a time, in the order in which they came, each followed by `afterEach`. */
export class Gate {
  private tail: Promise<unknown> = Promise.resolve()
  private readonly afterEach: () => Promise<void>

  constructor(afterEach: () => Promise<void> = () => Promise.resolve()) {
    this.afterEach = afterEach
  }

  /** Does the work when all work before it is done; a failure is the caller's and nobody else's. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.tail.then(async () => {
      const result = await work()
      await this.afterEach()
      return result
    })
    this.tail = done.catch(() => undefined)
    return done
  }
}
