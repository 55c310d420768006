import type { DataType } from "@lading/core"

/** A value under a declared type that is at, or beyond, the edge of what a destination can hold. */
export interface EdgeValue {
  readonly type: DataType
  readonly value: unknown
  /** What must be read back, in PostgreSQL's text; or the code of the reject. Where it stands in a variant column, that is named. */
  readonly postgres: Outcome
  /** The same on DuckDB, in DuckDB's text, where it differs. */
  readonly duckdb?: Outcome
}

/** A column and its text; nothing at all; or the code under which the row was rejected. */
export type Outcome = Readonly<Record<string, string>> | { readonly [column: string]: never } | string

const kept = (text: string): Outcome => ({ v: text })
const asText = (type: DataType, ...texts: readonly string[]): readonly EdgeValue[] =>
  texts.map((value) => ({ type, value, postgres: { v__v_text: value } }))
const exact = (type: DataType, ...texts: readonly string[]): readonly EdgeValue[] =>
  texts.map((value) => ({ type, value, postgres: kept(value) }))
const rejected = (type: DataType, code: string, ...values: readonly unknown[]): readonly EdgeValue[] =>
  values.map((value) => ({ type, value, postgres: code }))
const json = (value: unknown, postgres: string, duckdb?: string): EdgeValue => ({
  type: "json",
  value,
  postgres: postgres.startsWith("{") ? kept(postgres) : postgres,
  ...(duckdb === undefined ? {} : { duckdb: kept(duckdb) }),
})
/** A wei has 78 fraction digits on PostgreSQL; DuckDB holds 38 digits in all. */
const wei = (type: DataType, value: bigint, duckdb: "fits" | "beyond"): EdgeValue => {
  const column = type === "wei" ? "v" : "v__v_wei"
  return {
    type,
    value,
    postgres: { [column]: `${value}.${"0".repeat(78)}` },
    duckdb: duckdb === "fits" ? { [column]: `${value}` } : "integer-out-of-range",
  }
}

const texts: readonly EdgeValue[] = [
  { type: "text", value: "a\0b", postgres: "nul-in-text", duckdb: kept("a\0b") },
  { type: "text", value: "\0", postgres: "nul-in-text", duckdb: kept("\0") },
  ...rejected("text", "lone-surrogate", "a\ud800b", "\udfff"),
  ...exact("text", "\u{10ffff}\ufeff\uffff", "x".repeat(16_000_000), "é".repeat(3_000_000), "\\N", "\\.", "\\x41", "a\tb\r\nc\vd\be\f"),
]

const documents: readonly EdgeValue[] = [
  json({ a: "a\0b" }, "nul-in-text", '{"a":"a\\u0000b"}'),
  json({ "a\0": 1 }, "nul-in-text", '{"a\\u0000":1}'),
  ...rejected("json", "lone-surrogate", { a: "\ud800" }, { "\udfff": 1 }, { deep: [{ a: "x\udc00\ud800" }] }),
  json({ a: "\\u0000 \\ud800" }, '{"a": "\\\\u0000 \\\\ud800"}', '{"a":"\\\\u0000 \\\\ud800"}'),
  json({ n: 1e308 }, `{"n": 1${"0".repeat(308)}}`, '{"n":1e+308}'),
  json({ a: "x".repeat(2_000_000) }, `{"a": "${"x".repeat(2_000_000)}"}`, `{"a":"${"x".repeat(2_000_000)}"}`),
]

