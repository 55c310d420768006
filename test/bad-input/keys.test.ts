import type { Receipt } from "@lading/engine"
import { beforeAll, describe, expect, it } from "vitest"
import { openDatabase, type Reader } from "../cases/support/read-database.ts"
import { makeLastingFolder } from "../cases/support/target.ts"
import { loadTables, type TableRows } from "./support/lanes.ts"

/** Rows with the keys in question; the values count from 1, so that a value that was lost is missed. */
const rows: Readonly<Record<string, object>> = {
  "differ only in case": { Name: 1, name: 2, NAME: 3, nAME: 4 },
  "differ only in their Unicode form": { "caf\u00e9": 1, "cafe\u0301": 2, "CAF\u00c9": 3 },
  "are empty or blank": { "": 1, " ": 2, "\t": 3, "\u00a0": 4, "\u200b": 5 },
  "are punctuation": { "!": 1, "?": 2, ".": 3, "..": 4, "/": 5, "~": 6, "'": 7, '"': 8, "\\": 9 },
  "look like paths of other keys": { a: { b: 1 }, a__b: 2, "a.b": 3, a_b: 4 },
  "look like variants": { v: 1, v__v_text: 2, v__v_bigint: 3 },
  "hold control characters": { "a\0b": 1, "a\nb": 2, "a\u0001b": 3, ab: 4 },
  "are halves of surrogate pairs": { "\ud800": 1, "\udc00": 2, "\ud800x": 3 },
  "are longer than any identifier may be": { [`${"k".repeat(10_000)}1`]: 1, [`${"k".repeat(10_000)}2`]: 2 },
  "are reserved words of SQL": { select: 1, from: 2, table: 3, order: 4, "drop table t;--": 5, 'a"; drop table t; --': 6 },
  "are numbers": { 0: 1, 1: 2, "01": 3, "-1": 4, 1e21: 5 },
  "do not use the Latin alphabet": { имя: 1, 名前: 2, שם: 3, "😀": 4, "😁": 5 },
  "look like those of the system": { _dlt_load_ids: 1, _DLT_ID_: 2, dlt_id: 3 },
}

describe.each([
  ["objects", (row: object): TableRows => ({ rows: [row] })],
  ["bytes", (row: object): TableRows => ({ lines: JSON.stringify(row) })],
] as const)("keys in the %s lane", (_, toRows) => {
  let receipt: Receipt
  let reader: Reader
  beforeAll(async () => {
    const named = Object.values(rows).map((row, i) => [`c${i}`, toRows(row)] as const)
    const own = toRows({ id: 1, _dlt_id: "own", _dlt_load_id: "theirs", _dlt_parent_id: "x", l: [1] })
    const lists = toRows({ Items: [1], items: [2, 3], ITEMS: [{ a: 4 }] })
    const { folder, remove } = makeLastingFolder()
    const loaded = await loadTables({ ...Object.fromEntries(named), own, lists }, folder)
    receipt = loaded.receipt
    reader = await openDatabase(loaded.target.database)
    return () => {
      reader.close()
      remove()
    }
  })

  it.each(Object.entries(rows).map(([name, row], i) => ({ name, row, table: `c${i}` })))(
    "that $name lose no value",
    async ({ row, table }) => {
      expect(receipt.rejects.samples).toEqual([])
      const read = await reader.read(`select * exclude (_dlt_id, _dlt_load_id) from ${table}`)
      const values = read.flatMap((found) => Object.values(found).filter((value) => value !== null)).map(Number)
      const count = JSON.stringify(row).match(/":\d/g)?.length ?? 0
      expect(count).toBeGreaterThan(1)
      expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_item, i) => i + 1))
    },
  )

  it("of the system that the data brings are taken (_dlt_id) or left out, and the row is linked as every other", async () => {
    const sql = "select o._dlt_id, o._dlt_load_id = 'theirs' as forged, l.value from own o join own__l l on l._dlt_parent_id = o._dlt_id"
    expect(await reader.read(sql)).toEqual([{ _dlt_id: "own", forged: false, value: 1 }])
  })

  it("that name tables of lists do not merge two lists into one table", async () => {
    const tables = await reader.read(
      "select table_name as name from information_schema.tables where table_schema = 'data' and starts_with(table_name, 'lists__')",
    )
    expect(tables).toHaveLength(3)
    const counts = await Promise.all(tables.map(({ name }) => reader.read(`select count(*) as n from "${name}"`)))
    expect(
      counts
        .flat()
        .map(({ n }) => n)
        .sort(),
    ).toEqual([1, 1, 2])
  })
})

describe("a key that comes twice in one object", () => {
  it("has the last value, as in JSON.parse", async () => {
    const { target } = await loadTables({ t: { lines: '{"a":1,"b":1}\n{"a":2,"b":2,"a":3}\n{"a":{"x":1},"a":4}' } })
    expect(await target.read("select a from t order by a")).toEqual([{ a: 1 }, { a: 3 }, { a: 4 }])
  })
})
