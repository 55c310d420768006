import type { Table } from "@lading/core"
import { expect, test } from "vitest"
import { addEffect, type Effects, stagedChain } from "./staged-chain.ts"

const tables: Readonly<Record<string, Table>> = {
  orders: { name: "orders", columns: {} },
  orders__lines: { name: "orders__lines", parent: "orders", columns: {} },
  orders__tags: { name: "orders__tags", parent: "orders", columns: {} },
}
const locate = (staged: readonly string[]) => (table: Table) =>
  table.name === "orders__tags" ? undefined : { table, target: table.name, staging: staged.includes(table.name) ? "s" : undefined }

test("a chain has the tables that are there, staged or not", () => {
  const { root, nested } = stagedChain(tables, "orders", locate(["orders"]))
  expect(root).toMatchObject({ target: "orders", staging: "s" })
  expect(nested).toEqual([{ table: tables.orders__lines, target: "orders__lines", staging: undefined }])
})

test("nested rows without a row of their root table are refused", () => {
  expect(() => stagedChain(tables, "orders", locate(["orders__lines"]))).toThrow(expect.objectContaining({ code: "missing-root-rows" }))
})

test("the effects of statements add up; replaced rows are updated ones", () => {
  const effects = new Map<string, Effects>()
  const table = "orders"
  addEffect(effects, { table, kind: "deleted" }, { changed: 1 })
  addEffect(effects, { table, kind: "replaced" }, { changed: 2 })
  addEffect(effects, { table, kind: "inserted" }, { changed: 5 })
  addEffect(effects, { table: "others", kind: "merged" }, { changed: 5, inserted: 3 })
  expect(Object.fromEntries(effects)).toEqual({ orders: { deleted: 1, updated: 2, inserted: 3 }, others: { inserted: 3, updated: 2 } })
})
