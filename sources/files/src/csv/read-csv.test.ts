import { readFile } from "node:fs/promises"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { files } from "../files.ts"
import { findFiles } from "../find-files.ts"
import type { FilesOptions } from "../options.ts"
import { csvOptions } from "../read-file.ts"
import { fakeContext, folderWith, placed, readAll, rejectsOf, rowsOf } from "../test-folder.ts"
import { readCsv } from "./read-csv.ts"

async function load(content: string | Uint8Array, options: Partial<FilesOptions> = {}, state: Record<string, unknown> = {}) {
  const folder = await folderWith({ "a.csv": content })
  const context = fakeContext(folder, state)
  const batches = await readAll(files({ path: "a.csv", ...options }), context)
  return { rows: rowsOf(batches), placed: placed(batches), rejects: rejectsOf(batches), messages: context.messages, state }
}

const fixture = (name: string) => readFile(new URL(`../../fixtures/${name}`, import.meta.url))

describe("the public cases", () => {
  it("csv-bom-key: the mark is not part of the first name", async () => {
    const first = [{ id: 1, name: "Ada", qty: 3 }, { id: 2, name: "Bo", qty: 4 }] // biome-ignore format: two rows
    expect((await load(await fixture("csv-bom.1.csv"))).rows).toEqual(first)
    expect((await load(await fixture("csv-bom.2.csv"))).rows).toEqual([{ id: 2, name: "Bo", qty: 5 }, { id: 3, name: "Cy", qty: 6 }]) // biome-ignore format: two rows
    expect((await load(await fixture("csv-bom-quoted.csv"))).rows).toEqual([{ id: 7, name: "Di" }])
  })

  it("csv-three-lines: nothing is guessed from a semicolon", async () => {
    expect((await load(await fixture("csv-three-lines.csv"))).rows).toEqual([{ remark: "first" }, { remark: "left;right" }])
  })

  it("csv-ragged: short and long rows are rejects with line and text", async () => {
    const { placed: rows, rejects } = await load(await fixture("csv-ragged.csv"))
    expect(rows).toEqual([
      [2, { id: 1, name: "Ada", city: "Oslo" }],
      [5, { id: 4, name: "Di", city: "Bern" }],
      [7, { id: 5, name: "Ed", city: "Lima" }],
    ])
    expect(rejects).toMatchObject([
      { code: "csv-ragged", line: 3, value: "2,Bo" },
      { code: "csv-ragged", line: 4, value: "3,Cy,Rome,extra,more" },
    ])
    expect(rejects[0]?.message).toBe("a.csv line 3 has 2 fields where the header has 3")
  })

  it("csv-dup-headers: no column is lost and no given name moves", async () => {
    const { rows, messages } = await load(await fixture("csv-dup-headers.csv"))
    expect(rows[0]).toEqual({ id: 1, name: "Ada", note: "x", name_2: "Lovelace", name_1: "q", column_6: "z" })
    expect(rows[1]).toEqual({ id: 2, name: "Bo", note: null, name_2: "Derek", name_1: null, column_6: null })
    expect(messages).toEqual(["a.csv: empty or repeated column names were replaced: name_2 (position 4), column_6 (position 6)"])
  })

  it("csv-long-ids: numbers beyond 64 bits keep every digit", async () => {
    expect((await load(await fixture("csv-long-ids.csv"))).rows).toEqual([
      { parcel_no: "40512208816633719275", fee: "10.10" },
      { parcel_no: "88100000000000000007", fee: "20.20" },
      { parcel_no: "9007199254740993", fee: "0.1" },
    ])
  })

  it("csv-leading-zeros: codes stay text, the whole column of them", async () => {
    expect((await load(await fixture("csv-leading-zeros.csv"))).rows).toEqual([
      { postcode: "01067", ledger: "0030", phone: "+4700000001", flag: 0 },
      { postcode: "99084", ledger: "0815", phone: "0047000", flag: 1 },
      { postcode: "10115", ledger: "7", phone: "12", flag: 0 },
    ])
  })

  it("csv-nul-byte: a zero byte is kept", async () => {
    expect((await load(await fixture("csv-nul.csv"))).rows).toEqual([
      { id: 1, note: "ye\0ar" },
      { id: 2, note: "ok" },
    ])
  })
})

