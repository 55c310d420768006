import { type Column, LadingError, type Table } from "@lading/core"
import { expect, test } from "vitest"
import { dispositionOf, mergeStrategyOf, rootOf, tableChain } from "./chain.ts"
import { planTable } from "./ddl.ts"
import type { Dialect } from "./dialect.ts"
import { qualifiedName, quoteWithDoubleQuotes, textLiteral } from "./identifiers.ts"

const dialect: Dialect = {
  name: "test",
  quote: quoteWithDoubleQuotes,
  fold: (name) => name.toLowerCase(),
  columnType: (column: Column) => (column.data_type === "bigint" ? "INT8" : "TEXT"),
  isWidening: (from, to) => from === "INT4" && to === "INT8",
  cast: (expression, _, to) => `CAST(${expression} AS ${to})`,
  alterType: (table, column, type, using) => `ALTER TABLE ${table} ALTER ${column} TYPE ${type} USING ${using}`,
  arrivalOrder: undefined,
}

const things: Table = {
  name: "things",
  columns: {
    Id: { name: "Id", data_type: "bigint", nullable: false },
    'a"b': { name: 'a"b', data_type: "text" },
    pending: { name: "pending" },
  },
}
const sqlOf = (existing: ReadonlyMap<string, string> | undefined, table = things) =>
  planTable(dialect, '"ds"."things"', table, existing).map(({ sql }) => sql)

test("a missing table is created with its complete columns", () => {
  expect(sqlOf(undefined)).toEqual(['CREATE TABLE "ds"."things" (\n  "Id" INT8 NOT NULL,\n  "a""b" TEXT\n)'])
})

test("a table without complete columns is not created", () => {
  expect(sqlOf(undefined, { name: "things", columns: { pending: { name: "pending" } } })).toEqual([])
})

test("missing columns are added one by one, without NOT NULL", () => {
  expect(sqlOf(new Map())).toEqual(['ALTER TABLE "ds"."things" ADD COLUMN "Id" INT8', 'ALTER TABLE "ds"."things" ADD COLUMN "a""b" TEXT'])
})

test("a type is altered only where that is a widening", () => {
  expect(
    sqlOf(
      new Map([
        ["id", "INT4"],
        ['a"b', "BLOB"],
      ]),
    ),
  ).toEqual(['ALTER TABLE "ds"."things" ALTER "Id" TYPE INT8 USING CAST("Id" AS INT8)'])
  expect(
    sqlOf(
      new Map([
        ["id", "INT8"],
        ['a"b', "TEXT"],
      ]),
    ),
  ).toEqual([])
})

test("changes say which types hold afterwards", () => {
  expect(planTable(dialect, "t", things, undefined)[0]?.types).toEqual(
    new Map([
      ["id", "INT8"],
      ['a"b', "TEXT"],
    ]),
  )
})

const tables = {
  root: { name: "root", columns: {}, write_disposition: "merge", "x-merge-strategy": "upsert" },
  root__a: { name: "root__a", columns: {}, parent: "root" },
  root__a__b: { name: "root__a__b", columns: {}, parent: "root__a" },
  other: { name: "other", columns: {} },
} as const satisfies Record<string, Table>

test("nested tables take disposition and place from their root", () => {
  expect(rootOf(tables, "root__a__b").name).toBe("root")
  expect(dispositionOf(tables, "root__a__b")).toBe("merge")
  expect(dispositionOf(tables, "other")).toBe("append")
  expect(tableChain(tables, "root").map(({ name }) => name)).toEqual(["root", "root__a", "root__a__b"])
  expect(mergeStrategyOf(tables.root)).toBe("upsert")
  expect(mergeStrategyOf(tables.other)).toBe("delete-insert")
})

test("a table that the schema does not have is an error, also when it is named like a property of every object", () => {
  expect(() => rootOf(tables, "toString")).toThrow(LadingError)
})

test("identifiers and literals are quoted", () => {
  expect(qualifiedName(quoteWithDoubleQuotes, "my ds", 't"x')).toBe('"my ds"."t""x"')
  expect(textLiteral("it's \\ here")).toBe("'it''s \\ here'")
})
