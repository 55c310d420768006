import fc from "fast-check"
import { expect, test } from "vitest"
import { encodeDeltaBinaryPacked } from "./delta.ts"

test.each([
  { name: "no value", values: [], bytes: [128, 1, 4, 0, 0] },
  { name: "one value", values: [7], bytes: [128, 1, 4, 1, 14] },
  { name: "constant steps take no bits", values: [1, 2, 3, 4, 5], bytes: [128, 1, 4, 5, 2, 2, 0, 0, 0, 0] },
])("encodes $name", ({ values, bytes }) => {
  expect([...encodeDeltaBinaryPacked(Int32Array.from(values))]).toEqual(bytes)
})

test.each([2, 32, 33, 34, 128, 129, 130, 161, 257])("decodes to what was encoded at the edge of %i values", (count) => {
  const values = Int32Array.from({ length: count }, (_, index) => (index * 7919) % 300)
  expect(decode(encodeDeltaBinaryPacked(values))).toEqual([...values])
})

test.each([
  { low: 0, high: 0x7fffffff },
  { low: -0x80000000, high: 0x7fffffff },
  { low: 0, high: 127 },
  { low: 0, high: 128 },
  { low: 0, high: 2 ** 23 },
])("has room for values that jump between $low and $high", ({ low, high }) => {
  const values = Int32Array.from({ length: 300 }, (_, index) => (index % 2 === 0 ? low : high))
  expect(decode(encodeDeltaBinaryPacked(values))).toEqual([...values])
})

test("decodes to what was encoded, for integers of every size", () => {
  const integer = fc.oneof(fc.nat(3), fc.nat(300), fc.nat(70_000), fc.nat(20_000_000), fc.integer())
  fc.assert(
    fc.property(fc.array(integer, { maxLength: 400 }), (values) => {
      expect(decode(encodeDeltaBinaryPacked(Int32Array.from(values)))).toEqual(values)
    }),
  )
})

/** Reads any bit width, bit by bit. */
function decode(bytes: Uint8Array): number[] {
  let position = 0
  const readVarint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[position++] ?? 0
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  const readZigzag = (): bigint => {
    const value = readVarint()
    return value & 1n ? -(value + 1n) / 2n : value / 2n
  }
  const blockValues = Number(readVarint())
  const miniblocks = Number(readVarint())
  const count = Number(readVarint())
  const values = count === 0 ? [] : [readZigzag()]
  while (values.length < count) {
    const smallest = readZigzag()
    const widths = bytes.subarray(position, position + miniblocks)
    position += miniblocks
    for (const width of widths) {
      if (values.length >= count) break
      for (let index = 0; index < blockValues / miniblocks; index++) {
        let delta = 0n
        for (let bit = 0; bit < width; bit++) {
          const at = index * width + bit
          delta |= BigInt(((bytes[position + (at >> 3)] ?? 0) >> (at & 7)) & 1) << BigInt(bit)
        }
        if (values.length < count) values.push(BigInt.asIntN(32, (values.at(-1) ?? 0n) + smallest + delta))
      }
      position += (width * blockValues) / miniblocks / 8
    }
  }
  return values.map(Number)
}
