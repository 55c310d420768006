import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { LadingError, onFault } from "@lading/core"
import { afterAll, afterEach, describe, expect, it } from "vitest"
import { resource } from "../../../packages/cli/src/index.ts"
import { lading, makeFolder } from "./harness.ts"
import { holdLease, openShop, type Shop } from "./shop.ts"

const root = makeFolder()
afterAll(() => rm(root, { recursive: true, force: true }))
afterEach(() => onFault(undefined))

/** A shop in which a run was stopped at a fault point and left its package behind. */
async function interrupted(
  name: string,
  point: string,
): Promise<{ readonly shop: Shop; readonly loadId: string; readonly folder: string }> {
  const shop = openShop(root, name)
  onFault((reached) => {
    if (reached === point) throw new LadingError({ code: "connection-failed", message: "the network is gone", retryable: true })
  })
  await shop.load(resource("things", [[{ id: 1, parts: [{ n: 1 }] }, { id: 2 }]])).catch(() => undefined)
  onFault(undefined)
  const [pipeline = ""] = readdirSync(join(shop.cwd, ".lading/pipelines"))
  const packages = join(shop.cwd, ".lading/pipelines", pipeline, "packages")
  const [loadId = ""] = readdirSync(packages)
  return { shop, loadId, folder: join(packages, loadId) }
}

const listed = async (shop: Shop) => JSON.parse((await shop.lading("packages", "list", "--json")).stdout).packages

/** The first part file of a package. */
const partOf = (folder: string): string => {
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8").split("\n")[0] ?? "")
  return join(folder, manifest.parts[0].file)
}

describe("lading packages", () => {
  it("says that there are none", async () => {
    const shop = openShop(root, "none")
    const { code, stdout } = await shop.lading("packages", "list")
    expect([code, stdout]).toEqual([0, `no packages in ${join(shop.cwd, ".lading")}\n`])
    const { code: missing, stderr } = await shop.lading("packages", "show", "1.5")
    expect([missing, stderr]).toEqual([1, expect.stringContaining("error package-not-found: there is no package 1.5")])
  })

  it("lists a sealed one with rows and size, without a pipeline file as well, and shows what it would load", async () => {
    const { shop, loadId, folder } = await interrupted("sealed", "publish.before-commit")
    expect(await listed(shop)).toEqual([
      expect.objectContaining({ loadId, state: "sealed", pipeline: "shop", dataset: "shop_data", rows: 3, folder }),
    ])
    const elsewhere = await lading(["packages", "list", "--work-dir", join(shop.cwd, ".lading")], { cwd: root })
    expect(elsewhere.stdout).toMatch(new RegExp(`^package .*\\n${loadId} +sealed +shop +3 +[\\d.]+ k?B +the next run publishes it`))
    const { stdout } = await shop.lading("packages", "show", loadId)
    expect(stdout).toContain("things  2 rows")
    expect(stdout).toContain("things__parts  1 rows")
    expect(stdout).toContain("duckdb shop.duckdb · dataset shop_data")
  })

  it("tells unfinished, corrupt and abandoned ones apart", async () => {
    const { shop, loadId, folder } = await interrupted("states", "publish.before-commit")
    const part = partOf(folder)
    const text = readFileSync(part)
    writeFileSync(part, text.toString("latin1").replace(/[0-9]/, "9"), "latin1")
    expect(await listed(shop)).toMatchObject([{ state: "sealed" }])
    const shown = JSON.parse((await shop.lading("packages", "show", loadId, "--json")).stdout).package
    expect(shown).toMatchObject({ state: "corrupt", problem: expect.stringContaining("was altered after it was sealed") })
    writeFileSync(part, "short")
    expect(await listed(shop)).toMatchObject([{ state: "corrupt", problem: expect.stringContaining("has 5 bytes instead of") }])
    writeFileSync(part, text)
    writeFileSync(join(folder, "aside.json"), "{}")
    expect(await listed(shop)).toMatchObject([{ state: "abandoned" }])
    writeFileSync(join(folder, "manifest.json"), "{}")
    expect(await listed(shop)).toMatchObject([{ state: "corrupt", problem: "its manifest was altered" }])
    await rm(join(folder, "manifest.json"))
    expect(await listed(shop)).toMatchObject([{ state: "unfinished", loadId }])
  })

  it("are dropped only with --yes, and say that the load was not committed", async () => {
    const { shop, loadId, folder } = await interrupted("drop", "publish.before-commit")
    const careful = await shop.lading("packages", "drop", loadId)
    expect([careful.code, existsSync(folder)]).toEqual([2, true])
    expect(careful.stderr).toContain(`this deletes package ${loadId} (sealed, 3 rows`)
    const { code, stdout } = await shop.lading("packages", "drop", loadId, "--yes")
    expect([code, stdout, existsSync(folder)]).toEqual([
      0,
      expect.stringContaining("was not committed; the next run extracts its rows again"),
      false,
    ])
  })

  it("that were committed before their folder was cleared are told as such", async () => {
    const { shop, loadId, folder } = await interrupted("committed", "publish.after-commit")
    const { stdout } = await shop.lading("packages", "drop", loadId, "--yes", "--json")
    expect(JSON.parse(stdout).dropped).toMatchObject({ outcome: "committed" })
    expect(existsSync(folder)).toBe(false)
    const { stdout: rows } = await shop.lading("query", "select count(*) as n from things", "--json")
    expect(JSON.parse(rows).rows).toEqual([{ n: 2 }])
  })

  it("are never dropped while nobody can say what became of them, unless that is asked for", async () => {
    const { shop, loadId, folder } = await interrupted("unknown", "publish.before-commit")
    const workDir = join(shop.cwd, ".lading")
    const alone = await lading(["packages", "drop", loadId, "--yes", "--work-dir", workDir], { cwd: root })
    expect([alone.code, existsSync(folder)]).toEqual([1, true])
    expect(alone.stderr).toContain("error outcome-unknown:")
    const forced = await lading(["packages", "drop", loadId, "--yes", "--force", "--work-dir", workDir], { cwd: root })
    expect([forced.code, existsSync(folder)]).toEqual([0, false])
    expect(forced.stdout).toContain("whether its load was committed is not known")
  })

  it("of a run that is at work are not dropped", async () => {
    const { shop, loadId, folder } = await interrupted("held", "publish.before-commit")
    await holdLease(shop)
    const answer = await shop.lading("packages", "drop", loadId, "--yes")
    expect(answer).toMatchObject({ code: 3, stderr: expect.stringContaining('error fenced: Pipeline "shop" is being run by ') })
    expect(existsSync(folder)).toBe(true)
  })
})
