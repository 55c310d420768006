import type { ExtractContext } from "@lading/core"
import { resource } from "@lading/engine"
import { describe, expect, it } from "vitest"
import { createTarget } from "../support/target.ts"

describe("a range that is pushed down to the source", () => {
  it("is told as values: the source reads only what is new, and boundary rows are still told apart", async () => {
    const { pipeline, read } = createTarget()
    const stored = [1, 2, 3].map((id) => ({ id, at: new Date(Date.UTC(2024, 0, id)) }))
    const asked: unknown[] = []
    const events = resource(
      "events",
      { primaryKey: "id", incremental: { cursor: "at", initialValue: new Date(Date.UTC(2024, 0, 2)) } },
      ({ cursor }) => {
        asked.push(cursor.start)
        return stored.filter(({ at }) => at >= (cursor.start as Date))
      },
    )
    expect((await pipeline.run(events)).tables["events"]).toMatchObject({ extracted: 2, loaded: 2 })
    stored.push({ id: 4, at: new Date(Date.UTC(2024, 0, 3)) })
    expect((await pipeline.run(events)).tables["events"]).toMatchObject({ extracted: 2, deduplicated: 1, loaded: 1 })
    expect(asked).toEqual([new Date(Date.UTC(2024, 0, 2)), new Date(Date.UTC(2024, 0, 3))])
    expect(await read("select id from events order by id")).toEqual([{ id: 2 }, { id: 3 }, { id: 4 }])
  })

  it("may be a backfill: start and end are told, and no state is kept", async () => {
    const { pipeline } = createTarget()
    const seen: unknown[] = []
    const backfill = (initialValue: string, endValue: string) =>
      resource("events", { incremental: { cursor: "at", initialValue, endValue } }, ({ cursor: { start, end } }: ExtractContext) => {
        seen.push([start, end])
        return [{ at: start }, { at: end }]
      })
    const february = await pipeline.run(backfill("2024-02-01", "2024-03-01"))
    expect(february.tables["events"]).toMatchObject({ extracted: 2, filtered: 1, loaded: 1 })
    const january = await pipeline.run(backfill("2024-01-01", "2024-02-01"))
    expect(january.tables["events"]).toMatchObject({ extracted: 2, filtered: 1, loaded: 1 })
    expect(seen).toEqual([
      ["2024-02-01", "2024-03-01"],
      ["2024-01-01", "2024-02-01"],
    ])
    expect(january.cursors).toEqual({})
  })

  it("has a live last value, which a source may use to turn the page", async () => {
    const { pipeline } = createTarget()
    const events = resource("events", { incremental: { cursor: "id", initialValue: 0 } }, async function* ({ cursor }) {
      for (let page = 0; page < 3; page++) yield [1, 2].map((step) => ({ id: Number(cursor.lastValue) + step }))
    })
    expect((await pipeline.run(events)).cursors).toEqual({ events: 6 })
  })
})

describe("rows in the order of their cursor", () => {
  it("newest first: the second run of an endless source ends at the first row below the start", async () => {
    const { pipeline } = createTarget()
    let pages = 0
    let isClosed = false
    const events = (newest: number) =>
      resource("events", { primaryKey: "id", incremental: { cursor: "id", initialValue: 7, rowOrder: "desc" } }, async function* () {
        try {
          for (let id = newest; ; id -= 2, pages++) yield [{ id }, { id: id - 1 }]
        } finally {
          isClosed = true
        }
      })
    expect((await pipeline.run(events(10))).tables["events"]).toMatchObject({ loaded: 4 })
    pages = 0
    const second = await pipeline.run(events(12))
    expect(second.tables["events"]).toMatchObject({ extracted: 4, filtered: 1, deduplicated: 1, loaded: 2 })
    expect([pages, isClosed]).toEqual([1, true])
  })

  it("fails the run when they are not, and commits nothing", async () => {
    const { pipeline } = createTarget()
    const events = resource("events", { incremental: { cursor: "id", rowOrder: "asc" } }, [[{ id: 2 }, { id: 1 }]])
    await expect(pipeline.run(events)).rejects.toMatchObject({ code: "cursor-disordered" })
  })
})
