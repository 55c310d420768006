import { join } from "node:path"
import { duckdb } from "@lading/destination-duckdb"
import { describe, expect, it } from "vitest"
import { makeFolder } from "../cases/support/target.ts"
import { loadLines, loadObjects } from "./support/lanes.ts"

const lanes = [
  ["objects", (rows: readonly unknown[], options = {}) => loadObjects(rows, options)],
  ["bytes", (rows: readonly unknown[], options = {}) => loadLines(rows.map((row) => JSON.stringify(row)).join("\n"), options)],
] as const

const wide = (columns: number, offset = 0): Record<string, number> =>
  Object.fromEntries(Array.from({ length: columns }, (_, i) => [`c${i + offset}`, i]))

describe.each(lanes)("shapes in the %s lane", (_, load) => {
  it("a row with 10,000 keys is rejected by default, and the rows beside it are loaded", async () => {
    const { receipt, target } = await load([{ id: 1 }, wide(10_000), { id: 2 }])
    expect(receipt.rejects.byCode).toEqual({ "too-many-columns": 1 })
    expect(await target.columns("t")).toEqual(["id"])
    expect(await target.read("select id from t order by id")).toEqual([{ id: 1 }, { id: 2 }])
  })

  it("a row with more keys than a record may have is rejected with a code of its own", async () => {
    const { receipt } = await load([{ id: 1 }, wide(10_001)])
    expect(receipt.rejects.byCode).toEqual({ "too-many-keys": 1 })
  })

  it("rows that each bring other columns are rejected from the limit on, and those after it that need none are loaded", async () => {
    const rows = [{ id: 0 }, ...Array.from({ length: 30 }, (_item, i) => wide(50, i * 50)), { id: 99 }]
    const { receipt, target } = await load(rows, { limits: { newColumns: 500 } })
    const rejected = receipt.rejects.byCode["too-many-columns"]
    expect(rejected).toBeGreaterThan(19)
    expect(receipt.tables["t"]?.loaded).toBe(rows.length - Number(rejected))
    expect(await target.read("select id from t where id is not null order by id")).toEqual([{ id: 0 }, { id: 99 }])
  })

  it("a text of 8 MiB arrives whole", async () => {
    const text = `${"ä€😀".repeat(2 ** 20 - 1)}end`
    const { target } = await load([{ id: 1, text }])
    const [row] = await target.read("select text from t")
    expect(row?.["text"] === text).toBe(true)
  })

  it("types that are mixed in one column lose no value", async () => {
    const mixed = [1, "two", true, 2.5, null, { a: 1 }, [7, "x"], "2024-01-01T00:00:00Z", "", false, "3", 9007199254740991]
    const { receipt, target } = await load(mixed.map((v, id) => ({ id, v })))
    expect(receipt.rejects.samples).toEqual([])
    const rows = await target.read("select * exclude (_dlt_id, _dlt_load_id) from t order by id")
    const scalars = rows.map(({ id: _id, ...rest }) => Object.values(rest).filter((value) => value !== null))
    expect(scalars).toEqual([[1], ["two"], [true], [2.5], [], [1], [], ["2024-01-01T00:00:00Z"], [""], [false], [3], [9007199254740991]])
    expect(await target.read("select value, value__v_text as text from t__v order by _dlt_list_idx")).toEqual([
      { value: 7, text: null },
      { value: null, text: "x" },
    ])
  })

  it("timestamps that are none go beside those that are, as text", async () => {
    const dates = [
      "2024-02-29T00:00:00Z",
      "2023-02-29T00:00:00Z",
      "2024-01-01T25:00:00Z",
      "0000-00-00T00:00:00Z",
      "yesterday",
      "",
      "2024-01-01",
    ]
    const { target } = await load(dates.map((v, id) => ({ id, v })))
    const rows = await target.read("select v::varchar as v, v__v_text as text from t order by id")
    expect(rows[0]).toEqual({ v: "2024-02-29 00:00:00+00", text: null })
    expect(rows.slice(1, 6).map(({ text }) => text)).toEqual(dates.slice(1, 6))
    expect(rows[6]?.["v"] ?? rows[6]?.["text"]).toMatch(/^2024-01-01/)
  })
})

describe("very wide rows", () => {
  it.each([1_990, 3_000])("with %i columns of text are loaded with the default memory, where the limits allow them", async (columns) => {
    const texts = Object.fromEntries(Object.entries(wide(columns)).map(([key, i]) => [key, `a text longer than twelve bytes: ${i}`]))
    const { target } = await loadObjects([texts], { limits: { newColumns: columns + 10 } })
    const [row] = await target.read("select * exclude (_dlt_id, _dlt_load_id) from t")
    expect(row).toEqual(texts)
  })

  it("do not raise a memory limit that the user named; the error says what to do", async () => {
    const destination = duckdb({ path: join(makeFolder(), "wide.duckdb"), memoryLimitMb: 64 })
    const run = loadObjects([wide(2_500)], { limits: { newColumns: 3_000 }, destination })
    await expect(run).rejects.toMatchObject({ code: "out-of-memory", hint: expect.stringContaining("memoryLimitMb") })
  })
})

describe("a record over 16 MiB", () => {
  it("is one reject with a code, and the rows beside it are loaded", async () => {
    const { receipt, target } = await loadLines(`{"id":1}\n{"id":2,"text":"${"x".repeat(17 * 2 ** 20)}"}\n{"id":3}`)
    expect(receipt.rejects.byCode).toEqual({ "record-too-large": 1 })
    expect(await target.read("select id from t order by id")).toEqual([{ id: 1 }, { id: 3 }])
  })
})
