import { resource } from "@lading/engine"
import { describe, expect, it } from "vitest"
import { createPostgresTarget } from "../support/postgres-target.ts"
import { createTarget } from "../support/target.ts"

interface Entry {
  readonly id: number
  readonly tags: readonly string[]
}

const entries = (from: number, to: number): Entry[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ id: from + i, tags: [`t${from + i}`] }))

/** Pages of ten rows from the cursor on; `stopAfter` pages it calls `stop` and looks at its signal, as a source does. */
function journal(last: number, stopAfter = Number.POSITIVE_INFINITY, stop: (signal: AbortSignal) => void = () => undefined) {
  return resource(
    "journal",
    { primaryKey: "id", incremental: { cursor: "id", initialValue: 1, rowOrder: "asc" } },
    function* ({ cursor, state, signal }) {
      let pages = 0
      for (let from = Number(cursor.start); from <= last; from += 10) {
        if (pages++ === stopAfter) stop(signal)
        const page = entries(from, Math.min(from + 9, last))
        state["newest"] = page.at(-1)?.id
        yield page
      }
    },
  )
}

const targets = [
  ["DuckDB", () => Promise.resolve(createTarget({ commitEvery: { rows: 20 } }))],
  ["PostgreSQL", () => createPostgresTarget({ commitEvery: { rows: 20 } })],
] as const

describe.each(targets)("commitEvery into %s", (_, create) => {
  const counts = "select count(*) as n, count(distinct id) as ids, min(id) as lo, max(id) as hi from journal"
  const asNumbers = (row: Readonly<Record<string, unknown>> | undefined) => Object.values(row ?? {}).map(Number)

  it("publishes a long extract in packages that each hold their cursor, and adds them up in the receipt", async () => {
    const target = await create()
    const receipt = await target.pipeline.run(journal(50))
    expect(receipt.loadIds).toHaveLength(3)
    expect(receipt.loadId).toBe(receipt.loadIds.at(-1))
    expect(receipt).toMatchObject({ status: "committed", wasStopped: false, cursors: { journal: 50 } })
    expect(receipt.tables["journal"]).toMatchObject({ extracted: 50, normalized: 50, loaded: 50, filtered: 0 })
    expect(receipt.tables["journal__tags"]).toMatchObject({ loaded: 50 })
    expect(receipt.schemaChanges.filter(({ kind }) => kind === "table-added")).toHaveLength(2)
    const loads = await target.read("select _dlt_load_id as load_id, count(*) as n from journal group by 1 order by 1")
    expect(loads.map(({ n }) => Number(n))).toEqual([20, 20, 10])
    expect(loads.map(({ load_id }) => load_id)).toEqual(receipt.loadIds)
    expect(await target.read("select load_id from _dlt_loads order by 1")).toHaveLength(3)
  })

  it("keeps the packages that were committed when the source fails, and goes on behind them", async () => {
    const target = await create()
    const failing = journal(50, 3, () => {
      throw new Error("the source is gone")
    })
    await expect(target.pipeline.run(failing)).rejects.toMatchObject({ code: "extract-failed" })
    expect(asNumbers((await target.read(counts))[0])).toEqual([20, 20, 1, 20])
    const receipt = await target.pipeline.run(journal(50))
    expect(receipt.tables["journal"]).toMatchObject({ extracted: 31, deduplicated: 1, loaded: 30 })
    expect(asNumbers((await target.read(counts))[0])).toEqual([50, 50, 1, 50])
  })

  it("commits what is complete when it is told to stop, says so, and goes on there", async () => {
    const target = await create()
    const controller = new AbortController()
    const stopped = journal(50, 3, (signal) => {
      controller.abort()
      signal.throwIfAborted()
    })
    const receipt = await target.pipeline.run(stopped, { signal: controller.signal })
    expect(receipt).toMatchObject({ wasStopped: true, status: "committed", cursors: { journal: 30 } })
    expect(receipt.toString()).toContain("the run was told to stop")
    expect(asNumbers((await target.read(counts))[0])).toEqual([30, 30, 1, 30])
    await target.pipeline.run(journal(50))
    expect(asNumbers((await target.read(counts))[0])).toEqual([50, 50, 1, 50])
  })
})

it("without commitEvery a run that is told to stop commits nothing", async () => {
  const target = createTarget()
  const controller = new AbortController()
  const stopped = journal(50, 3, (signal) => {
    controller.abort()
    signal.throwIfAborted()
  })
  await expect(target.pipeline.run(stopped, { signal: controller.signal })).rejects.toThrow()
  expect((await target.pipeline.run(journal(50))).tables["journal"]).toMatchObject({ loaded: 50 })
})

it("says what a resource lacks to be published in several packages, before it is read", async () => {
  const target = createTarget({ commitEvery: { rows: 20 } })
  let isRead = false
  const rows = resource("rows", { writeDisposition: "replace" }, () => {
    isRead = true
    return []
  })
  await expect(target.pipeline.run(rows)).rejects.toMatchObject({ code: "commit-every-unsafe", details: { resource: "rows" } })
  expect(isRead).toBe(false)
})
