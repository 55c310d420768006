import { type ColumnBuilder, maxExactInteger } from "../columns/column-builder.ts"
import type { DataType } from "../schema/model.ts"
import { coerce } from "../types/coerce.ts"
import { fitsDecimal } from "../types/decimal.ts"
import { detectType } from "../types/detect.ts"
import type { TypedValue } from "../types/infer.ts"
import type { KeyPlan } from "./plan.ts"
import { pushValue } from "./push-value.ts"
import { RowFault } from "./reject.ts"
import { type NormalizeRun, preferredType } from "./run.ts"
import { widen } from "./widen.ts"

const minInt64 = -(2n ** 63n)
const maxInt64 = 2n ** 63n - 1n

/**
 * Writes one typed value of a row: into the key's base column where it fits, is widened or coerced to fit; else into the
 * variant column of the value's type. Creates columns that do not exist yet. Throws RowFault for a value that nothing can hold.
 */
export function writeValue(run: NormalizeRun, key: KeyPlan, row: number, typed: TypedValue): void {
  const value = withinRange(run, typed)
  if (value === undefined) return
  const column = key.column ?? baseColumn(run, key, value)
  if (column !== undefined && fit(run, key, column, row, value)) return
  writeVariant(run, key, row, value)
}

/** Applies the rules for numbers that no column type can hold as they are; undefined means the value is null. */
function withinRange(run: NormalizeRun, typed: TypedValue): TypedValue | undefined {
  const { type, value } = typed
  if (type === "double" && !Number.isFinite(value as number)) return nonFinite(run, value as number)
  if (type === "bigint" && typeof value === "bigint" && (value < minInt64 || value > maxInt64)) return wideInteger(run, value.toString())
  if (type === "wei" && !fitsDecimal(value as string, run.capabilities.wei.precision, run.capabilities.wei.scale))
    return wideInteger(run, value as string)
  return typed
}

function nonFinite(run: NormalizeRun, value: number): TypedValue | undefined {
  if (run.onNonFinite === "reject") throw new RowFault("non-finite-number", `${value} is not a finite number`)
  if (run.onNonFinite === "text") return { type: "text", value: String(value) }
  run.nonFiniteCount++
  return undefined
}

function wideInteger(run: NormalizeRun, digits: string): TypedValue {
  const { precision, scale } = run.capabilities.wei
  if (fitsDecimal(digits, precision, scale)) return { type: "wei", value: digits }
  throw new RowFault("integer-out-of-range", `an integer of ${digits.length} digits fits no type of the destination`)
}

/** The key's base column, bound or created; undefined when the first value does not fit the preferred type. */
function baseColumn(run: NormalizeRun, key: KeyPlan, typed: TypedValue): ColumnBuilder | undefined {
  const table = key.owner.table
  const name = run.ledger.columnName(table.schema.name, key.path).name
  const declared = table.schema.columns[name]
  if (declared?.data_type !== undefined) return bindColumn(run, key, name)
  const preferred = preferredType(run.schema, name)
  if (preferred !== undefined && convert(run, typed, preferred) === undefined) return undefined
  const type = preferred ?? detectType(run.schema.settings.detections ?? [], typed, run.nowSeconds) ?? typed.type
  return remember(run, key, run.addColumn(table, name, type, false))
}

function bindColumn(run: NormalizeRun, key: KeyPlan, name: string): ColumnBuilder {
  const table = key.owner.table
  const column = table.bind(name)
  const identity = `${table.schema.name}.${name}`
  if (run.inexactIntegers.has(identity)) column.integersExact = false
  // Nobody has looked whether the doubles of earlier loads have an exact decimal form.
  if (run.existing.has(identity)) column.doublesFitDecimal = false
  return remember(run, key, column)
}

function remember(run: NormalizeRun, key: KeyPlan, column: ColumnBuilder): ColumnBuilder {
  key.column = column
  run.undo.push(() => {
    key.column = undefined
  })
  return column
}

function fit(run: NormalizeRun, key: KeyPlan, column: ColumnBuilder, row: number, typed: TypedValue): boolean {
  if (column.lastRow === row) return false
  const converted = convert(run, typed, column.dataType)
  if (converted !== undefined) {
    // The text `null` parsed for a json column is no value.
    if (converted.value !== null) pushValue(run, column, row, converted.value)
    return true
  }
  if (!widen(run, key.owner.table, column, typed)) return false
  return fit(run, key, column, row, typed)
}

/** The value in the given type, if the change loses nothing. */
function convert(run: NormalizeRun, typed: TypedValue, to: DataType): { readonly value: unknown } | undefined {
  if (typed.type === to) return inDomain(run, to, typed.value) ? typed : undefined
  if (to === "double" && typed.type === "bigint" && !isExactInDouble(typed.value as number | bigint)) return undefined
  const coerced = coerce(typed.value, typed.type, to)
  return coerced !== undefined && inDomain(run, to, coerced.value) ? coerced : undefined
}

function inDomain(run: NormalizeRun, type: DataType, value: unknown): boolean {
  if (type === "decimal") return fitsDecimal(value as string, run.capabilities.decimal.precision, run.capabilities.decimal.scale)
  if (type === "wei") return fitsDecimal(value as string, run.capabilities.wei.precision, run.capabilities.wei.scale)
  if (type === "bigint") return typeof value !== "bigint" || (value >= minInt64 && value <= maxInt64)
  if (type === "double") return Number.isFinite(value as number)
  return true
}

function isExactInDouble(value: number | bigint): boolean {
  return typeof value === "number" ? Math.abs(value) <= maxExactInteger : BigInt(Number(value)) === value
}

/** Writes into `<column>__v_<type>`, typed by its suffix: no detector and no preference decides. */
function writeVariant(run: NormalizeRun, key: KeyPlan, row: number, typed: TypedValue): void {
  const column = key.variants?.get(typed.type) ?? variantColumn(run, key, typed.type)
  const converted = convert(run, typed, column.dataType)
  if (converted === undefined || column.lastRow === row) {
    const text = typed.type === "decimal" ? coerce(typed.value, "decimal", "text") : undefined
    if (text !== undefined) {
      writeVariant(run, key, row, { type: "text", value: text.value })
      return
    }
    throw new RowFault(
      "no-column-fits",
      `neither ${key.key} nor ${column.name} (${column.dataType}) can take a value of type ${typed.type}`,
    )
  }
  pushValue(run, column, row, converted.value)
}

function variantColumn(run: NormalizeRun, key: KeyPlan, type: DataType): ColumnBuilder {
  const table = key.owner.table
  const name = run.ledger.variantName(table.schema.name, key.path, type).name
  const isKnown = table.schema.columns[name]?.data_type !== undefined
  const column = isKnown ? table.bind(name) : run.addColumn(table, name, type, true)
  key.variants ??= new Map()
  key.variants.set(type, column)
  run.undo.push(() => key.variants?.delete(type))
  return column
}
