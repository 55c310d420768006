import { rm } from "node:fs/promises"
import { afterAll, describe, expect, it } from "vitest"
import { resource } from "../../../packages/cli/src/index.ts"
import { makeFolder } from "./harness.ts"
import { openShop, orders } from "./shop.ts"

const root = makeFolder()
afterAll(() => rm(root, { recursive: true, force: true }))

describe("lading state", () => {
  it("says that nothing is remembered yet", async () => {
    const shop = openShop(root, "fresh")
    await shop.load(resource("first", [[{ id: 1 }]]), { name: "other" })
    const { code, stdout } = await shop.lading("state")
    expect([code, stdout]).toEqual([0, "shop → duckdb shop.duckdb · dataset shop_data\n  no state yet: lading run\n"])
  })

  it("shows cursors and what resources keep themselves, for people and for machines", async () => {
    const shop = openShop(root, "used")
    const counting = resource("counting", { incremental: { cursor: "n" } }, async function* ({ state }) {
      state.pages = { seen: [1, 2] }
      yield [{ n: 7 }, { n: 9 }]
    })
    await shop.load([orders, counting])
    const { stdout } = await shop.lading("state")
    expect(stdout).toMatch(/^ {2}state {2}version \d, committed at \d{4}-/m)
    expect(stdout).toContain("  orders  schema shop\n    cursor at: continues from 2026-01-02T00:00:00Z, 1 row known there")
    expect(stdout).toContain('  counting  schema shop\n    cursor n: continues from 9, 1 row known there\n    pages: {"seen":[1,2]}')
    const { states } = JSON.parse((await shop.lading("state", "--json")).stdout)
    expect(states).toMatchObject([{ pipeline: "shop", document: { pipeline_name: "shop" } }])
    expect(states[0].resources).toEqual([
      { schema: "shop", resource: "orders", cursors: [{ path: "at", last: "2026-01-02T00:00:00Z", boundaryRows: 1 }], own: {} },
      { schema: "shop", resource: "counting", cursors: [{ path: "n", last: 9, boundaryRows: 1 }], own: { pages: { seen: [1, 2] } } },
    ])
  })
})
