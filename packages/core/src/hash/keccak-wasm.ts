import type { KeccakState } from "./keccak-state.ts"

const lanes = Array.from({ length: 25 }, (_, lane) => lane)
const columns = [0, 1, 2, 3, 4]
const roundCount = 24
/** Where the round constants lie in the module's memory, behind the state. */
const constantsOffset = 256

/** Instructions of the WebAssembly binary format (core specification 1.0, section 5.4) that the permutation needs. */
const loop = [0x03, 0x40]
const branchIf = [0x0d, 0x00]
const end = [0x0b]
const lessThan = [0x49]
const add = [0x6a]
const shiftLeft = [0x74]
const and = [0x83]
const xor = [0x85]
const rotateLeft = [0x89]
const get = (local: number): number[] => [0x20, local]
const set = (local: number): number[] => [0x21, local]
const load = (offset: number): number[] => [0x29, 3, ...leb128(offset)]
const store = (offset: number): number[] => [0x37, 3, ...leb128(offset)]
/** Constants from 0 to 63, which take one byte. */
const small = (value: number): number[] => [0x42, value]
const smallInt32 = (value: number): number[] => [0x41, value]
const minusOne = [0x42, 0x7f]

/** The locals of the function: the lanes, the lanes of the next round, the parities of the columns, a mask, the round. */
const lane = (index: number): number => index
const moved = (index: number): number => 25 + index
const parity = (x: number): number => 50 + (x % 5)
const mask = 55
const round = 56
const int64Locals = 56

/**
 * A Keccak state in the memory of a WebAssembly module, whose instructions have the 64-bit rotations that JavaScript lacks: some
 * seven times as fast as the script. The module is assembled here, so that it can be read. Undefined where the platform has no
 * WebAssembly or forbids to compile it.
 */
export function createWasmState(): KeccakState | undefined {
  const { WebAssembly } = globalThis as { readonly WebAssembly?: Platform }
  if (WebAssembly === undefined) return undefined
  try {
    const { memory, permute } = new WebAssembly.Instance(new WebAssembly.Module(assemble())).exports
    const constants = new DataView(memory.buffer, constantsOffset)
    for (const [index, constant] of roundConstants().entries()) constants.setBigUint64(index * 8, constant, true)
    return { bytes: new Uint8Array(memory.buffer, 0, 200), permute }
  } catch {
    return undefined
  }
}

/** The part of the WebAssembly interface that is used here. */
interface Platform {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; permute(): void } }
}

/** The module: one memory, and one function without arguments that permutes the lanes at its beginning. */
function assemble(): Uint8Array {
  const body = [
    ...vector([
      [int64Locals, 0x7e],
      [1, 0x7f],
    ]),
    ...permutation(),
    ...end,
  ]
  const sections = [
    section(1, [[0x60, 0, 0]]),
    section(3, [[0]]),
    section(5, [[0, 1]]),
    section(7, [
      [...text("memory"), 2, 0],
      [...text("permute"), 0, 0],
    ]),
    section(10, [[...leb128(body.length), ...body]]),
  ]
  return Uint8Array.of(...text("\0asm").slice(1), 1, 0, 0, 0, ...sections.flat())
}

/** Keccak-f[1600] (FIPS 202, section 3.3) from the memory through the locals to the memory. */
function permutation(): number[] {
  return [
    ...lanes.flatMap((i) => [...smallInt32(0), ...load(i * 8), ...set(lane(i))]),
    ...loop,
    ...thetaRhoPi(),
    ...chi(),
    // iota
    ...[...get(round), ...smallInt32(3), ...shiftLeft, ...load(constantsOffset), ...get(lane(0)), ...xor, ...set(lane(0))],
    ...[...get(round), ...smallInt32(1), ...add, 0x22, round, ...smallInt32(roundCount), ...lessThan, ...branchIf],
    ...end,
    ...lanes.flatMap((i) => [...smallInt32(0), ...get(lane(i)), ...store(i * 8)]),
  ]
}

function thetaRhoPi(): number[] {
  const offsets = rotations()
  const parities = columns.flatMap((x) => [
    ...get(lane(x)),
    ...[5, 10, 15, 20].flatMap((row) => [...get(lane(x + row)), ...xor]),
    ...set(parity(x)),
  ])
  const moves = columns.flatMap((x) => [
    ...[...get(parity(x + 4)), ...get(parity(x + 1)), ...small(1), ...rotateLeft, ...xor, ...set(mask)],
    ...columns.flatMap((y) => {
      const rotated = [...get(lane(x + 5 * y)), ...get(mask), ...xor, ...small(offsets[x + 5 * y] ?? 0), ...rotateLeft]
      return [...rotated, ...set(moved(y + 5 * ((2 * x + 3 * y) % 5)))]
    }),
  ])
  return [...parities, ...moves]
}

function chi(): number[] {
  return lanes.flatMap((i) => {
    const row = i - (i % 5)
    const right = moved(row + ((i + 1) % 5))
    const second = moved(row + ((i + 2) % 5))
    return [...get(right), ...minusOne, ...xor, ...get(second), ...and, ...get(moved(i)), ...xor, ...set(lane(i))]
  })
}

/** How far rho rotates each lane (FIPS 202, algorithm 2). */
function rotations(): number[] {
  const offsets = lanes.map(() => 0)
  let x = 1
  let y = 0
  for (let t = 0; t < 24; t++) {
    offsets[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64
    const next = (2 * x + 3 * y) % 5
    x = y
    y = next
  }
  return offsets
}

/** The constants of iota, from a linear feedback shift register (FIPS 202, algorithms 5 and 6). */
function roundConstants(): bigint[] {
  let register = 1
  return Array.from({ length: roundCount }, () => {
    let constant = 0n
    for (let j = 0; j < 7; j++) {
      if (register & 1) constant |= 1n << (2n ** BigInt(j) - 1n)
      register = (register << 1) ^ ((register >> 7) * 0x171)
    }
    return constant
  })
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const content = vector(items)
  return [id, ...leb128(content.length), ...content]
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...leb128(items.length), ...items.flat()]
}

/** A name: its length, then its characters. */
function text(name: string): number[] {
  return [name.length, ...Array.from(name, (letter) => letter.charCodeAt(0))]
}

/** An integer from 0 on, seven bits a byte. */
function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >> 7)]
}
