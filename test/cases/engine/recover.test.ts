import { appendFileSync, cpSync, existsSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { onFault } from "@lading/core"
import { duckdb } from "@lading/destination-duckdb"
import { type PipelineOptions, pipeline, resource } from "@lading/engine"
import { afterEach, describe, expect, it } from "vitest"
import { readDatabase } from "../support/read-database.ts"
import { makeFolder } from "../support/target.ts"

afterEach(() => onFault(undefined))

const crash = "the process is gone"

/** A pipeline with a cursor, and its work folder as it would be after a crash. */
function setUp() {
  const folder = makeFolder()
  const workDir = join(folder, "work")
  const database = join(folder, "target.duckdb")
  const create = (options: Partial<PipelineOptions> = {}) =>
    pipeline({ name: "case", destination: duckdb(database), dataset: "data", workDir, ...options })
  const rows = (...ids: number[]) => resource("t", { primaryKey: "id", incremental: { cursor: "id" } }, [ids.map((id) => ({ id }))])
  const packages = (): string => join(workDir, "pipelines", readdirSync(join(workDir, "pipelines"))[0] ?? "", "packages")
  const copy = join(folder, "copy")
  /** Brings the packages of the crash back. */
  const restore = (): void => {
    rmSync(packages(), { recursive: true, force: true })
    cpSync(copy, packages(), { recursive: true })
  }
  return {
    create,
    rows,
    pending: (): string[] => readdirSync(packages()).sort(),
    packages,
    ids: async () => (await readDatabase(database, "select id from t order by id")).map(({ id }) => id),
    loads: async () => (await readDatabase(database, "select load_id from _dlt_loads")).length,
    /** Loads rows up to a point, and leaves the work folder as it was there. */
    crashAt: async (point: string, ...ids: number[]): Promise<void> => {
      onFault((reached) => {
        if (reached !== point) return
        rmSync(copy, { recursive: true, force: true })
        cpSync(packages(), copy, { recursive: true })
        onFault(undefined)
        throw new Error(crash)
      })
      await expect(create().run(rows(...ids))).rejects.toThrow(crash)
      onFault(undefined)
      restore()
    },
    restore,
    clear: (): void => rmSync(packages(), { recursive: true, force: true }),
  }
}

describe("a package that an earlier run left behind", () => {
  it("without a seal is discarded", async () => {
    const { create, rows, crashAt, pending, ids } = setUp()
    await create().run(rows(1))
    await crashAt("package.before-manifest", 1, 2)
    expect(pending()).toHaveLength(1)
    expect((await create().recover()).recovered).toMatchObject([{ outcome: "discarded", rows: 0 }])
    expect([pending(), await ids()]).toEqual([[], [1]])
  })

  it("that continues the current state is committed", async () => {
    const { create, rows, crashAt, pending, ids } = setUp()
    await create().run(rows(1))
    await crashAt("package.after-manifest", 1, 2)
    expect((await create().recover()).recovered).toMatchObject([{ outcome: "committed", rows: 1 }])
    expect([pending(), await ids()]).toEqual([[], [1, 2]])
  })

  it("that was committed is only cleared away", async () => {
    const { create, rows, crashAt, pending, ids, loads } = setUp()
    await create().run(rows(1))
    await crashAt("publish.after-commit", 1, 2)
    expect((await create().recover()).recovered).toMatchObject([{ outcome: "already-committed", rows: 1 }])
    expect([pending(), await ids(), await loads()]).toEqual([[], [1, 2], 2])
  })

  it("whose state has moved on is set aside once, and its rows are extracted again", async () => {
    const { create, rows, crashAt, pending, ids, restore, clear } = setUp()
    await create().run(rows(1))
    await crashAt("package.after-manifest", 1, 2)
    clear()
    await create().run(rows(1, 3))
    restore()
    const receipt = await create().recover()
    expect(receipt.recovered).toMatchObject([{ outcome: "stale", rows: 1 }])
    expect(receipt.warnings.join()).toContain("was set aside")
    expect((await create().recover()).recovered).toEqual([])
    expect([pending().length, await ids()]).toEqual([1, [1, 3]])
  })

  it("whose state has moved on stops a strict pipeline, and stays as it is", async () => {
    const { create, rows, crashAt, packages, pending, ids, restore, clear } = setUp()
    await create().run(rows(1))
    await crashAt("package.after-manifest", 1, 2)
    clear()
    await create().run(rows(1, 3))
    restore()
    for (let time = 0; time < 2; time++) {
      await expect(create({ strict: true }).recover()).rejects.toMatchObject({ code: "stale-package" })
    }
    expect(existsSync(join(packages(), pending()[0] ?? "", "stale.json"))).toBe(false)
    expect(await ids()).toEqual([1, 3])
  })

  it("with a damaged part is set aside, says which part, and stands in nobody's way", async () => {
    const { create, rows, crashAt, packages, pending, ids } = setUp()
    await create().run(rows(1))
    await crashAt("package.after-manifest", 1, 2)
    const parts = join(packages(), pending()[0] ?? "", "parts", "t0001")
    appendFileSync(join(parts, readdirSync(parts)[0] ?? ""), "x")
    const receipt = await create().run(rows(1, 2))
    expect(receipt.recovered).toMatchObject([{ outcome: "refused", reason: expect.stringMatching(/^damaged-package: .*t0001/) }])
    expect(receipt.warnings.join()).toContain("was set aside: damaged-package")
    expect(await ids()).toEqual([1, 2])
    expect((await create().run(rows(1, 2))).recovered).toEqual([])
  })

  it("is one of several: they are healed in the order of their loads", async () => {
    const { create, rows, crashAt, pending, ids, packages } = setUp()
    await create().run(rows(1))
    await crashAt("package.before-manifest", 1, 2)
    const [torn = ""] = pending()
    const kept = join(packages(), "..", "kept")
    cpSync(join(packages(), torn), kept, { recursive: true })
    await crashAt("package.after-manifest", 1, 2, 3)
    cpSync(kept, join(packages(), torn), { recursive: true })
    expect((await create().recover()).recovered).toMatchObject([{ outcome: "discarded" }, { outcome: "committed", rows: 2 }])
    expect([pending(), await ids()]).toEqual([[], [1, 2, 3]])
  })
})

describe("recovery", () => {
  it.each([
    ["recover.after-discard"],
    ["publish.before-begin"],
    ["publish.after-stage"],
    ["publish.before-commit"],
    ["publish.after-commit"],
    ["publish.after-archive"],
  ])("that is stopped at %s gives the same when it runs again", async (point) => {
    const { create, rows, crashAt, pending, ids, loads } = setUp()
    await create().run(rows(1))
    await crashAt("package.after-manifest", 1, 2)
    let reached = false
    onFault((name) => {
      if (name !== point || reached) return
      reached = true
      throw new Error(crash)
    })
    await expect(create().recover()).rejects.toThrow(crash)
    expect(reached).toBe(true)
    await create().recover()
    expect([pending(), await ids(), await loads()]).toEqual([[], [1, 2], 2])
    expect((await create().recover()).recovered).toEqual([])
  })

  it("of a package that comes back after it was committed loads nothing twice", async () => {
    const { create, rows, crashAt, ids, loads, restore } = setUp()
    await create().run(rows(1))
    await crashAt("package.after-manifest", 1, 2)
    const outcomes: string[] = []
    for (let time = 0; time < 3; time++) {
      restore()
      outcomes.push(...(await create().recover()).recovered.map(({ outcome }) => outcome))
    }
    expect(outcomes).toEqual(["committed", "already-committed", "already-committed"])
    expect([await ids(), await loads()]).toEqual([[1, 2], 2])
  })
})
