import { createHash } from "node:crypto"
import { describe, expect, test } from "vitest"
import { createShake128, sha3of256, shake128 } from "./keccak.ts"
import { createScriptState } from "./keccak-permutation.ts"
import { createWasmState } from "./keccak-wasm.ts"

const bytes = (length: number, seed = length) => Uint8Array.from({ length }, (_, i) => (i * 131 + seed) & 255)
const lengths = [0, 1, 3, 4, 5, 7, 8, 9, 16, 40, 63, 64, 135, 136, 137, 143, 144, 166, 167, 168, 169, 200, 271, 272, 335, 336, 337, 1000]
const states = [["WebAssembly", createWasmState()] as const, ["the script", createScriptState()] as const]

describe("keccak", () => {
  test.each(lengths)("sha3of256 of %d bytes is what OpenSSL says", (length) => {
    expect(Buffer.from(sha3of256(bytes(length))).toString("hex")).toBe(createHash("sha3-256").update(bytes(length)).digest("hex"))
  })

  test.each(lengths)("shake128 of %d bytes is what OpenSSL says, for short and for long outputs", (length) => {
    for (const outputBytes of [1, 4, 10, 32, 168, 169, 500]) {
      const expected = createHash("shake128", { outputLength: outputBytes }).update(bytes(length)).digest("hex")
      expect(Buffer.from(shake128(bytes(length), outputBytes)).toString("hex")).toBe(expected)
    }
  })

  test.each(states)("a hasher on %s agrees with OpenSSL for every length up to three blocks", (_, state) => {
    if (state === undefined) throw new Error("this platform has WebAssembly, and yet no state came of it")
    const hasher = createShake128(state)
    const output = new Uint8Array(168)
    for (let length = 0; length <= 505; length++) {
      for (const seed of [length, length * 7 + 1, 255 - length]) {
        const input = bytes(length, seed)
        hasher.digestInto(input, length, output, 0, 168)
        expect(Buffer.from(output).equals(createHash("shake128", { outputLength: 168 }).update(input).digest())).toBe(true)
      }
    }
  })

  test("both states permute alike, round after round", () => {
    const [wasm, script] = [createWasmState(), createScriptState()]
    wasm?.bytes.set(bytes(200))
    script.bytes.set(bytes(200))
    for (let i = 0; i < 1000; i++) {
      wasm?.permute()
      script.permute()
    }
    expect(wasm?.bytes).toEqual(script.bytes)
  })

  test("a platform that refuses to compile WebAssembly gets no state of it", () => {
    const platform = globalThis as { WebAssembly?: unknown }
    const original = platform.WebAssembly
    try {
      const refuses = class {
        constructor() {
          throw new Error("refused by content security policy")
        }
      }
      for (const replacement of [undefined, { Module: refuses, Instance: refuses }]) {
        platform.WebAssembly = replacement
        expect(createWasmState()).toBeUndefined()
      }
    } finally {
      platform.WebAssembly = original
    }
  })

  test("a reused hasher writes only its bytes, and the same as a fresh digest", () => {
    const hasher = createShake128()
    const input = new Uint8Array(400)
    const output = new Uint8Array(20)
    for (const length of [...lengths.filter((value) => value <= 400), ...lengths.filter((value) => value <= 400).reverse()]) {
      input.set(bytes(length))
      output.fill(255)
      hasher.digestInto(input, length, output, 3, 10)
      expect([...output]).toEqual([255, 255, 255, ...shake128(bytes(length), 10), 255, 255, 255, 255, 255, 255, 255])
    }
  })
})
