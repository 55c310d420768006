import { mkdirSync, writeFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { duckdb } from "../../../destinations/duckdb/src/index.ts"
import { LadingError, type PipelineOptions, pipeline, type RunData, resource } from "../../../packages/cli/src/index.ts"
import { type Circumstances, lading, makeFolder } from "./harness.ts"

const root = makeFolder()
afterAll(() => rm(root, { recursive: true, force: true }))

let count = 0
/** A folder with a pipeline file whose default export is given, as if it had been imported. */
function project(...exported: readonly unknown[]): Circumstances {
  const cwd = join(root, `project-${++count}`)
  mkdirSync(cwd)
  writeFileSync(join(cwd, "pipeline.ts"), "")
  return { cwd, module: { default: exported.length === 1 ? exported[0] : exported } }
}

function shop(data: RunData, options: Partial<PipelineOptions> = {}) {
  return pipeline({ name: "shop", destination: duckdb("shop.duckdb"), dataset: "shop_data", durability: "process", ...options }).with(data)
}

const orders = resource("orders", { primaryKey: "id", incremental: { cursor: "at" } }, [
  [
    { id: 1, at: "2026-01-01T00:00:00Z", items: [{ sku: "tea" }, { sku: "cup" }] },
    { id: 2, at: "2026-01-02T00:00:00Z", items: [] },
  ],
])

/** A meeting point: everybody waits until so many have come. */
function createMeeting(count: number): () => Promise<void> {
  let missing = count
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return async () => {
    if (--missing <= 0) open()
    await opened
  }
}

describe("lading run", () => {
  it("shows where the rows went, what changed and where to look further", async () => {
    const { code, stdout, stderr } = await lading(["run"], project(shop(orders)))
    expect(code).toBe(0)
    expect(stdout).toMatch(/^shop → duckdb shop\.duckdb · dataset shop_data\n/)
    expect(stdout).toMatch(/^ {2}orders {9}2 rows {3}2 extracted = 2 loaded/m)
    expect(stdout).toMatch(/^ {2}orders__items {2}2 rows$/m)
    expect(stdout).toMatch(/2 extracted = 2 loaded \+ 0 filtered \+ 0 rejected/)
    expect(stdout).toMatch(/schema {2}\+ orders \(new table, 2 columns\)/)
    expect(stdout).toContain("orders continues from 2026-01-02")
    expect(stdout).toContain('lading inspect     lading query "select * from orders limit 5"')
    expect(stderr.split("\n").filter(Boolean)).toEqual([
      "shop: extracting orders: 2 rows",
      expect.stringMatching(/^shop: publishing load /),
      expect.stringMatching(/^shop: committed load /),
    ])
  })

  it("loads only the resources that --resources names, several at a time with --parallel", async () => {
    const meet = createMeeting(2)
    const make = (name: string) =>
      resource(name, async function* () {
        await meet()
        yield [{ name }]
      })
    const shared = project(() => shop([make("users"), make("orders"), make("payments")]))
    const { code, stdout } = await lading(["run", "--json", "--resources", "orders, payments", "--parallel", "2"], shared)
    expect(code).toBe(0)
    expect(Object.keys(JSON.parse(stdout).receipts[0].tables)).toEqual(["orders", "payments"])
    const wrong = await lading(["run", "--resources", "order"], shared)
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toContain('there is no resource "order"; did you mean orders?')
    expect(wrong.stderr).toContain("the resources are users, orders, payments")
  })

  it("says in one line that there was nothing new, and where it continues", async () => {
    const shared = project(() => shop(orders))
    await lading(["run"], shared)
    const { stdout } = await lading(["run"], shared)
    expect(stdout.split("\n")[1]).toMatch(/^ {2}nothing new, 2 rows seen before; orders continues from 2026-01-02/)
  })

  it("gives one JSON document with a receipt for each pipeline, and nothing else on standard output", async () => {
    const second = pipeline({ name: "other", destination: duckdb("other.duckdb"), durability: "process" }).with(resource("t", [[{ a: 1 }]]))
    const { code, stdout } = await lading(["run", "--json"], project(shop(orders), second))
    const { receipts } = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(receipts.map((receipt: { pipeline: string; status: string }) => [receipt.pipeline, receipt.status])).toEqual([
      ["shop", "committed"],
      ["other", "committed"],
    ])
    expect(receipts[0].tables.orders).toMatchObject({ extracted: 2, loaded: 2 })
  })

  it("draws live lines on a terminal and removes them again", async () => {
    const { stderr } = await lading(["run"], { ...project(shop(orders)), terminal: 60 })
    expect(stderr).toContain("extracting orders: 2 rows")
    expect(stderr).toMatch(/\u001b\[\d+A\u001b\[0J$/)
  })

  it("passes --work-dir, --strict and --take-over on to the pipeline", async () => {
    const one = shop(orders)
    let seen: object = {}
    const watched = {
      ...one,
      configure(changes: object) {
        seen = { ...seen, ...changes }
        return one.configure(changes)
      },
    }
    await lading(["run", "--work-dir", "cache", "--strict", "--take-over"], project(watched))
    expect(seen).toMatchObject({ workDir: "cache", strict: true, takeOver: true })
  })

  it("runs only the pipeline that was named", async () => {
    const broken = pipeline({ name: "broken", destination: "nowhere" }).with([])
    const { code } = await lading(["run", "--pipeline", "shop"], project(shop(orders), broken))
    expect(code).toBe(0)
  })

  it("says how to hand over data when there is none", async () => {
    const { code, stdout } = await lading(["run"], project(pipeline({ name: "empty", destination: duckdb("e.duckdb") })))
    expect(code).toBe(0)
    expect(stdout).toContain("given nothing to load")
  })
})

describe("an interrupt", () => {
  const endless = (onFirst: () => void) =>
    resource("endless", async function* ({ signal }) {
      yield [{ id: 1 }]
      const closed = new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("the socket was closed"))))
      onFirst()
      await closed
    })

  it("stops the run with exit code 75, and commits nothing of it", async () => {
    let interrupt = (): void => undefined
    const circumstances = project(() => shop(endless(() => interrupt())))
    const { code, stderr, exits } = await lading(["run"], {
      ...circumstances,
      onStart: (listener) => {
        interrupt = listener
      },
    })
    expect([code, exits]).toEqual([75, []])
    expect(stderr).toContain("error interrupted:")
    const { stdout } = await lading(["query", "select count(*) as n from _dlt_loads", "--json"], circumstances)
    expect(JSON.parse(stdout).rows).toEqual([{ n: 0 }])
  })

  it("stops a pipeline file that takes its time to load", async () => {
    const module = () => new Promise<never>(() => undefined)
    const { code, stderr } = await lading(["run"], { ...project(), module, onStart: (listener) => queueMicrotask(listener) })
    expect(code).toBe(75)
    expect(stderr).toContain("error interrupted:")
  })

  it("leaves at once when it comes twice", async () => {
    let interrupt = (): void => undefined
    const twice = () => {
      interrupt()
      interrupt()
    }
    const { exits } = await lading(["run"], {
      ...project(shop(endless(twice))),
      onStart: (listener) => {
        interrupt = listener
      },
    })
    expect(exits).toEqual([75])
  })
})

