import { expect, it } from "vitest"
import { maskAddress } from "./mask.ts"

it.each([
  ["https://u:p@a.example.com/x?api_key=c&page=2#frag", "https://***:***@a.example.com/x?api_key=***&page=2"],
  ["https://a.example.com/x?Access-Token=c&X-Amz-Signature=s", "https://a.example.com/x?Access-Token=***&X-Amz-Signature=***"],
  ["https://a.example.com/x?q=a%20b", "https://a.example.com/x?q=a%20b"],
  ["//u:p@host/x?token=c", "//***@host/x"],
  ["not an address", "not an address"],
])("%s is shown as %s", (address, shown) => {
  expect(maskAddress(address)).toBe(shown)
})
