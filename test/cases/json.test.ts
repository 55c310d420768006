import { describe, expect, it } from "vitest"
import { anyRejects, createTarget, expectAccounted, inputFile } from "./support/target.ts"

// The same table under other time zones of the process: test/e2e/cases-zones.test.ts.
describe("json-edge-timestamps (notatallshaw/nab#947)", () => {
  it("timestamps at the edges of calendar and range are exact or stay text; none is moved or made up", async () => {
    const target = createTarget(anyRejects)
    const receipt = await target.pipeline.run(inputFile("json-edge-timestamps.ndjson", { table: "moments" }))
    expectAccounted(receipt)
    expect((await target.types("moments"))["at"]).toBe("TIMESTAMP WITH TIME ZONE")
    const rows = await target.read('select id, "at"::varchar as "at", at__v_text as text from moments order by id')
    expect(rows).toEqual([
      { id: 1, at: "1969-12-31 23:59:59.999999+00", text: null },
      { id: 2, at: "2024-03-31 01:30:00+00", text: null },
      { id: 3, at: null, text: "2016-12-31T23:59:60Z" },
      { id: 4, at: null, text: "2024-02-29T24:00:00Z" },
      { id: 5, at: "10000-01-01 04:00:00+00", text: null },
      { id: 6, at: "0001-12-31 (BC) 21:30:00+00", text: null },
      { id: 7, at: null, text: "2024-02-30T00:00:00Z" },
      { id: 8, at: "2024-06-01 12:00:00.123456+00", text: null },
    ])
  })
})

describe("json-empty-rows (dlt-hub/dlt#142)", () => {
  it("empty rows are rows: they have ids, and are counted", async () => {
    const target = createTarget()
    await target.pipeline.run(inputFile("json-empty-rows.1.ndjson", { table: "t" }))
    const receipt = await target.pipeline.run(inputFile("json-empty-rows.2.ndjson", { table: "t" }))
    expect(receipt.tables["t"]).toMatchObject({ extracted: 3, loaded: 3 })
    expect(
      await target.read("select id, v, length(_dlt_id) as id_length, _dlt_load_id is not null as loaded from t order by id nulls first"),
    ).toEqual([
      { id: null, v: null, id_length: 14, loaded: true },
      { id: null, v: null, id_length: 14, loaded: true },
      { id: 1, v: 2, id_length: 14, loaded: true },
      { id: 4, v: null, id_length: 14, loaded: true },
    ])
  })

  it("empty rows that come first make a row each, too", async () => {
    const target = createTarget()
    const receipt = await target.pipeline.run(inputFile("json-empty-rows.2.ndjson", { table: "t" }))
    expect(receipt.tables["t"]).toMatchObject({ extracted: 3, loaded: 3 })
    expect(await target.read("select id from t order by id nulls first")).toEqual([{ id: null }, { id: null }, { id: 4 }])
  })

  it("rows that are all empty are loaded with nothing but their ids", async () => {
    const target = createTarget()
    const receipt = await target.pipeline.run([{}, {}], { table: "t" })
    expect(receipt.tables["t"]).toMatchObject({ extracted: 2, loaded: 2 })
    expect(await target.read("select count(distinct _dlt_id) as n from t")).toEqual([{ n: 2 }])
  })
})
