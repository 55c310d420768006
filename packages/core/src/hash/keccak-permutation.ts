import type { KeccakState } from "./keccak-state.ts"

/** A Keccak state in plain JavaScript, for platforms without WebAssembly. */
export function createScriptState(): KeccakState {
  const bytes = new Uint8Array(200)
  const view = new DataView(bytes.buffer)
  const words = new Int32Array(50)
  return {
    bytes,
    permute() {
      for (let at = 0; at < 200; at += 8) {
        const low = unshuffle(view.getInt32(at, true))
        const high = unshuffle(view.getInt32(at + 4, true))
        words[at >> 2] = (low & 0xffff) | (high << 16)
        words[(at >> 2) + 1] = (low >>> 16) | (high & 0xffff0000)
      }
      permuteWords(words)
      for (let at = 0; at < 200; at += 8) {
        const even = words[at >> 2] ?? 0
        const odd = words[(at >> 2) + 1] ?? 0
        view.setInt32(at, shuffle((even & 0xffff) | (odd << 16)), true)
        view.setInt32(at + 4, shuffle((even >>> 16) | (odd & 0xffff0000)), true)
      }
    },
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

/**
 * The permutation Keccak-f[1600] (FIPS 202, section 3.3) on 25 lanes of 64 bits, each held as two 32-bit words: the even bits of
 * the lane in `state[2 * i]`, the odd bits in `state[2 * i + 1]` ("bit interleaving", Keccak implementation overview, section 2.1).
 * So a rotation of 64 bits is two rotations of 32 bits, which is one machine instruction each. Two arrays in turn are faster in V8
 * than 50 local variables that live across rounds.
 */
function permuteWords(state: Int32Array): void {
  for (let index = 0; index < 48; index += 4) {
    round(state, scratch, roundConstants[index] ?? 0, roundConstants[index + 1] ?? 0)
    round(scratch, state, roundConstants[index + 2] ?? 0, roundConstants[index + 3] ?? 0)
  }
}

/** One round from `source` into `target`, which must be another array. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: 25 lanes written out are what makes it fast
function round(source: Int32Array, target: Int32Array, evenConstant: number, oddConstant: number): void {
  const e0 = source[0] ?? 0
  const o0 = source[1] ?? 0
  const e1 = source[2] ?? 0
  const o1 = source[3] ?? 0
  const e2 = source[4] ?? 0
  const o2 = source[5] ?? 0
  const e3 = source[6] ?? 0
  const o3 = source[7] ?? 0
  const e4 = source[8] ?? 0
  const o4 = source[9] ?? 0
  const e5 = source[10] ?? 0
  const o5 = source[11] ?? 0
  const e6 = source[12] ?? 0
  const o6 = source[13] ?? 0
  const e7 = source[14] ?? 0
  const o7 = source[15] ?? 0
  const e8 = source[16] ?? 0
  const o8 = source[17] ?? 0
  const e9 = source[18] ?? 0
  const o9 = source[19] ?? 0
  const e10 = source[20] ?? 0
  const o10 = source[21] ?? 0
  const e11 = source[22] ?? 0
  const o11 = source[23] ?? 0
  const e12 = source[24] ?? 0
  const o12 = source[25] ?? 0
  const e13 = source[26] ?? 0
  const o13 = source[27] ?? 0
  const e14 = source[28] ?? 0
  const o14 = source[29] ?? 0
  const e15 = source[30] ?? 0
  const o15 = source[31] ?? 0
  const e16 = source[32] ?? 0
  const o16 = source[33] ?? 0
  const e17 = source[34] ?? 0
  const o17 = source[35] ?? 0
  const e18 = source[36] ?? 0
  const o18 = source[37] ?? 0
  const e19 = source[38] ?? 0
  const o19 = source[39] ?? 0
  const e20 = source[40] ?? 0
  const o20 = source[41] ?? 0
  const e21 = source[42] ?? 0
  const o21 = source[43] ?? 0
  const e22 = source[44] ?? 0
  const o22 = source[45] ?? 0
  const e23 = source[46] ?? 0
  const o23 = source[47] ?? 0
  const e24 = source[48] ?? 0
  const o24 = source[49] ?? 0
  const ec0 = e0 ^ e5 ^ e10 ^ e15 ^ e20
  const oc0 = o0 ^ o5 ^ o10 ^ o15 ^ o20
  const ec1 = e1 ^ e6 ^ e11 ^ e16 ^ e21
  const oc1 = o1 ^ o6 ^ o11 ^ o16 ^ o21
  const ec2 = e2 ^ e7 ^ e12 ^ e17 ^ e22
  const oc2 = o2 ^ o7 ^ o12 ^ o17 ^ o22
  const ec3 = e3 ^ e8 ^ e13 ^ e18 ^ e23
  const oc3 = o3 ^ o8 ^ o13 ^ o18 ^ o23
  const ec4 = e4 ^ e9 ^ e14 ^ e19 ^ e24
  const oc4 = o4 ^ o9 ^ o14 ^ o19 ^ o24
  const ed0 = ec4 ^ ((oc1 << 1) | (oc1 >>> 31))
  const od0 = oc4 ^ ec1
  const ed1 = ec0 ^ ((oc2 << 1) | (oc2 >>> 31))
  const od1 = oc0 ^ ec2
  const ed2 = ec1 ^ ((oc3 << 1) | (oc3 >>> 31))
  const od2 = oc1 ^ ec3
  const ed3 = ec2 ^ ((oc4 << 1) | (oc4 >>> 31))
  const od3 = oc2 ^ ec4
  const ed4 = ec3 ^ ((oc0 << 1) | (oc0 >>> 31))
  const od4 = oc3 ^ ec0
  {
    const et0 = e0 ^ ed0
    const ot0 = o0 ^ od0
    const eb0 = et0
    const ob0 = ot0
    const et1 = e6 ^ ed1
    const ot1 = o6 ^ od1
    const eb1 = (et1 << 22) | (et1 >>> 10)
    const ob1 = (ot1 << 22) | (ot1 >>> 10)
    const et2 = e12 ^ ed2
    const ot2 = o12 ^ od2
    const eb2 = (ot2 << 22) | (ot2 >>> 10)
    const ob2 = (et2 << 21) | (et2 >>> 11)
    const et3 = e18 ^ ed3
    const ot3 = o18 ^ od3
    const eb3 = (ot3 << 11) | (ot3 >>> 21)
    const ob3 = (et3 << 10) | (et3 >>> 22)
    const et4 = e24 ^ ed4
    const ot4 = o24 ^ od4
    const eb4 = (et4 << 7) | (et4 >>> 25)
    const ob4 = (ot4 << 7) | (ot4 >>> 25)
    target[0] = eb0 ^ (~eb1 & eb2) ^ evenConstant
    target[1] = ob0 ^ (~ob1 & ob2) ^ oddConstant
    target[2] = eb1 ^ (~eb2 & eb3)
    target[3] = ob1 ^ (~ob2 & ob3)
    target[4] = eb2 ^ (~eb3 & eb4)
    target[5] = ob2 ^ (~ob3 & ob4)
    target[6] = eb3 ^ (~eb4 & eb0)
    target[7] = ob3 ^ (~ob4 & ob0)
    target[8] = eb4 ^ (~eb0 & eb1)
    target[9] = ob4 ^ (~ob0 & ob1)
  }
  {
    const et0 = e3 ^ ed3
    const ot0 = o3 ^ od3
    const eb0 = (et0 << 14) | (et0 >>> 18)
    const ob0 = (ot0 << 14) | (ot0 >>> 18)
    const et1 = e9 ^ ed4
    const ot1 = o9 ^ od4
    const eb1 = (et1 << 10) | (et1 >>> 22)
    const ob1 = (ot1 << 10) | (ot1 >>> 22)
    const et2 = e10 ^ ed0
    const ot2 = o10 ^ od0
    const eb2 = (ot2 << 2) | (ot2 >>> 30)
    const ob2 = (et2 << 1) | (et2 >>> 31)
    const et3 = e16 ^ ed1
    const ot3 = o16 ^ od1
    const eb3 = (ot3 << 23) | (ot3 >>> 9)
    const ob3 = (et3 << 22) | (et3 >>> 10)
    const et4 = e22 ^ ed2
    const ot4 = o22 ^ od2
    const eb4 = (ot4 << 31) | (ot4 >>> 1)
    const ob4 = (et4 << 30) | (et4 >>> 2)
    target[10] = eb0 ^ (~eb1 & eb2)
    target[11] = ob0 ^ (~ob1 & ob2)
    target[12] = eb1 ^ (~eb2 & eb3)
    target[13] = ob1 ^ (~ob2 & ob3)
    target[14] = eb2 ^ (~eb3 & eb4)
    target[15] = ob2 ^ (~ob3 & ob4)
    target[16] = eb3 ^ (~eb4 & eb0)
    target[17] = ob3 ^ (~ob4 & ob0)
    target[18] = eb4 ^ (~eb0 & eb1)
    target[19] = ob4 ^ (~ob0 & ob1)
  }
  {
    const et0 = e1 ^ ed1
    const ot0 = o1 ^ od1
    const eb0 = (ot0 << 1) | (ot0 >>> 31)
    const ob0 = et0
    const et1 = e7 ^ ed2
    const ot1 = o7 ^ od2
    const eb1 = (et1 << 3) | (et1 >>> 29)
    const ob1 = (ot1 << 3) | (ot1 >>> 29)
    const et2 = e13 ^ ed3
    const ot2 = o13 ^ od3
    const eb2 = (ot2 << 13) | (ot2 >>> 19)
    const ob2 = (et2 << 12) | (et2 >>> 20)
    const et3 = e19 ^ ed4
    const ot3 = o19 ^ od4
    const eb3 = (et3 << 4) | (et3 >>> 28)
    const ob3 = (ot3 << 4) | (ot3 >>> 28)
    const et4 = e20 ^ ed0
    const ot4 = o20 ^ od0
    const eb4 = (et4 << 9) | (et4 >>> 23)
    const ob4 = (ot4 << 9) | (ot4 >>> 23)
    target[20] = eb0 ^ (~eb1 & eb2)
    target[21] = ob0 ^ (~ob1 & ob2)
    target[22] = eb1 ^ (~eb2 & eb3)
    target[23] = ob1 ^ (~ob2 & ob3)
    target[24] = eb2 ^ (~eb3 & eb4)
    target[25] = ob2 ^ (~ob3 & ob4)
    target[26] = eb3 ^ (~eb4 & eb0)
    target[27] = ob3 ^ (~ob4 & ob0)
    target[28] = eb4 ^ (~eb0 & eb1)
    target[29] = ob4 ^ (~ob0 & ob1)
  }
  {
    const et0 = e4 ^ ed4
    const ot0 = o4 ^ od4
    const eb0 = (ot0 << 14) | (ot0 >>> 18)
    const ob0 = (et0 << 13) | (et0 >>> 19)
    const et1 = e5 ^ ed0
    const ot1 = o5 ^ od0
    const eb1 = (et1 << 18) | (et1 >>> 14)
    const ob1 = (ot1 << 18) | (ot1 >>> 14)
    const et2 = e11 ^ ed1
    const ot2 = o11 ^ od1
    const eb2 = (et2 << 5) | (et2 >>> 27)
    const ob2 = (ot2 << 5) | (ot2 >>> 27)
    const et3 = e17 ^ ed2
    const ot3 = o17 ^ od2
    const eb3 = (ot3 << 8) | (ot3 >>> 24)
    const ob3 = (et3 << 7) | (et3 >>> 25)
    const et4 = e23 ^ ed3
    const ot4 = o23 ^ od3
    const eb4 = (et4 << 28) | (et4 >>> 4)
    const ob4 = (ot4 << 28) | (ot4 >>> 4)
    target[30] = eb0 ^ (~eb1 & eb2)
    target[31] = ob0 ^ (~ob1 & ob2)
    target[32] = eb1 ^ (~eb2 & eb3)
    target[33] = ob1 ^ (~ob2 & ob3)
    target[34] = eb2 ^ (~eb3 & eb4)
    target[35] = ob2 ^ (~ob3 & ob4)
    target[36] = eb3 ^ (~eb4 & eb0)
    target[37] = ob3 ^ (~ob4 & ob0)
    target[38] = eb4 ^ (~eb0 & eb1)
    target[39] = ob4 ^ (~ob0 & ob1)
  }
  {
    const et0 = e2 ^ ed2
    const ot0 = o2 ^ od2
    const eb0 = (et0 << 31) | (et0 >>> 1)
    const ob0 = (ot0 << 31) | (ot0 >>> 1)
    const et1 = e8 ^ ed3
    const ot1 = o8 ^ od3
    const eb1 = (ot1 << 28) | (ot1 >>> 4)
    const ob1 = (et1 << 27) | (et1 >>> 5)
    const et2 = e14 ^ ed4
    const ot2 = o14 ^ od4
    const eb2 = (ot2 << 20) | (ot2 >>> 12)
    const ob2 = (et2 << 19) | (et2 >>> 13)
    const et3 = e15 ^ ed0
    const ot3 = o15 ^ od0
    const eb3 = (ot3 << 21) | (ot3 >>> 11)
    const ob3 = (et3 << 20) | (et3 >>> 12)
    const et4 = e21 ^ ed1
    const ot4 = o21 ^ od1
    const eb4 = (et4 << 1) | (et4 >>> 31)
    const ob4 = (ot4 << 1) | (ot4 >>> 31)
    target[40] = eb0 ^ (~eb1 & eb2)
    target[41] = ob0 ^ (~ob1 & ob2)
    target[42] = eb1 ^ (~eb2 & eb3)
    target[43] = ob1 ^ (~ob2 & ob3)
    target[44] = eb2 ^ (~eb3 & eb4)
    target[45] = ob2 ^ (~ob3 & ob4)
    target[46] = eb3 ^ (~eb4 & eb0)
    target[47] = ob3 ^ (~ob4 & ob0)
    target[48] = eb4 ^ (~eb0 & eb1)
    target[49] = ob4 ^ (~ob0 & ob1)
  }
}

/** Round constants, even and odd bits of each. */
const roundConstants = Int32Array.of(
  1,
  0,
  0,
  137,
  0,
  -2147483509,
  0,
  -2147450752,
  1,
  139,
  1,
  32768,
  1,
  -2147450744,
  1,
  -2147483518,
  0,
  11,
  0,
  10,
  1,
  32898,
  0,
  32771,
  1,
  32907,
  1,
  -2147483637,
  1,
  -2147483510,
  1,
  -2147483519,
  0,
  -2147483519,
  0,
  -2147483640,
  0,
  131,
  0,
  -2147450877,
  1,
  -2147450744,
  0,
  -2147483512,
  1,
  32768,
  0,
  -2147450750,
)

const scratch = new Int32Array(50)
