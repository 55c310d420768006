import type { ByteReader } from "../bytes/reader.ts"

/** Some whole lines of a file. `line` is the number of the first one, from 1. */
export interface LineChunk {
  readonly bytes: Buffer
  readonly line: number
}

const newline = 10

/**
 * Cuts a file into chunks of whole lines of about `chunkBytes`; a longer line makes a longer chunk. Memory: two chunks.
 *
 * The bytes of a chunk stay valid until the second next pull, because two buffers take turns. A consumer may take a buffer away by
 * transferring it to another thread; it is replaced then.
 */
export async function* wholeLines(reader: ByteReader, chunkBytes: number): AsyncGenerator<LineChunk> {
  const buffers: Buffer[] = []
  let carry: Buffer = Buffer.alloc(0)
  let line = 1
  for (let turn = 0, ended = false; !ended; turn = 1 - turn) {
    const filling = await fill(reader, reusable(buffers[turn], Math.max(chunkBytes, carry.length * 2)), carry)
    buffers[turn] = filling.buffer
    ended = filling.ended
    const end = ended ? filling.filled : filling.cut
    carry = Buffer.from(filling.buffer.subarray(end, filling.filled))
    if (end === 0) continue
    const bytes = filling.buffer.subarray(0, end)
    yield { bytes, line }
    line += filling.lines
  }
}

function reusable(buffer: Buffer | undefined, bytes: number): Buffer {
  return buffer !== undefined && buffer.byteLength >= bytes ? buffer : Buffer.from(new ArrayBuffer(bytes))
}

async function fill(reader: ByteReader, first: Buffer, carry: Buffer) {
  let buffer = first
  buffer.set(carry)
  let filled = carry.length
  let cut = 0
  for (;;) {
    if (filled === buffer.length) {
      if (cut > 0) break
      buffer = doubled(buffer)
    }
    const count = await reader.read(buffer, filled)
    if (count === 0) return { buffer, filled, cut, ended: true, lines: 0 }
    const last = buffer.subarray(filled, filled + count).lastIndexOf(newline)
    if (last !== -1) cut = filled + last + 1
    filled += count
  }
  return { buffer, filled, cut, ended: false, lines: countLines(buffer.subarray(0, cut)) }
}

function doubled(buffer: Buffer): Buffer {
  const larger = Buffer.from(new ArrayBuffer(buffer.length * 2))
  larger.set(buffer)
  return larger
}

function countLines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) count++
  return count
}
