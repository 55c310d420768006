import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { resource } from "../../../packages/cli/src/index.ts"
import dbtPlugin from "../../../transformers/dbt/src/index.ts"
import { makeFolder } from "./harness.ts"
import { openShop, type Shop } from "./shop.ts"

const root = makeFolder()
afterAll(() => rm(root, { recursive: true, force: true }))

const pluginKey = "ladingTestDbt"
Object.assign(globalThis, { [pluginKey]: dbtPlugin })

/** Installs the transformer in the project of a shop. */
function install({ cwd }: Shop): void {
  const files = {
    "node_modules/@lading/transformer-dbt/package.json": JSON.stringify({
      ...{ name: "@lading/transformer-dbt", version: "1.0.0", type: "module", exports: "./index.js" },
      lading: { kind: "transformer", name: "dbt", spec: 1 },
    }),
    "node_modules/@lading/transformer-dbt/index.js": `export default globalThis.${pluginKey}\n`,
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true })
    writeFileSync(join(cwd, name), text)
  }
}

const players = (row: object) =>
  resource("players", { primaryKey: "id", writeDisposition: "merge", columns: { name: { description: "as people call them" } } }, [[row]])

describe("lading dbt", () => {
  it("refuses variables that are no JSON object, before anything is loaded", async () => {
    const { code, stderr } = await openShop(root, "vars").lading("dbt", "run", "--vars", "a=1")
    expect([code, stderr]).toEqual([2, expect.stringContaining("It must be a JSON object")])
  })

  it("looks for the project in the folder dbt, or where the configuration and the command line say", async () => {
    const shop = openShop(root, "project")
    install(shop)
    const places: string[] = []
    const look = async (...argv: readonly string[]) => places.push((await shop.lading("dbt", "run", ...argv)).stderr.split("\n")[0] ?? "")
    await look()
    mkdirSync(join(shop.cwd, ".lading"), { recursive: true })
    writeFileSync(join(shop.cwd, ".lading/config.toml"), '[transformers.dbt]\nproject = "configured"\n')
    await look()
    await look("--project", "given")
    for (const [i, name] of ["dbt", "configured", "given"].entries()) {
      expect(places[i]).toMatch(/^error dbt-project-missing: /)
      expect(places[i]).toContain(`/${name}`)
    }
  })

  it("generate writes sources and staging models, and generated again leaves people's edits alone", async () => {
    const shop = openShop(root, "generate")
    install(shop)
    expect((await shop.lading("dbt", "generate")).stderr).toMatch(/^error dataset-missing: /)
    await shop.load(players({ id: 1, name: "ana" }))
    const first = await shop.lading("dbt", "generate")
    expect([first.code, first.stdout]).toEqual([
      0,
      "  + dbt_project.yml\n  + models/staging/shop/sources.yml\n  + models/staging/shop/stg_shop__players.sql\n",
    ])
    const sources = join(shop.cwd, "dbt/models/staging/shop/sources.yml")
    for (const word of ["as people call them", "freshness", "unique", "not_null"]) expect(readFileSync(sources, "utf8")).toContain(word)
    const model = join(shop.cwd, "dbt/models/staging/shop/stg_shop__players.sql")
    writeFileSync(model, `${readFileSync(model, "utf8")}-- mine\n`)
    await shop.load(players({ id: 2, name: "bo", city: "Lyon" }))
    const again = await shop.lading("dbt", "generate", "--json")
    expect(JSON.parse(again.stdout).files).toEqual([
      { path: "dbt_project.yml", action: "unchanged" },
      { path: "models/staging/shop/sources.yml", action: "updated" },
      { path: "models/staging/shop/stg_shop__players.sql", action: "kept" },
    ])
    expect(readFileSync(model, "utf8")).toMatch(/-- mine\n$/)
    expect(readFileSync(sources, "utf8")).toContain("city")
    expect((await shop.lading("dbt", "generate")).stdout).toContain("stg_shop__players.sql  kept: it was changed by hand")
    await shop.lading("dbt", "generate", "--project", "other", "--exclude", "players")
    expect(existsSync(join(shop.cwd, "other/models/staging/shop/stg_shop__players.sql"))).toBe(false)
  })
})
