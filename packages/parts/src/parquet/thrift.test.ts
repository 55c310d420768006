import { expect, test } from "vitest"
import { bool, encodeThrift, i32, i64, list, struct, text } from "./thrift.ts"

test.each([
  { name: "positive integers by zigzag", value: struct([1, i32(300)]), bytes: [0x15, 0xd8, 0x04, 0] },
  { name: "negative integers by zigzag", value: struct([1, i32(-1)]), bytes: [0x15, 1, 0] },
  { name: "integers beyond 32 bits", value: struct([1, i64(2 ** 40)]), bytes: [0x16, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0] },
  { name: "booleans in the field header", value: struct([1, bool(true)], [2, bool(false)]), bytes: [0x11, 0x12, 0] },
  { name: "strings with their length in bytes", value: struct([4, text("é")]), bytes: [0x48, 2, 0xc3, 0xa9, 0] },
  { name: "gaps between field ids", value: struct([2, i32(0)], [3, undefined], [10, struct()]), bytes: [0x25, 0, 0x8c, 0, 0] },
  { name: "short lists", value: struct([1, list("i32", [i32(1), i32(2)])]), bytes: [0x19, 0x25, 2, 4, 0] },
  {
    name: "long lists",
    value: list(
      "i32",
      Array.from({ length: 15 }, () => i32(0)),
    ),
    bytes: [0xf5, 15, ...Array.from({ length: 15 }, () => 0)],
  },
  { name: "lists of booleans", value: list("bool", [bool(true), bool(false)]), bytes: [0x21, 1, 2] },
])("encodes $name", ({ value, bytes }) => {
  expect([...encodeThrift(value)]).toEqual(bytes)
})
