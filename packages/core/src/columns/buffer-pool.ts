/** Free memory that is kept for later; what comes back beyond it is left to the garbage collector. */
const maxFreeBytes = 16 * 2 ** 20
/** Smaller pieces are not worth looking for. */
const minBytes = 4096

/**
 * Memory of columns that were written, for the columns that come next: the collector returns large buffers late, so that without a pool a
 * run holds several times what it needs.
 */
export class BufferPool {
  private readonly free: ArrayBuffer[] = []
  private freeBytes = 0

  /** Memory of at least `byteLength` bytes, a multiple of 8, with whatever it held before. */
  take(byteLength: number): ArrayBuffer {
    const wanted = (byteLength + 7) & ~7
    if (wanted < minBytes) return new ArrayBuffer(wanted)
    let best = -1
    let bestLength = wanted * 2 + 1
    for (let i = 0; i < this.free.length; i++) {
      const { byteLength: found } = this.free[i] as ArrayBuffer
      if (found < wanted || found >= bestLength) continue
      best = i
      bestLength = found
    }
    if (best < 0) return new ArrayBuffer(wanted)
    this.freeBytes -= bestLength
    const chosen = this.free[best] as ArrayBuffer
    this.free[best] = this.free.at(-1) as ArrayBuffer
    this.free.pop()
    return chosen
  }

  /** Takes memory back that nobody reads or writes any more. */
  give(memory: ArrayBufferLike): void {
    const { byteLength } = memory
    if (byteLength < minBytes || byteLength % 8 !== 0 || this.freeBytes + byteLength > maxFreeBytes || !(memory instanceof ArrayBuffer))
      return
    this.free.push(memory)
    this.freeBytes += byteLength
  }
}