describe("errors of a run", () => {
  const failing = (error: unknown) =>
    resource("failing", () => {
      throw error
    })
  const coded = (code: string) => failing(new LadingError({ code, message: "it failed", hint: "mend it" }))

  it.each([
    ["fenced", 3],
    ["database-locked", 3],
    ["stale-package", 4],
    ["bad-row", 5],
    ["reject-ceiling", 5],
    ["contract-violation", 6],
    ["no-files", 1],
  ])("%s ends with exit code %i", async (code, exitCode) => {
    expect((await lading(["run"], project(shop(coded(code))))).code).toBe(exitCode)
  })

  it("show code, message and what to do, without a stack trace unless it is asked for", async () => {
    const { stderr } = await lading(["run"], project(shop(coded("no-files"))))
    expect(stderr).toContain("error no-files: it failed\n  do  mend it\n")
    expect(stderr).not.toMatch(/\n\s+at /)
    expect((await lading(["run", "--debug"], project(shop(coded("no-files"))))).stderr).toMatch(/\n\s+at /)
  })

  it("are a JSON document with the receipts of what was done before", async () => {
    const broken = shop(coded("no-files"), { name: "broken" })
    const { stdout } = await lading(["run", "--json"], project(shop(orders), broken))
    const document = JSON.parse(stdout)
    expect(document.error).toEqual({ code: "no-files", message: "it failed", hint: "mend it", details: {} })
    expect(document.receipts).toHaveLength(1)
  })

  it("never show a password", async () => {
    const leaky = shop(failing(new Error("cannot reach postgres://loader:hunter2@db/x")))
    const { stdout, stderr } = await lading(["run", "--json", "--debug"], project(leaky))
    expect(stdout + stderr).toContain("postgres://loader:***@db/x")
    expect(stdout + stderr).not.toContain("hunter2")
  })

  it("say too many rejects with their places, and exit with 5", async () => {
    const { code, stderr } = await lading(["run"], project(shop(resource("t", [[{ a: 1 }, { a: () => 1 }]]))))
    expect(code).toBe(5)
    expect(stderr).toContain("error reject-ceiling: table t: 1 of 2 rows were rejected")
    expect(stderr).toContain("t row 2 /a: unsupported-value")
  })

  it("do not let data drive the terminal", async () => {
    const { stderr } = await lading(["run"], project(shop(failing(new Error("\u001b[2Jgone")))))
    expect(stderr).toContain("\\u001b[2Jgone")
    expect(stderr).not.toContain("\u001b[2J")
  })
})
