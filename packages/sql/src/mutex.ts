/** Runs critical sections one after another, in the order in which they came. */
export interface Mutex {
  run<Value>(section: () => Promise<Value>): Promise<Value>
}

/** A mutex for asynchronous code of one thread. */
export function createMutex(): Mutex {
  let tail: Promise<unknown> = Promise.resolve()
  return {
    run(section) {
      const result = tail.then(section, section)
      tail = result.catch(() => undefined)
      return result
    },
  }
}
