import { readFileSync, writeFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { resource } from "../../../packages/cli/src/index.ts"
import { makeFolder } from "./harness.ts"
import { openShop, type Shop } from "./shop.ts"

const root = makeFolder()
afterAll(() => rm(root, { recursive: true, force: true }))

let shop: Shop
beforeAll(async () => {
  shop = openShop(root, "shop")
  await shop.load(resource("orders", { columns: { id: { description: "number of the order" } } }, [[{ id: 1, gone: "x" }]]))
  await shop.load(
    resource("orders", { columns: { id: { description: "number of the order" } } }, [[{ id: 2, note: "tea", items: [{ sku: "a" }] }]]),
  )
})

describe("lading schema", () => {
  it("shows the schema as people edit it, as dlt exports it, and as it is stored", async () => {
    const yaml = (await shop.lading("schema", "show")).stdout
    expect(yaml).toMatch(/^version: \d\n/)
    expect(yaml).toMatch(/^ {2}orders:$/m)
    expect(yaml).toMatch(/^ {8}description: number of the order$/m)
    expect(yaml).not.toContain("_dlt_version")
    expect((await shop.lading("schema", "show", "--format", "dlt")).stdout).toContain("_dlt_version")
    const document = JSON.parse((await shop.lading("schema", "show", "--format", "json")).stdout)
    expect(document).toMatchObject({ name: "shop", tables: { orders: { name: "orders" } } })
    expect(JSON.parse((await shop.lading("schema", "show", "--json")).stdout)).toEqual({ schemas: [document] })
  })

  it("shows what changed with the newest version, and between two", async () => {
    const { stdout } = await shop.lading("schema", "diff")
    expect(stdout).toMatch(/^shop version \d+ → shop version \d+\n/)
    expect(stdout).toContain("  + orders.note text\n")
    expect(stdout).toContain("  + orders__items (new table, 1 column)\n")
    const { before, after, changes } = JSON.parse((await shop.lading("schema", "diff", "--json")).stdout)
    expect([before, after].join()).toMatch(/^shop version \d+,shop version \d+$/)
    expect(changes).toContainEqual({ kind: "column-added", table: "orders", column: "note", after: "text" })
    const [newest = "", older = ""] = [after, before].map((label: string) => label.split(" ").at(-1))
    expect((await shop.lading("schema", "diff", newest, older)).stdout).toContain("  - orders.note\n")
    expect((await shop.lading("schema", "diff", "99")).stderr).toContain("error schema-not-found: schema shop has no stored version 99")
  })

  it("compares what is stored with a file that it exported and somebody edited", async () => {
    const { code, stdout } = await shop.lading("schema", "export", "schemas")
    const path = join(shop.cwd, "schemas/shop.schema.yaml")
    expect([code, stdout]).toEqual([0, `  + ${path}\n`])
    expect((await shop.lading("schema", "diff", "schemas/shop.schema.yaml")).stdout).toContain("\n  no difference\n")
    writeFileSync(path, readFileSync(path, "utf8").replace(/ {6}note:\n( {8}.*\n)+/, ""))
    const { stdout: edited } = await shop.lading("schema", "diff", "schemas/shop.schema.yaml")
    expect(edited.split("\n").slice(1)).toEqual(["  + orders.note text", ""])
    writeFileSync(path, "name: [")
    expect((await shop.lading("schema", "diff", "schemas/shop.schema.yaml")).stderr).toContain("error schema-file-invalid:")
  })

  it("says that nothing is loaded yet, and which schemas there are", async () => {
    const fresh = openShop(root, "fresh")
    await fresh.pipeline.configure({ dataset: "elsewhere" }).run([{ id: 1 }], { table: "t" })
    const { code, stderr } = await fresh.lading("schema", "show")
    expect([code, stderr]).toEqual([1, expect.stringContaining("nothing is loaded yet")])
    expect((await shop.lading("schema", "show", "--schema", "other")).stderr).toContain("do  there are shop")
  })
})
