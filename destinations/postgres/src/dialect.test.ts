import type { Column } from "@lading/core"
import { expect, test } from "vitest"
import { postgresDialect } from "./dialect.ts"

const { columnType, isWidening, cast, quote } = postgresDialect

test.each<readonly [Partial<Column>, string]>([
  [{ data_type: "text" }, "character varying"],
  [{ data_type: "text", precision: 5 }, "character varying(5)"],
  [{ data_type: "bigint" }, "bigint"],
  [{ data_type: "bigint", precision: 16 }, "smallint"],
  [{ data_type: "bigint", precision: 17 }, "integer"],
  [{ data_type: "decimal" }, "numeric(38,9)"],
  [{ data_type: "decimal", precision: 5 }, "numeric(5,5)"],
  [{ data_type: "decimal", precision: 12, scale: 2 }, "numeric(12,2)"],
  [{ data_type: "wei" }, "numeric(156,78)"],
  [{ data_type: "json" }, "jsonb"],
  [{ data_type: "binary" }, "bytea"],
  [{ data_type: "timestamp" }, "timestamp with time zone"],
  [{ data_type: "timestamp", precision: 3, timezone: false }, "timestamp(3) without time zone"],
  [{ data_type: "time" }, "time without time zone"],
])("%j is %s", (column, type) => {
  expect(columnType({ name: "c", ...column })).toBe(type)
})

test.each<Partial<Column>>([{ data_type: "bigint", precision: 65 }, { data_type: "timestamp", precision: 7 }, {}])(
  "%j has no type",
  (column) => {
    expect(() => columnType({ name: "c", ...column })).toThrow(expect.objectContaining({ code: "unsupported-type" }))
  },
)

test.each([
  ["integer", "bigint", true],
  ["bigint", "integer", false],
  ["bigint", "double precision", true],
  ["bigint", "numeric(38,9)", true],
  ["bigint", "numeric(20,9)", false],
  ["bigint", "numeric(156,78)", true],
  ["bigint", "numeric", true],
  ["numeric(38,9)", "numeric(156,78)", true],
  ["numeric(10,2)", "numeric(12,1)", false],
  ["numeric", "numeric(38,9)", false],
  ["double precision", "numeric(38,9)", true],
  ["date", "timestamp with time zone", true],
  ["date", "time without time zone", false],
  ["timestamp without time zone", "timestamp with time zone", true],
  ["timestamp with time zone", "timestamp without time zone", false],
  ["timestamp with time zone", "timestamp(3) with time zone", false],
  ["timestamp(3) with time zone", "timestamp with time zone", true],
  ["character varying(5)", "character varying(6)", true],
  ["character varying(5)", "character varying", true],
  ["character varying", "character varying(5)", false],
  ["character varying", "text", false],
  ["boolean", "bigint", false],
  ["text", "jsonb", false],
])("from %s to %s is a widening: %s", (from, to, expected) => {
  expect(isWidening(from, to)).toBe(expected)
})

test("a double becomes a decimal by way of its text", () => {
  expect(cast('"a"', "double precision", "numeric(38,9)")).toBe('CAST(CAST("a" AS text) AS numeric(38,9))')
  expect(cast('"a"', "bigint", "bigint")).toBe('"a"')
})

test("names are quoted, and refused where the server would cut them", () => {
  expect(quote('a"b')).toBe('"a""b"')
  expect(() => quote("ñ".repeat(32))).toThrow(expect.objectContaining({ code: "identifier-too-long" }))
})