const times: readonly EdgeValue[] = [
  ...exact("date", "0001-01-01", "9999-12-31"),
  ...asText("date", "0000-01-01", "-0001-01-01", "-4713-11-24", "10000-01-01", "294277-01-01", "5874898-01-01"),
  ...asText("date", "infinity", "-infinity", "2023-02-30", "2023-13-01", "today", "epoch"),
  { type: "timestamp", value: "0001-01-01T00:00:00Z", postgres: kept("0001-01-01 00:00:00+00") },
  { type: "timestamp", value: "9999-12-31T23:59:59.999999Z", postgres: kept("9999-12-31 23:59:59.999999+00") },
  ...asText("timestamp", "0000-01-01T00:00:00Z", "-000001-01-01T00:00:00Z", "-004713-11-24T00:00:00Z", "+010000-01-01T00:00:00Z"),
  ...asText("timestamp", "+294276-12-31T23:59:59Z", "+294277-01-01T00:00:00Z", "infinity", "-infinity", "now", "2023-02-30T00:00:00Z"),
  { type: "timestamp", value: new Date(8.64e15), postgres: kept("275760-09-13 00:00:00+00") },
  {
    type: "timestamp",
    value: new Date(-210_866_803_200_000),
    postgres: kept("4714-11-24 00:00:00+00 BC"),
    duckdb: kept("4714-11-24 (BC) 00:00:00+00"),
  },
  {
    type: "timestamp",
    value: new Date(-210_866_803_200_001),
    postgres: "date-out-of-range",
    duckdb: kept("4714-11-23 (BC) 23:59:59.999+00"),
  },
  { type: "timestamp", value: new Date(-8.64e15), postgres: "date-out-of-range", duckdb: kept("271822-04-20 (BC) 00:00:00+00") },
  ...rejected("timestamp", "invalid-date", new Date(Number.NaN)),
  { type: "timestamp", value: 1e18, postgres: { v__v_double: "1e+18" }, duckdb: { v__v_double: "1e+18" } },
  ...exact("time", "00:00:00", "23:59:59.999999"),
  ...asText("time", "24:00:00", "23:59:60", "25:00:00", "-01:00:00", "allballs"),
]

const numbers: readonly EdgeValue[] = [
  { type: "bigint", value: 2n ** 63n - 1n, postgres: kept("9223372036854775807") },
  { type: "bigint", value: -(2n ** 63n), postgres: kept("-9223372036854775808") },
  wei("bigint", 2n ** 63n, "fits"),
  wei("bigint", 10n ** 40n, "beyond"),
  ...rejected("bigint", "integer-out-of-range", 10n ** 200n),
  ...asText("bigint", "1e400", "NaN"),
  { type: "double", value: Number.MAX_VALUE, postgres: kept("1.7976931348623157e+308") },
  { type: "double", value: 5e-324, postgres: kept("5e-324") },
  { type: "double", value: Number.POSITIVE_INFINITY, postgres: {} },
  { type: "double", value: Number.NaN, postgres: {} },
  ...asText("double", "1e400", "Infinity", "nan"),
  ...rejected("double", "integer-out-of-range", 10n ** 400n),
  ...exact("decimal", `${"9".repeat(29)}.999999999`, "0.000000001"),
  { type: "decimal", value: "1e28", postgres: kept(`1${"0".repeat(28)}.000000000`) },
  ...asText("decimal", "0.0000000001", "1e29", "1e400", "NaN", "Infinity"),
  wei("wei", 10n ** 37n, "fits"),
  wei("wei", 10n ** 77n, "beyond"),
  wei("wei", 2n ** 256n - 1n, "beyond"),
  wei("wei", -(2n ** 255n), "beyond"),
  ...rejected("wei", "integer-out-of-range", 10n ** 78n),
  ...asText("wei", "1.5", "NaN"),
]

const others: readonly EdgeValue[] = [
  { type: "bool", value: 2, postgres: { v__v_bigint: "2" } },
  { type: "bool", value: 0.5, postgres: { v__v_double: "0.5" } },
  wei("bool", 10n ** 30n, "fits"),
  ...asText("bool", "maybe", "'; --"),
  { type: "binary", value: new Uint8Array(0), postgres: kept("\\x"), duckdb: kept("") },
  { type: "binary", value: new Uint8Array([0, 255, 92, 10, 9, 13]), postgres: kept("\\x00ff5c0a090d"), duckdb: kept("00FF5C0A090D") },
  {
    type: "binary",
    value: new Uint8Array(2_000_000).fill(92),
    postgres: kept(`\\x${"5c".repeat(2_000_000)}`),
    duckdb: kept("5C".repeat(2_000_000)),
  },
  ...asText("binary", "\\x41", "zz"),
]

/** Values at the edges of every type, and beyond. */
export const edgeValues: readonly EdgeValue[] = [...texts, ...documents, ...times, ...numbers, ...others]

/** A value for the name of a test. */
export function shorten(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : typeof value === "object" ? describe(value) : String(value)
  return text.length > 50 ? `${text.slice(0, 40)}... (${text.length})` : text
}

function describe(value: object | null): string {
  if (value instanceof Date) return `Date ${value.getTime()}`
  return value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value)
}
