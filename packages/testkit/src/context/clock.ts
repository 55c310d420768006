/** A clock that stands still until it is moved. */
export interface TestClock {
  now(): Date
  /** Moves the clock by a number of milliseconds, backwards when negative. */
  advance(ms: number): void
}

/** A clock that stands at `start`, by default the first of May 2024, midnight UTC. */
export function createTestClock(start = new Date("2024-05-01T00:00:00Z")): TestClock {
  let time = start.getTime()
  return {
    now: () => new Date(time),
    advance: (ms) => {
      time += ms
    },
  }
}
