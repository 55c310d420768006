import { writeVarint, writeZigzag } from "./thrift.ts"

const blockValues = 128
const miniblocks = 4
const miniblockValues = blockValues / miniblocks
/** Smallest delta (a varint of 32 bits), and a bit width for each miniblock. */
const blockHeaderBytes = 5 + miniblocks

/**
 * Encodes integers as Parquet's DELTA_BINARY_PACKED, in blocks of 128 values with 4 miniblocks each.
 * The deltas wrap around at 32 bits, as the format says. Bit widths are rounded up to whole bytes: up to 7 bits a value larger than
 * necessary, and more than twice as fast to write.
 * Source: https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */
export function encodeDeltaBinaryPacked(values: Int32Array): Uint8Array {
  const header: number[] = []
  writeVarint(header, blockValues)
  writeVarint(header, miniblocks)
  writeVarint(header, values.length)
  writeZigzag(header, values[0] ?? 0)

  const blocks = Math.ceil(Math.max(0, values.length - 1) / blockValues)
  const out = new Uint8Array(header.length + blocks * (blockHeaderBytes + blockValues * boundByteWidth(values)))
  out.set(header)
  const deltas = new Int32Array(blockValues)
  let position = header.length
  for (let first = 1; first < values.length; first += blockValues) {
    const count = Math.min(blockValues, values.length - first)
    const smallest = readDeltas(values, first, count, deltas)
    position = writeBlock(out, position, deltas, count, smallest)
  }
  return out.subarray(0, position)
}

/** No delta, less the smallest one, needs more bytes than this: a tight bound, because fresh memory costs more than the pass over the values. */
function boundByteWidth(values: Int32Array): number {
  let smallest = 0x7fffffff
  let largest = -0x80000000
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0
    if (value < smallest) smallest = value
    if (value > largest) largest = value
  }
  const spread = Math.max(0, largest - smallest)
  return toByteWidth(Math.min(2 * spread, 0xffffffff))
}

/** Bytes that hold an unsigned integer of 32 bits; none for 0. */
function toByteWidth(value: number): number {
  return (39 - Math.clz32(value)) >> 3
}

/** Fills `deltas` and returns the smallest one; the space after the last delta is filled with it, so that it packs to zeros. */
function readDeltas(values: Int32Array, first: number, count: number, deltas: Int32Array): number {
  let previous = values[first - 1] ?? 0
  let smallest = 0x7fffffff
  for (let index = 0; index < count; index++) {
    const value = values[first + index] ?? 0
    const delta = (value - previous) | 0
    deltas[index] = delta
    if (delta < smallest) smallest = delta
    previous = value
  }
  deltas.fill(smallest, count)
  return smallest
}

function writeBlock(out: Uint8Array, start: number, deltas: Int32Array, count: number, smallest: number): number {
  let position = writeSmallest(out, start, smallest)
  const widths = position
  position += miniblocks
  for (let first = 0; first < count; first += miniblockValues) {
    let bits = 0
    for (let index = first; index < first + miniblockValues; index++) bits |= (deltas[index] ?? 0) - smallest
    const byteWidth = toByteWidth(bits)
    out[widths + first / miniblockValues] = byteWidth * 8
    if (byteWidth > 0) position = packMiniblock(out, position, deltas, first, smallest, byteWidth)
  }
  return position
}

function writeSmallest(out: Uint8Array, start: number, smallest: number): number {
  let position = start
  let rest = ((smallest << 1) ^ (smallest >> 31)) >>> 0
  while (rest > 127) {
    out[position++] = (rest & 127) | 128
    rest >>>= 7
  }
  out[position++] = rest
  return position
}

function packMiniblock(out: Uint8Array, start: number, deltas: Int32Array, first: number, smallest: number, byteWidth: number): number {
  if (byteWidth === 1) {
    for (let index = 0; index < miniblockValues; index++) out[start + index] = (deltas[first + index] ?? 0) - smallest
    return start + miniblockValues
  }
  let position = start
  for (let index = first; index < first + miniblockValues; index++) {
    const value = (deltas[index] ?? 0) - smallest
    for (let shift = 0; shift < byteWidth * 8; shift += 8) out[position++] = value >>> shift
  }
  return position
}
