import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { duckdb } from "@lading/destination-duckdb"
import { type PipelineOptions, pipeline, resource } from "@lading/engine"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lading-engine-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let count = 0
function create(options: Partial<PipelineOptions> = {}) {
  const name = `p${++count}`
  return pipeline({ name, destination: duckdb(join(folder, `${name}.duckdb`)), dataset: "data", workDir: join(folder, "work"), ...options })
}

describe("a pipeline", () => {
  it("loads nested rows into linked tables and accounts for every row", async () => {
    const things = create()
    const receipt = await things.run(
      [
        { id: 1, tags: ["a", "b"], at: "2024-01-01T00:00:00.123456Z" },
        { id: 2, tags: [] },
      ],
      { table: "things" },
    )
    expect(receipt.tables["things"]).toEqual({ extracted: 2, filtered: 0, deduplicated: 0, rejected: 0, normalized: 2, loaded: 2 })
    expect(receipt.tables["things__tags"]?.loaded).toBe(2)
    const { rows } = await things
      .dataset()
      .sql("select t.id, g.value from things t join things__tags g on g._dlt_parent_id = t._dlt_id order by g._dlt_list_idx")
    expect(rows).toEqual([
      { id: 1, value: "a" },
      { id: 1, value: "b" },
    ])
  })

  it("continues at the cursor, and says so when there is nothing new", async () => {
    const rows = [
      { id: 1, at: "2024-01-01T00:00:00Z" },
      { id: 2, at: "2024-01-02T00:00:00Z" },
    ]
    const events = () => resource("events", { primaryKey: "id", incremental: { cursor: "at" } }, [[...rows]])
    const target = create()
    expect((await target.run(events())).tables["events"]?.loaded).toBe(2)
    const second = await target.run(events())
    expect(second.status).toBe("nothing-to-load")
    expect(second.tables["events"]).toMatchObject({ extracted: 2, filtered: 1, deduplicated: 1, loaded: 0 })
    rows.push({ id: 3, at: "2024-01-02T00:00:00Z" })
    expect((await target.run(events())).tables["events"]).toMatchObject({ extracted: 3, loaded: 1 })
  })

  it("commits nothing when too many rows are rejected", async () => {
    const target = create()
    await expect(target.run([{ id: 1 }, { id: () => 2 }], { table: "t" })).rejects.toMatchObject({ code: "reject-ceiling" })
    const receipt = await target.run([{ id: 3 }], { table: "t" })
    expect(receipt.recovered).toEqual([])
    expect((await target.dataset().sql("select id from t")).rows).toEqual([{ id: 3 }])
  })

  it("keeps rejected rows beside the loaded ones", async () => {
    const target = create({ rejects: { maxShare: 1 } })
    const receipt = await target.run([{ id: 1 }, { id: 2, f: () => 2 }], { table: "t" })
    expect(receipt.rejects).toMatchObject({ count: 1, byCode: { "unsupported-value": 1 } })
    expect((await target.dataset().sql("select table_name, ordinal, code, pointer from _lading_rejects")).rows).toEqual([
      { table_name: "t", ordinal: 1, code: "unsupported-value", pointer: "/f" },
    ])
  })

  it("merges by key, nested rows included", async () => {
    const target = create()
    const hints = { table: "t", primaryKey: "id", writeDisposition: "merge" } as const
    await target.run(
      [
        { id: 1, v: "a", l: [1, 2] },
        { id: 2, v: "b", l: [3] },
      ],
      hints,
    )
    await target.run([{ id: 1, v: "c", l: [9] }], hints)
    expect((await target.dataset().sql("select id, v from t order by id")).rows).toEqual([
      { id: 1, v: "c" },
      { id: 2, v: "b" },
    ])
    expect((await target.dataset().sql("select value from t__l order by value")).rows).toEqual([{ value: 3 }, { value: 9 }])
  })
})