describe("rows and lines", () => {
  it.each([
    [
      "LF, CR LF and CR in one file",
      "a,b\r\n1,2\n3,4\r5,6",
      [
        [2, [1, 2]],
        [3, [3, 4]],
        [4, [5, 6]],
      ],
    ],
    [
      "line breaks inside quotes",
      'a,b\r\n"x\r\ny",2\r\n"p\nq\n",4\r\n5,6\r\n',
      [
        [2, ["x\r\ny", 2]],
        [4, ["p\nq\n", 4]],
        [7, ["5", 6]],
      ],
    ],
    [
      "blank lines and lines of spaces",
      "\na,b\n\n1,2\n   \n\n3,4\n\n",
      [
        [4, [1, 2]],
        [7, [3, 4]],
      ],
    ],
    ["doubled quotes, delimiters in quotes", 'a,b\n"x ""y"" z","1,5"\n', [[2, ['x "y" z', "1,5"]]]],
    ["a header only", "a,b\n", []],
    ["nothing", "", []],
  ])("with %s are right", async (_, content, expected) => {
    const { placed: rows, rejects } = await load(content)
    expect(rows.map(([line, row]) => [line, Object.values(row as object)])).toEqual(expected)
    expect(rejects).toEqual([])
  })

  it("an empty field is null unless it is quoted", async () => {
    expect((await load('a,b\n,""\nNA,"NA"\n', { nullValues: ["NA"] })).rows).toEqual([
      { a: null, b: "" },
      { a: null, b: "NA" },
    ])
  })

  it.each([1, 7, 1000])("a stray quote rejects its line only, read in blocks of %i bytes", async (blockBytes) => {
    const folder = await folderWith({ "a.csv": 'a,b\r\n1,2\r\n\r\n5" "pipe",3\r\n"x"y,4\r\n"z\r\n",5\r\n7,8\r\n9,"a" ' })
    const [file] = await findFiles("a.csv", folder)
    if (file === undefined) throw new Error("no file")
    const batches = []
    const options = { ...csvOptions({ path: "a.csv" }, "csv", () => undefined), blockBytes }
    for await (const batch of readCsv(file, options, new Map())) batches.push(batch)
    expect(rejectsOf(batches).map(({ code, line, value }) => [code, line, value])).toEqual([
      ["csv-quote", 4, '5" "pipe",3'],
      ["csv-quote", 5, '"x"y,4'],
      ["csv-quote", 9, '9,"a" '],
    ])
    expect(placed(batches)).toEqual([
      [2, { a: "1", b: "2" }],
      [6, { a: "z\r\n", b: "5" }],
      [8, { a: "7", b: "8" }],
    ])
  })

  it("quotes are text when they are switched off", async () => {
    expect((await load('a,b\n5" pipe,"x\n', { quote: false })).rows).toEqual([{ a: '5" pipe', b: '"x' }])
  })

  it("a quote that is never closed is an error with its line", async () => {
    await expect(load('a,b\n1,2\n3,"4\n5,6\n')).rejects.toMatchObject({ code: "csv-unclosed-quote", details: { file: "a.csv", line: 3 } })
    await expect(load('a,b\n1,2\n3,"4\n5,6\n', { inferTypes: false })).rejects.toMatchObject({ code: "csv-unclosed-quote" })
  })

  it("a stray quote in the header is an error, not another header", async () => {
    await expect(load('a "b",c\n1,2\n')).rejects.toMatchObject({ code: "csv-header" })
  })

  it("a column named __proto__ is a column", async () => {
    const { rows } = await load("__proto__,a\nx,1\n")
    expect(Object.entries(rows[0] as object)).toEqual([["__proto__", "x"], ["a", 1]]) // biome-ignore format: one row
  })
})

