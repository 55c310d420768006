import { type Column, LadingError } from "@lading/core"
import { type Dialect, quoteWithDoubleQuotes } from "@lading/sql"

/** Longest identifier (NAMEDATALEN - 1). A longer one is cut by the server, without an error. */
export const maxNameBytes = 63

/** Column of a staging table that numbers the rows as they arrive. */
export const arrivalColumn = "_lading_arrival"

/** PostgreSQL's SQL: types as dlt maps them (reference: load 4.2), spelled as `format_type` spells them. */
export const postgresDialect: Dialect = {
  name: "postgres",
  quote,
  fold: (identifier) => identifier,
  columnType,
  isWidening,
  cast,
  alterType: (table, column, type, using) => `ALTER TABLE ${table} ALTER COLUMN ${column} TYPE ${type} USING ${using}`,
  arrivalOrder: quoteWithDoubleQuotes(arrivalColumn),
  upsertForm: "update-insert",
  hasTruncate: true,
  // Nobody else may add rows between the delete and the commit; readers are not disturbed.
  lock: (table, against) => `LOCK TABLE ${table} IN ${against === "writers" ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE"} MODE`,
}

function quote(identifier: string): string {
  if (Buffer.byteLength(identifier) > maxNameBytes)
    throw new LadingError({
      code: "identifier-too-long",
      message: `The name "${identifier}" has more than ${maxNameBytes} bytes`,
      hint: "PostgreSQL would cut it: rename the table or column, or use the naming convention snake_case.",
      details: { identifier },
    })
  return quoteWithDoubleQuotes(identifier)
}

function columnType(column: Column): string {
  switch (column.data_type) {
    case "text":
      return column.precision === undefined ? "character varying" : `character varying(${column.precision})`
    case "double":
      return "double precision"
    case "bool":
      return "boolean"
    case "date":
      return "date"
    case "time":
      return `time${fraction(column)} without time zone`
    case "binary":
      return "bytea"
    case "json":
      return "jsonb"
    case "wei":
      return "numeric(156,78)"
    case "decimal":
      return decimalType(column.precision ?? 38, column.scale)
    case "bigint":
      return integerType(column)
    case "timestamp":
      return `timestamp${fraction(column)} ${column.timezone === false ? "without" : "with"} time zone`
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
  return `numeric(${precision},${scale ?? Math.min(9, precision)})`
}

function fraction(column: Column): string {
  if (column.precision === undefined) return ""
  if (column.precision <= 6) return `(${column.precision})`
  throw unsupported(column)
}

/** Largest number of bits of each type, ascending. */
const integerTypes = [
  [16, "smallint"],
  [32, "integer"],
  [64, "bigint"],
] as const

function integerType(column: Column): string {
  const { precision } = column
  if (precision === undefined) return "bigint"
  const found = integerTypes.find(([most]) => precision <= most)
  if (found === undefined) throw unsupported(column)
  return found[1]
}

function unsupported({ name, data_type, precision }: Column): LadingError {
  return new LadingError({
    code: "unsupported-type",
    message: `PostgreSQL has no ${data_type} of precision ${precision} for column "${name}"`,
    hint: "Leave the precision out, or use a smaller one.",
    details: { column: name, precision },
  })
}

/** Decimal digits that an integer type needs. */
const integerDigits: ReadonlyMap<string, number> = new Map([
  ["smallint", 5],
  ["integer", 10],
  ["bigint", 19],
])
const integerOrder = [...integerDigits.keys()]

function isWidening(from: string, to: string): boolean {
  if (from === to) return false
  if (integerDigits.has(from) && integerDigits.has(to)) return integerOrder.indexOf(from) < integerOrder.indexOf(to)
  // Whether these integers are exact in a double was asked of the destination before the type was chosen.
  if (to === "double precision") return integerDigits.has(from) || from === "real"
  const wide = decimalOf(to)
  if (wide !== undefined) {
    const narrow = decimalOf(from)
    if (narrow !== undefined) return wide.whole >= narrow.whole && wide.scale >= narrow.scale
    return from === "double precision" || wide.whole >= (integerDigits.get(from) ?? Number.POSITIVE_INFINITY)
  }
  return isLongerText(from, to) || isFinerTime(from, to)
}

function decimalOf(type: string): { whole: number; scale: number } | undefined {
  if (type === "numeric") return { whole: Number.POSITIVE_INFINITY, scale: Number.POSITIVE_INFINITY }
  const match = /^numeric\((\d+),(\d+)\)$/.exec(type)
  return match === null ? undefined : { whole: Number(match[1]) - Number(match[2]), scale: Number(match[2]) }
}

function isLongerText(from: string, to: string): boolean {
  const [narrow, wide] = [textLength(from), textLength(to)]
  return narrow !== undefined && wide !== undefined && narrow < wide
}

function textLength(type: string): number | undefined {
  if (type === "character varying" || type === "text") return Number.POSITIVE_INFINITY
  const match = /^character varying\((\d+)\)$/.exec(type)
  return match === null ? undefined : Number(match[1])
}

function isFinerTime(from: string, to: string): boolean {
  const wide = timeOf(to)
  if (wide === undefined) return false
  if (from === "date") return wide.kind === "timestamp"
  const narrow = timeOf(from)
  if (narrow === undefined || narrow.kind !== wide.kind || (narrow.hasZone && !wide.hasZone)) return false
  return narrow.digits <= wide.digits
}

function timeOf(type: string): { kind: string; digits: number; hasZone: boolean } | undefined {
  const match = /^(timestamp|time)(?:\((\d)\))? (with|without) time zone$/.exec(type)
  return match === null ? undefined : { kind: match[1] ?? "", digits: Number(match[2] ?? 6), hasZone: match[3] === "with" }
}

/** Sessions run in UTC, so that a date or a wall-clock time becomes an instant of UTC. */
function cast(expression: string, from: string, to: string): string {
  if (from === to) return expression
  // A double cast straight to numeric keeps 15 digits; its shortest text is what the user saw.
  if (from === "double precision" && decimalOf(to) !== undefined) return `CAST(CAST(${expression} AS text) AS ${to})`
  return `CAST(${expression} AS ${to})`
}
