import { type KeccakState, sharedState } from "./keccak-state.ts"

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

/** A SHAKE-128 hasher for many short inputs, whose digests allocate nothing. */
export interface Shake128 {
  /**
   * Writes the first `outputBytes` bytes (at most 168) of the digest of `input[0..inputLength)` to `output` from `outputOffset`.
   * `input` and `output` may be the same array.
   */
  digestInto(input: Uint8Array, inputLength: number, output: Uint8Array, outputOffset: number, outputBytes: number): void
}

/** Creates a hasher for many short inputs, such as row ids; `state` is scratch memory between calls. */
export function createShake128(state: KeccakState = sharedState()): Shake128 {
  return {
    digestInto(input, inputLength, output, outputOffset, outputBytes) {
      absorb(state, input, inputLength, shake128Rate, shakeSuffix)
      squeeze(state, output, outputOffset, outputBytes)
    },
  }
}

function digest(input: Uint8Array, rate: number, suffix: number, outputBytes: number): Uint8Array {
  const state = sharedState()
  const output = new Uint8Array(outputBytes)
  absorb(state, input, input.length, rate, suffix)
  let written = Math.min(rate, outputBytes)
  squeeze(state, output, 0, written)
  while (written < outputBytes) {
    state.permute()
    const count = Math.min(rate, outputBytes - written)
    squeeze(state, output, written, count)
    written += count
  }
  return output
}

function absorb(state: KeccakState, input: Uint8Array, length: number, rate: number, suffix: number): void {
  const { bytes } = state
  bytes.fill(0)
  let block = 0
  for (; length - block >= rate; block += rate) {
    for (let i = 0; i < rate; i++) bytes[i] = (bytes[i] as number) ^ (input[block + i] as number)
    state.permute()
  }
  const rest = length - block
  for (let i = 0; i < rest; i++) bytes[i] = (bytes[i] as number) ^ (input[block + i] as number)
  bytes[rest] = (bytes[rest] as number) ^ suffix
  bytes[rate - 1] = (bytes[rate - 1] as number) ^ 0x80
  state.permute()
}

function squeeze(state: KeccakState, output: Uint8Array, offset: number, count: number): void {
  const { bytes } = state
  for (let i = 0; i < count; i++) output[offset + i] = bytes[i] as number
}