describe("options", () => {
  it("read tabs, any delimiter, and files without header", async () => {
    const folder = await folderWith({ "t.tsv": "a\tb\n1,5\tx\n", "s.csv": "1;x\n2;y\n" })
    expect(rowsOf(await readAll(files({ path: "t.tsv" }), fakeContext(folder)))).toEqual([{ a: "1,5", b: "x" }])
    const bare = files({ path: "s.csv", delimiter: ";", header: false })
    expect(rowsOf(await readAll(bare, fakeContext(folder)))).toEqual([{ column_1: 1, column_2: "x" }, { column_1: 2, column_2: "y" }]) // biome-ignore format: two rows
    const named = files({ path: "s.csv", delimiter: ";", header: false, columnNames: ["id", "name"] })
    expect(rowsOf(await readAll(named, fakeContext(folder)))[0]).toEqual({ id: 1, name: "x" })
    const wrong = files({ path: "s.csv", delimiter: ";", header: false, columnNames: ["id"] })
    await expect(readAll(wrong, fakeContext(folder))).rejects.toMatchObject({ code: "csv-header" })
  })

  it("add file and line, but not over a column of the file", async () => {
    expect((await load("a\n1\n2\n", { fileColumn: "file", lineColumn: "line" })).rows[1]).toEqual({ a: 2, file: "a.csv", line: 3 })
    await expect(load("file\n1\n", { fileColumn: "file" })).rejects.toMatchObject({ code: "column-taken" })
  })

  it("leave everything text without inferTypes, and columns with a hinted type always", async () => {
    expect((await load("a,b\n1,true\n", { inferTypes: false })).rows).toEqual([{ a: "1", b: "true" }])
    const hinted = await load("The Price,b\n1.50,2\n", { columns: { the_price: { dataType: "decimal" } } })
    expect(hinted.rows).toEqual([{ "The Price": "1.50", b: 2 }])
    expect(hinted.state).toEqual({ csvTypes: { a: { b: "bigint" } } })
  })
})

describe("types of columns", () => {
  it("are decided by all values of all files of a run", async () => {
    const folder = await folderWith({ "1.csv": "zip,n\n10115,1\n", "2.csv": "zip,n\n01067,2\n" })
    const state = {}
    const rows = rowsOf(await readAll(files({ path: "*.csv", table: "t" }), fakeContext(folder, state)))
    expect(rows).toEqual([{ zip: "10115", n: 1 }, { zip: "01067", n: 2 }]) // biome-ignore format: two rows
    expect(state).toEqual({ csvTypes: { t: { zip: "text", n: "bigint" } } })
  })

  it("follow the first decision in later runs, as long as the values fit", async () => {
    const state = {}
    await load("a,b,c,d\n1,x,1.5,\n", {}, state)
    expect(state).toEqual({ csvTypes: { a: { a: "bigint", b: "text", c: "double" } } })
    const second = await load("a,b,c,d\n007,2,3,4\n8,2,3,5\n", {}, state)
    expect(second.rows[1]).toEqual({ a: "8", b: "2", c: 3, d: 5 })
    const third = await load("a,b,c,d\n9,2,3,4\n", {}, state)
    expect(third.rows).toEqual([{ a: 9, b: "2", c: 3, d: 4 }])
  })
})

describe("any table", () => {
  const cell = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 6 }),
    fc.constantFrom("", ",", '"', "\r\n", "\n", '""', "NULL", "007", "1.50"),
  )
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 10 }))

  it("that is written with quotes comes back as it was, whatever the block and batch size", async () => {
    const sizes = fc.record({
      block: fc.integer({ min: 1, max: 40 }),
      batch: fc.integer({ min: 1, max: 4 }),
      end: fc.constantFrom("\n", "\r\n"),
    })
    await fc.assert(
      fc.asyncProperty(table, sizes, async (rows, { block, batch, end }) => {
        const names = rows[0]?.map((_, index) => `c${index}`) ?? ["c0", "c1"]
        const content = [names, ...rows].map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(",")).join(end)
        const folder = await folderWith({ "a.csv": content })
        const [file] = await findFiles("a.csv", folder)
        if (file === undefined) throw new Error("no file")
        const options = { ...csvOptions({ path: "a.csv" }, "csv", () => undefined), blockBytes: block, batchRows: batch }
        const batches = []
        for await (const found of readCsv(file, options, new Map())) batches.push(found)
        expect(rejectsOf(batches)).toEqual([])
        expect(rowsOf(batches).map((row) => Object.values(row as object))).toEqual(rows)
        let line = 2
        const lines = rows.map((row) => {
          const start = line
          line += 1 + row.join("").split(/\r\n|\r|\n/).length - 1
          return start
        })
        const joinsBreaks = rows.some((row) => /\r$/m.test(row.join("|")) || row.some((text) => text.includes("\r")))
        if (!joinsBreaks) expect(placed(batches).map(([start]) => start)).toEqual(lines)
      }),
      { numRuns: 60 },
    )
  })
})
