import { createScriptState } from "./keccak-permutation.ts"
import { createWasmState } from "./keccak-wasm.ts"

/** The 1600 bits that Keccak works on. */
export interface KeccakState {
  /** The 25 lanes, 8 bytes each, little-endian (FIPS 202, section 3.1.2). */
  readonly bytes: Uint8Array
  /** Applies Keccak-f[1600] to the bytes, in place. */
  permute(): void
}

let shared: KeccakState | undefined

/** The one state of the module, made at first use: digests are synchronous, so no two of them overlap. */
export function sharedState(): KeccakState {
  shared ??= createWasmState() ?? createScriptState()
  return shared
}
