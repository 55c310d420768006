import { type Column, LadingError } from "@lading/core"
import { type Dialect, quoteWithDoubleQuotes } from "@lading/sql"

/** DuckDB's SQL: types as dlt maps them (reference: load 4.1), spelled as `duckdb_columns()` spells them. */
export const duckdbDialect: Dialect = {
  name: "duckdb",
  quote: quoteWithDoubleQuotes,
  fold: (identifier) => identifier.toLowerCase(),
  columnType,
  isWidening,
  cast,
  alterType: (table, column, type, using) => `ALTER TABLE ${table} ALTER COLUMN ${column} SET DATA TYPE ${type} USING ${using}`,
  arrivalOrder: "rowid",
}

function columnType(column: Column): string {
  switch (column.data_type) {
    case "text":
      return "VARCHAR"
    case "double":
      return "DOUBLE"
    case "bool":
      return "BOOLEAN"
    case "date":
      return "DATE"
    case "time":
      return "TIME"
    case "binary":
      return "BLOB"
    case "json":
      return "JSON"
    case "wei":
      return "DECIMAL(38,0)"
    case "decimal":
      return decimalType(column.precision ?? 38, column.scale)
    case "bigint":
      return pick(column, integerTypes, "BIGINT")
    case "timestamp":
      return column.timezone === false ? pick(column, timestampTypes, "TIMESTAMP") : "TIMESTAMP WITH TIME ZONE"
    default:
      throw new LadingError({
        code: "unsupported-type",
        message: `Column "${column.name}" has no type yet`,
        details: { column: column.name },
      })
  }
}

/** Without a scale nine fraction digits, as dlt has it, or as many as there are digits at all. */
function decimalType(precision: number, scale: number | undefined): string {
  return `DECIMAL(${precision},${scale ?? Math.min(9, precision)})`
}

/** Largest precision of each type, ascending. */
const integerTypes = [
  [8, "TINYINT"],
  [16, "SMALLINT"],
  [32, "INTEGER"],
  [64, "BIGINT"],
  [128, "HUGEINT"],
] as const
const timestampTypes = [
  [0, "TIMESTAMP_S"],
  [3, "TIMESTAMP_MS"],
  [6, "TIMESTAMP"],
  [9, "TIMESTAMP_NS"],
] as const

function pick(column: Column, types: readonly (readonly [number, string])[], fallback: string): string {
  const { precision } = column
  if (precision === undefined) return fallback
  const found = types.find(([most]) => precision <= most)
  if (found !== undefined) return found[1]
  throw new LadingError({
    code: "unsupported-type",
    message: `DuckDB has no ${column.data_type} of precision ${precision} for column "${column.name}"`,
    hint: "Leave the precision out, or use a smaller one.",
    details: { column: column.name, precision },
  })
}

/** Decimal digits that an integer type needs. */
const integerDigits: ReadonlyMap<string, number> = new Map([
  ["TINYINT", 3],
  ["SMALLINT", 5],
  ["INTEGER", 10],
  ["BIGINT", 19],
])
const integerOrder = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"]
const timestampOrder = ["TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"]

function isWidening(from: string, to: string): boolean {
  if (integerOrder.includes(from) && integerOrder.includes(to)) return integerOrder.indexOf(from) < integerOrder.indexOf(to)
  // Whether these integers are exact in a double was asked of the destination before the type was chosen.
  if (to === "DOUBLE") return integerDigits.has(from) || from === "FLOAT"
  const wide = decimalOf(to)
  if (wide !== undefined) {
    const narrow = decimalOf(from)
    if (narrow !== undefined) return from !== to && wide.digits - wide.scale >= narrow.digits - narrow.scale && wide.scale >= narrow.scale
    return from === "DOUBLE" || wide.digits - wide.scale >= (integerDigits.get(from) ?? 39)
  }
  if (from === "DATE") return timestampOrder.includes(to)
  if (timestampOrder.includes(from) && timestampOrder.includes(to)) return timestampOrder.indexOf(from) < timestampOrder.indexOf(to)
  return false
}

function decimalOf(type: string): { digits: number; scale: number } | undefined {
  const match = /^DECIMAL\((\d+),(\d+)\)$/.exec(type)
  return match === null ? undefined : { digits: Number(match[1]), scale: Number(match[2]) }
}

function cast(expression: string, from: string, to: string): string {
  if (from === to) return expression
  const decimal = decimalOf(to)
  if (decimal === undefined) return `CAST(${expression} AS ${to})`
  // A double cast straight to a decimal goes through binary arithmetic; its shortest text is what the user saw.
  if (from === "DOUBLE") return textToDecimal(`CAST(${expression} AS VARCHAR)`, to, decimal)
  return from === "VARCHAR" ? textToDecimal(expression, to, decimal) : `CAST(${expression} AS ${to})`
}

/** DuckDB 1.5 needs 10 microseconds to read a text as a decimal of more than 18 digits, 0.3 for one of fewer: try the small one first. */
function textToDecimal(text: string, to: string, { digits, scale }: { digits: number; scale: number }): string {
  if (digits <= 18 || scale > 18) return `CAST(${text} AS ${to})`
  return `COALESCE(CAST(TRY_CAST(${text} AS DECIMAL(18,${scale})) AS ${to}), CAST(${text} AS ${to}))`
}
