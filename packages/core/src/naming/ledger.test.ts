import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { createNaming } from "./convention.ts"
import { createLedger } from "./ledger.ts"

const naming = createNaming("snake_case", 63)

describe("ledger", () => {
  test("the first path gets dlt's name, later ones that would collide a tagged name of their own", () => {
    const ledger = createLedger([], naming)
    expect(ledger.columnName("t", ["na!e"])).toEqual({ name: "na_e", collided: false })
    const second = ledger.columnName("t", ["na%e"])
    expect(second.collided).toBe(true)
    expect(second.name).toMatch(/^na_e_[0-9a-z]{6}$/)
    expect(ledger.columnName("t", ["na!e"]).name).toBe("na_e")
    expect(ledger.columnName("other", ["na%e"])).toEqual({ name: "na_e", collided: false })
  })

  test("nested paths join their fragments and may collide with a literal key", () => {
    const ledger = createLedger([], naming)
    expect(ledger.columnName("t", ["a", "b"]).name).toBe("a__b")
    expect(ledger.columnName("t", ["a__b"]).collided).toBe(true)
    expect(ledger.tableName(["MyTable", "subItems", "list"]).name).toBe("my_table__sub_items__list")
    expect(ledger.tableName(["my_table", "sub_items", "list"]).collided).toBe(true)
  })

  test("another process with the same entries gives the same names", () => {
    const ledger = createLedger([], naming)
    const paths = [["x y"], ["x-y"], ["X Y"], ["\u6570"], ["\u636e"], ["_dltId"]]
    const names = paths.map((path) => ledger.columnName("t", path))
    const again = createLedger(ledger.added(), naming)
    expect([...paths].reverse().map((path) => again.columnName("t", path))).toEqual([...names].reverse())
    expect(again.added()).toEqual([])
  })

  test("names that differ only in case collide, whatever the convention", () => {
    const ledger = createLedger([], createNaming("direct", undefined))
    expect(ledger.columnName("t", ["Name"])).toEqual({ name: "Name", collided: false })
    expect(ledger.columnName("t", ["NAME"]).name).toMatch(/^NAME_[0-9a-z]{6}$/)
  })

  test("a column of the schema without an entry goes to the first path that normalizes to it", () => {
    const ledger = createLedger([], naming)
    ledger.reserve("t", "user_id")
    ledger.reserve("t")
    expect(ledger.columnName("t", ["userId"])).toEqual({ name: "user_id", collided: false })
    expect(ledger.columnName("t", ["user id"]).collided).toBe(true)
    expect(ledger.tableName(["T"])).toEqual({ name: "t", collided: false })
    expect(ledger.added()).toHaveLength(3)
  })

  test("system names belong to themselves and need no entry", () => {
    const ledger = createLedger([], naming)
    expect(ledger.columnName("t", ["_dlt_id"])).toEqual({ name: "_dlt_id", collided: false })
    expect(ledger.added()).toEqual([])
    expect(ledger.columnName("t", ["_DLT id"]).name).toMatch(/^x_dlt_id_[0-9a-z]{6}$/)
    expect(ledger.tableName(["_Dlt-Loads"]).collided).toBe(true)
  })

  test("variant columns are named after the column of their path and recorded with the type", () => {
    const ledger = createLedger([], naming)
    ledger.columnName("t", ["na!e"])
    expect(ledger.variantName("t", ["na!e"], "text")).toEqual({ name: "na_e__v_text", collided: false })
    expect(ledger.columnName("t", ["na_e__v_text"]).collided).toBe(true)
    expect(ledger.added()[1]).toEqual({ table: "t", column: "na_e__v_text", path: '["na!e",{"variant":"text"}]' })
  })

  test("no two paths ever share a name, whatever the case of names, and names keep to the limit", () => {
    const key = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.string({ unit: fc.constantFrom("a", "A", "_", "-", "\u00e4", " ", "1"), maxLength: 14 }),
    )
    const paths = fc.array(fc.array(key, { minLength: 1, maxLength: 3 }), { maxLength: 40 })
    fc.assert(
      fc.property(
        paths,
        fc.constantFrom("snake_case" as const, "direct" as const, "sql_cs_v1" as const),
        fc.nat(40),
        (list, name, split) => {
          const limited = createNaming(name, 12)
          const first = createLedger([], limited)
          for (const path of list.slice(0, split)) first.columnName("t", path)
          const ledger = createLedger(first.added(), limited)
          const pathOfName = new Map<string, string>()
          for (const path of list) {
            const given = ledger.columnName("t", path).name
            expect([...given].length).toBeLessThanOrEqual(12)
            const json = JSON.stringify(path)
            expect(pathOfName.get(given.toLowerCase()) ?? json).toBe(json)
            pathOfName.set(given.toLowerCase(), json)
          }
        },
      ),
    )
  })
})
