/**
 * A small seeded generator of pseudo-random numbers: the same seed gives the same sequence on every machine.
 * Algorithm: mulberry32 (public domain, Tommy Ettinger), 32 bits of state, period 2^32.
 * @param {number} seed a 32-bit integer
 * @returns {{ below: (limit: number) => number, pick: <T>(values: readonly T[]) => T }} `below` gives an integer in [0, limit), limit < 2^32
 */
export function createRandom(seed) {
  let state = seed | 0
  const below = (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit)
  }
  return { below, pick: (values) => values[below(values.length)] }
}
