import { permute } from "./keccak-permutation.ts"

const shake128Rate = 168
const sha3of256Rate = 136
const shakeSuffix = 0x1f
const sha3Suffix = 0x06

/** SHAKE-128 (FIPS 202, section 6.2): the first `outputBytes` bytes of the digest of `input`. */
export function shake128(input: Uint8Array, outputBytes: number): Uint8Array {
  return digest(input, shake128Rate, shakeSuffix, outputBytes)
}

/** SHA3-256 (FIPS 202, section 6.1): the 32 bytes of the digest of `input`. */
export function sha3of256(input: Uint8Array): Uint8Array {
  return digest(input, sha3of256Rate, sha3Suffix, 32)
}

/** A SHAKE-128 hasher that owns its working memory, so that a digest allocates nothing. */
export interface Shake128 {
  /**
   * Writes the first `outputBytes` bytes (at most 168) of the digest of `input[0..inputLength)` to `output` from `outputOffset`.
   * `input` and `output` may be the same array.
   */
  digestInto(input: Uint8Array, inputLength: number, output: Uint8Array, outputOffset: number, outputBytes: number): void
}

/** Creates a hasher for many short inputs, such as row ids. Not to be shared between calls that overlap. */
export function createShake128(): Shake128 {
  const state = new Int32Array(50)
  return {
    digestInto(input, inputLength, output, outputOffset, outputBytes) {
      absorb(state, input, inputLength, shake128Rate, shakeSuffix)
      squeeze(state, output, outputOffset, outputBytes)
    },
  }
}

function digest(input: Uint8Array, rate: number, suffix: number, outputBytes: number): Uint8Array {
  const state = new Int32Array(50)
  const output = new Uint8Array(outputBytes)
  absorb(state, input, input.length, rate, suffix)
  let written = Math.min(rate, outputBytes)
  squeeze(state, output, 0, written)
  while (written < outputBytes) {
    permute(state)
    const count = Math.min(rate, outputBytes - written)
    squeeze(state, output, written, count)
    written += count
  }
  return output
}

function absorb(state: Int32Array, input: Uint8Array, length: number, rate: number, suffix: number): void {
  state.fill(0)
  let position = 0
  for (; length - position >= rate; position += rate) {
    for (let lane = 0; lane < rate / 8; lane++) xorLane(state, lane, word(input, position + lane * 8), word(input, position + lane * 8 + 4))
    permute(state)
  }
  const rest = length - position
  const wholeLanes = rest >> 3
  for (let lane = 0; lane < wholeLanes; lane++) xorLane(state, lane, word(input, position + lane * 8), word(input, position + lane * 8 + 4))
  xorTail(state, wholeLanes, input, position + wholeLanes * 8, rest & 7, suffix)
  // the last bit of the padding is the top bit of the block, an odd bit
  const last = rate / 4 - 1
  state[last] = (state[last] ?? 0) ^ 0x80000000
  permute(state)
}

function xorTail(state: Int32Array, lane: number, input: Uint8Array, position: number, count: number, suffix: number): void {
  let low = 0
  let high = 0
  for (let i = 0; i < count; i++) {
    const byte = input[position + i] ?? 0
    if (i < 4) low |= byte << (i * 8)
    else high |= byte << (i * 8 - 32)
  }
  if (count < 4) low |= suffix << (count * 8)
  else high |= suffix << (count * 8 - 32)
  xorLane(state, lane, low, high)
}

function word(input: Uint8Array, at: number): number {
  return (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8) | ((input[at + 2] ?? 0) << 16) | ((input[at + 3] ?? 0) << 24)
}

function xorLane(state: Int32Array, lane: number, low: number, high: number): void {
  const splitLow = unshuffle(low)
  const splitHigh = unshuffle(high)
  const even = (splitLow & 0xffff) | (splitHigh << 16)
  const odd = (splitLow >>> 16) | (splitHigh & 0xffff0000)
  state[lane * 2] = (state[lane * 2] ?? 0) ^ even
  state[lane * 2 + 1] = (state[lane * 2 + 1] ?? 0) ^ odd
}

function squeeze(state: Int32Array, output: Uint8Array, offset: number, count: number): void {
  for (let position = 0; position < count; position += 8) {
    const even = state[position >> 2] ?? 0
    const odd = state[(position >> 2) + 1] ?? 0
    const low = shuffle((even & 0xffff) | (odd << 16))
    const high = shuffle((even >>> 16) | (odd & 0xffff0000))
    const end = Math.min(8, count - position)
    for (let i = 0; i < end; i++) output[offset + position + i] = i < 4 ? low >>> (i * 8) : high >>> (i * 8 - 32)
  }
}

/** Even bits to the lower half, odd bits to the upper half (Hacker's Delight, section 7-2). */
function unshuffle(value: number): number {
  let x = value
  let swap = (x ^ (x >>> 1)) & 0x22222222
  x = x ^ swap ^ (swap << 1)
  swap = (x ^ (x >>> 2)) & 0x0c0c0c0c
  x = x ^ swap ^ (swap << 2)
  swap = (x ^ (x >>> 4)) & 0x00f000f0
  x = x ^ swap ^ (swap << 4)
  swap = (x ^ (x >>> 8)) & 0x0000ff00
  return x ^ swap ^ (swap << 8)
}

/** The inverse of `unshuffle`. */
function shuffle(value: number): number {
  let x = value
  let swap = (x ^ (x >>> 8)) & 0x0000ff00
  x = x ^ swap ^ (swap << 8)
  swap = (x ^ (x >>> 4)) & 0x00f000f0
  x = x ^ swap ^ (swap << 4)
  swap = (x ^ (x >>> 2)) & 0x0c0c0c0c
  x = x ^ swap ^ (swap << 2)
  swap = (x ^ (x >>> 1)) & 0x22222222
  return x ^ swap ^ (swap << 1)
}
