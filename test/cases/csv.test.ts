import { describe, expect, it } from "vitest"
import { anyRejects, createTarget, expectAccounted, inputFile } from "./support/target.ts"

describe("csv-bom-key (duckdb/duckdb#2908)", () => {
  it("a byte-order mark is no part of the first column's name, so a merge on it matches", async () => {
    const target = createTarget()
    const hints = { table: "stock", writeDisposition: "merge", primaryKey: "id" } as const
    await target.pipeline.run(inputFile("csv-bom.1.csv", hints))
    await target.pipeline.run(inputFile("csv-bom.2.csv", hints))
    expect(await target.types("stock")).toEqual({ id: "BIGINT", name: "VARCHAR", qty: "BIGINT" })
    expect(await target.read("select id, name, qty from stock order by id")).toEqual([
      { id: 1, name: "Ada", qty: 3 },
      { id: 2, name: "Bo", qty: 5 },
      { id: 3, name: "Cy", qty: 6 },
    ])
  })

  it("a byte-order mark before a quoted name leaves neither a mark nor quotes in it", async () => {
    const target = createTarget()
    await target.pipeline.run(inputFile("csv-bom-quoted.csv", { table: "stock_q" }))
    expect(await target.columns("stock_q")).toEqual(["id", "name"])
    expect(await target.read("select id, name from stock_q")).toEqual([{ id: 7, name: "Di" }])
  })
})

describe("csv-three-lines (duckdb/duckdb#25827)", () => {
  it("a semicolon in the last line splits nothing: the delimiter is not guessed", async () => {
    const target = createTarget()
    await target.pipeline.run(inputFile("csv-three-lines.csv", { table: "t" }))
    expect(await target.columns("t")).toEqual(["remark"])
    expect(await target.read("select remark from t")).toEqual([{ remark: "first" }, { remark: "left;right" }])
  })
})

// Of the outcomes the case allows we take: short and long rows are both rejects, nothing is padded, cut or put into further columns.
describe("csv-ragged (slingdata-io/sling-cli#385)", () => {
  it("two ragged rows of five stop the load before anything is committed, naming file and lines", async () => {
    const target = createTarget()
    const run = target.pipeline.run(inputFile("csv-ragged.csv", { table: "people" }))
    await expect(run).rejects.toMatchObject({ code: "reject-ceiling" })
    await expect(run).rejects.toThrow(/csv-ragged\.csv line 3.*\n.*csv-ragged\.csv line 4/)
    expect(await target.read("select count(*) as tables from information_schema.tables where table_name = 'people'")).toEqual([
      { tables: 0 },
    ])
  })

  it("with a higher ceiling the good rows are loaded and each ragged one is a reject with file, line and code", async () => {
    const target = createTarget(anyRejects)
    const receipt = await target.pipeline.run(inputFile("csv-ragged.csv", { table: "people" }))
    expect(await target.columns("people")).toEqual(["id", "name", "city"])
    expect(await target.read("select id, name, city from people order by id")).toEqual([
      { id: 1, name: "Ada", city: "Oslo" },
      { id: 4, name: "Di", city: "Bern" },
      { id: 5, name: "Ed", city: "Lima" },
    ])
    expect(
      await target.read("select code, line, value, ends_with(origin, 'csv-ragged.csv') as here from _lading_rejects order by line"),
    ).toEqual([
      { code: "csv-ragged", line: 3, value: "2,Bo", here: true },
      { code: "csv-ragged", line: 4, value: "3,Cy,Rome,extra,more", here: true },
    ])
    expect(receipt.tables["people"]).toMatchObject({ extracted: 5, loaded: 3, rejected: 2 })
    expectAccounted(receipt)
  })
})

// Of the outcomes the case allows we take: all six columns are kept, under stable names that take nobody's place.
describe("csv-dup-headers (adaltas/node-csv-parse#80)", () => {
  it("two columns of one name and one without a name are all kept, under the same names in the next load", async () => {
    const target = createTarget()
    const row = { id: 1, name: "Ada", note: "x", name_2: "Lovelace", name_1: "q", column_6: "z" }
    await target.pipeline.run(inputFile("csv-dup-headers.csv", { table: "people" }))
    expect((await target.columns("people")).sort()).toEqual(Object.keys(row).sort())
    await target.pipeline.run(inputFile("csv-dup-headers.csv", { table: "people" }))
    expect((await target.columns("people")).sort()).toEqual(Object.keys(row).sort())
    expect(await target.read("select * exclude (_dlt_id, _dlt_load_id) from people where id = 1")).toEqual([row, row])
    expect(await target.read("select name, name_2, name_1, column_6 from people where id = 2")).toEqual([
      { name: "Bo", name_2: "Derek", name_1: null, column_6: null },
      { name: "Bo", name_2: "Derek", name_1: null, column_6: null },
    ])
  })
})

describe("csv-long-ids (duckdb/duckdb#22750)", () => {
  it("identifiers of twenty digits keep every digit, and fees their value", async () => {
    const target = createTarget()
    await target.pipeline.run(inputFile("csv-long-ids.csv", { table: "parcels" }))
    expect(
      await target.read("select parcel_no::varchar as parcel_no from parcels order by length(parcel_no::varchar) desc, parcel_no"),
    ).toEqual([{ parcel_no: "40512208816633719275" }, { parcel_no: "88100000000000000007" }, { parcel_no: "9007199254740993" }])
    expect((await target.types("parcels"))["parcel_no"]).not.toBe("DOUBLE")
    // 10.10 and 20.20 beside 0.1: with and without trailing zeros, so the column is text and nothing of it is lost.
    expect(await target.read("select fee::varchar as fee from parcels order by fee")).toEqual([
      { fee: "0.1" },
      { fee: "10.10" },
      { fee: "20.20" },
    ])
  })
})

describe("csv-leading-zeros (adaltas/node-csv-parse#37)", () => {
  it("postal codes, ledgers and phone numbers are text with every character kept, in one column each", async () => {
    const target = createTarget()
    await target.pipeline.run(inputFile("csv-leading-zeros.csv", { table: "customers" }))
    expect(await target.types("customers")).toEqual({ postcode: "VARCHAR", ledger: "VARCHAR", phone: "VARCHAR", flag: "BIGINT" })
    expect(await target.read("select postcode, ledger, phone, flag from customers order by postcode")).toEqual([
      { postcode: "01067", ledger: "0030", phone: "+4700000001", flag: 0 },
      { postcode: "10115", ledger: "7", phone: "12", flag: 0 },
      { postcode: "99084", ledger: "0815", phone: "0047000", flag: 1 },
    ])
  })
})

describe("csv-nul-byte (brianc/node-pg-copy-streams#22)", () => {
  it("a zero byte in a text arrives in DuckDB, and the next file loads after it", async () => {
    const target = createTarget(anyRejects)
    await target.pipeline.run(inputFile("csv-nul.csv", { table: "notes" }))
    expect(await target.read("select id, length(note) as characters, note from notes order by id")).toEqual([
      { id: 1, characters: 5, note: "ye\0ar" },
      { id: 2, characters: 2, note: "ok" },
    ])
    await target.pipeline.run(inputFile("csv-nul.2.csv", { table: "notes" }))
    expect(await target.read("select id from notes order by id")).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
  })

  it("with the default ceiling there is nothing to reject either", async () => {
    const target = createTarget()
    const receipt = await target.pipeline.run(inputFile("csv-nul.csv", { table: "notes" }))
    expect(receipt.rejects.count).toBe(0)
    expect(receipt.tables["notes"]?.loaded).toBe(2)
  })
})
