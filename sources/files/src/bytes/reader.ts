/** Pulls bytes into the caller's buffer, so that the common path copies nothing. */
export interface ByteReader {
  /** Fills `target` from `offset` on; resolves to the number of bytes written, 0 at the end. `target` must have room. */
  read(target: Uint8Array, offset: number): Promise<number>
  close(): Promise<void>
}

/** A reader over chunks of any size. */
export function readChunks(chunks: AsyncIterator<Uint8Array>, close: () => Promise<void>): ByteReader {
  let rest: Uint8Array = new Uint8Array(0)
  return {
    read: async (target, offset) => {
      while (rest.length === 0) {
        const next = await chunks.next()
        if (next.done === true) return 0
        rest = next.value
      }
      const count = Math.min(rest.length, target.length - offset)
      target.set(rest.subarray(0, count), offset)
      rest = rest.subarray(count)
      return count
    },
    close,
  }
}

/** All bytes as blocks of at most `blockBytes`, each in a buffer of its own. */
export async function* readBlocks(reader: ByteReader, blockBytes: number): AsyncGenerator<Buffer> {
  for (;;) {
    const block = Buffer.allocUnsafe(blockBytes)
    const count = await reader.read(block, 0)
    if (count === 0) return
    yield block.subarray(0, count)
  }
}
