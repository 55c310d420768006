import { resource, source, transformer } from "@lading/engine"
import { describe, expect, it } from "vitest"
import { createTarget } from "../support/target.ts"

/** A source of two incremental resources and one that the first feeds; a run later it has one row more of each. */
function shop(rows: number) {
  const ids = Array.from({ length: rows }, (_, i) => ({ id: i + 1 }))
  const hints = { primaryKey: "id", incremental: { cursor: "id" } } as const
  const users = resource("users", hints, () => [...ids])
  const orders = resource("orders", hints, () => [...ids])
  const names = transformer("names", { from: users }, ({ id }) => ({ name: `user ${id}` }))
  return source("shop", [users, orders, names])
}

describe("a selection of resources", () => {
  it("loads what is selected, and leaves tables and state of the others as they are", async () => {
    const { pipeline, read } = createTarget()
    await pipeline.run(shop(2))
    const some = await pipeline.run(shop(3).withResources("orders"))
    expect(Object.keys(some.tables)).toEqual(["orders"])
    expect(some.tables["orders"]).toMatchObject({ extracted: 3, loaded: 1 })
    expect(some.cursors).toEqual({ orders: 3 })
    const rest = await pipeline.run(shop(3))
    expect(rest.tables["users"]).toMatchObject({ extracted: 3, filtered: 1, deduplicated: 1, loaded: 1 })
    expect(rest.tables["orders"]).toMatchObject({ extracted: 3, loaded: 0 })
    expect(await read("select count(*)::int as n from names")).toEqual([{ n: 3 }])
  })

  it("extracts a parent that is not selected for the transformer that is", async () => {
    const { pipeline } = createTarget()
    const receipt = await pipeline.run(shop(2).withResources("names"))
    expect(Object.keys(receipt.tables)).toEqual(["names"])
    expect(receipt.cursors).toEqual({ users: 2 })
  })

  it("may be made by the run, in place of what the sources select", async () => {
    const { pipeline } = createTarget()
    const receipt = await pipeline.run(shop(2).withResources("users"), { resources: ["orders"] })
    expect(Object.keys(receipt.tables)).toEqual(["orders"])
  })

  it("does not change the schema under which a run of several sources keeps its state", async () => {
    const { pipeline } = createTarget()
    const data = [shop(2), source("other", [resource("things", [{ id: 1 }])])]
    await pipeline.run(data)
    const receipt = await pipeline.run(data, { resources: ["orders", "users"] })
    expect(receipt.status).toBe("nothing-to-load")
    expect(receipt.tables["orders"]).toMatchObject({ filtered: 1, deduplicated: 1, loaded: 0 })
  })

  it("is refused before anything is read when a name is unknown", async () => {
    const { pipeline } = createTarget()
    await expect(pipeline.run(shop(1), { resources: ["order"] })).rejects.toMatchObject({
      code: "unknown-resource",
      message: 'there is no resource "order"; did you mean orders?',
      hint: "the resources are users, orders, names",
    })
    await expect(pipeline.run([{ id: 1 }], { table: "t", resources: ["u"] })).rejects.toMatchObject({ code: "unknown-resource" })
  })
})
