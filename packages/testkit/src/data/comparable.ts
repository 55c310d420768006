import assert from "node:assert/strict"
import type { DataType } from "@lading/core"
import { microsOfTime, microsOfTimestamp } from "./temporal.ts"

/**
 * A value in the one form in which values are compared, whatever form a driver gives it: integers and microseconds as decimal text, decimals
 * without trailing zeros, bytes as hexadecimal text, JSON parsed. Throws an AssertionError when the value cannot be one of the type.
 */
export function toComparable(dataType: DataType, value: unknown): unknown {
  if (value === null || value === undefined) return null
  return comparers[dataType](value)
}

const comparers: Readonly<Record<DataType, (value: unknown) => unknown>> = {
  text: (value) => ofType(value, "string"),
  bool: (value) => ofType(value, "boolean"),
  double: (value) => (typeof value === "string" ? Number(value) : ofType(value, "number")),
  bigint: (value) => BigInt(String(value)).toString(),
  decimal: (value) => plainDecimal(String(value)),
  wei: (value) => plainDecimal(String(value)),
  json: (value) => (typeof value === "string" ? JSON.parse(value) : value),
  binary: (value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("hex") : assert.fail(`bytes expected, got ${typeof value}`),
  date: (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : String(value).slice(0, 10)),
  time: (value) => microsOfTime(String(value)).toString(),
  timestamp: (value) => (value instanceof Date ? BigInt(value.getTime()) * 1000n : microsOfTimestamp(String(value))).toString(),
}

function ofType(value: unknown, type: "string" | "boolean" | "number"): unknown {
  assert.equal(typeof value, type, `${type} expected, got ${typeof value}: ${String(value)}`)
  return value
}

function plainDecimal(text: string): string {
  const [, sign = "", whole = "", fraction = ""] =
    /^([+-]?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(text) ?? assert.fail(`${JSON.stringify(text)} is not a decimal`)
  const digits = fraction === "" ? whole : `${whole}.${fraction}`
  return sign === "-" && /[1-9]/.test(digits) ? `-${digits}` : digits
}
