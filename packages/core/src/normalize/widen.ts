import type { ColumnBuilder } from "../columns/column-builder.ts"
import { maxExactInteger } from "../columns/column-builder.ts"
import type { DataType } from "../schema/model.ts"
import { fitsDecimal, shortestDecimal } from "../types/decimal.ts"
import type { TypedValue } from "../types/infer.ts"
import { joinTypes } from "../types/join.ts"
import { pushValue } from "./push-value.ts"
import type { NormalizeRun } from "./run.ts"
import type { TableBuilder } from "./table-builder.ts"

const microsPerDay = 86_400_000_000n

/**
 * Gives a column the join of its type and a value's type, rewriting the values of the open batch; values of sealed batches are
 * converted by the destination. False when there is no join without loss, or nobody may change the column.
 */
export function widen(run: NormalizeRun, table: TableBuilder, column: ColumnBuilder, typed: TypedValue): boolean {
  const identity = `${table.schema.name}.${column.name}`
  const isStored = run.existing.has(identity)
  if (table.pinned.has(column.name) || (isStored && (run.evolution.widen === "never" || !run.mayChangeTypes(table)))) return false
  const joined = joinTypes(factsOf(run, column), factsOfValue(run, typed))
  if (joined === undefined || joined === column.dataType) return false
  const spec = table.schema.columns[column.name]
  retype(run, column, joined)
  // Not undone when the record is rejected later: the wider type changes no value of any other row.
  if (spec !== undefined) spec.data_type = joined
  return true
}

interface Facts {
  readonly type: DataType
  readonly integersExact: boolean
  readonly doublesFitDecimal: boolean
}

function factsOf(run: NormalizeRun, column: ColumnBuilder): Facts {
  return { type: column.dataType, integersExact: column.integersExact, doublesFitDecimal: doublesFitDecimal(run, column) }
}

function factsOfValue(run: NormalizeRun, { type, value }: TypedValue): Facts {
  const integersExact =
    type === "bigint" ? (typeof value === "number" ? Math.abs(value) <= maxExactInteger : BigInt(Number(value)) === value) : type !== "wei"
  return {
    type,
    integersExact,
    doublesFitDecimal: type !== "double" || fitsAsDecimal(run, value as number, 10 ** run.capabilities.decimal.scale),
  }
}

/** Whether every double seen in the column so far has an exact decimal form; asked again before a batch is sealed. */
export function doublesFitDecimal(run: NormalizeRun, column: ColumnBuilder): boolean {
  if (column.dataType !== "double") return true
  if (!column.doublesFitDecimal) return false
  const factor = 10 ** run.capabilities.decimal.scale
  for (let i = 0; i < column.valueCount; i++) if (!fitsAsDecimal(run, column.doubleAt(i), factor)) return false
  return true
}

/** `factor` is ten to the scale of the destination's decimals. */
function fitsAsDecimal(run: NormalizeRun, value: number, factor: number): boolean {
  const scaled = value * factor
  if (Math.abs(scaled) < maxExactInteger) return Math.round(scaled) / factor === value
  const { precision, scale } = run.capabilities.decimal
  return fitsDecimal(shortestDecimal(value), precision, scale)
}

function retype(run: NormalizeRun, column: ColumnBuilder, type: DataType): void {
  const from = column.dataType
  column.retype(type, (before, index, row) => pushValue(run, column, row, convertStored(before, index, from, type)))
}

function convertStored(before: ColumnBuilder, index: number, from: DataType, to: DataType): unknown {
  if (from === "bigint") return to === "double" ? Number(before.integerAt(index)) : before.integerAt(index).toString()
  if (from === "double") return shortestDecimal(before.doubleAt(index))
  if (from === "date") return BigInt(before.daysAt(index)) * microsPerDay
  throw new Error(`no stored ${from} becomes ${to}`)
}
