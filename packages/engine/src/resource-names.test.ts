import { describe, expect, it } from "vitest"
import { resource, source } from "./resource.ts"

const shop = source("shop", [resource("users", []), resource("orders", []), resource("order_items", [])])

describe("the selection of resources", () => {
  it("replaces the selection before it, and leaves the source as it is", () => {
    const one = shop.withResources("users")
    expect(one.selected).toEqual(["users"])
    expect(one.withResources("orders", "users").selected).toEqual(["orders", "users"])
    expect(shop.selected).toBeUndefined()
  })

  it("may be made from the source of a source package", () => {
    const plain = { kind: "source", name: "api", resources: shop.resources } as const
    expect(source(plain).withResources("orders")).toMatchObject({ ...plain, selected: ["orders"] })
  })

  it.each([
    ["order", 'there is no resource "order"; did you mean orders?'],
    ["Users", 'there is no resource "Users"; did you mean users?'],
    ["uesrs", 'there is no resource "uesrs"; did you mean users?'],
    ["payments", 'there is no resource "payments"'],
  ])("refuses %s, names what there is and what may have been meant", (name, message) => {
    expect(() => shop.withResources("users", name)).toThrow(
      expect.objectContaining({ code: "unknown-resource", message, hint: "the resources are users, orders, order_items" }),
    )
  })
})
