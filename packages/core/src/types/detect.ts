import type { DataType } from "../schema/model.ts"
import type { TypedValue } from "./infer.ts"
import { parseIso } from "./iso.ts"

/** Greatest integer that BigQuery's BIGNUMERIC holds; beyond it dlt keeps integers as text. */
const greatestWei = 578960446186580977117854925043439539266n
const greatestInt64 = 2n ** 63n - 1n
const fiveYearsInSeconds = 5 * 365 * 86_400

type Detector = (typed: TypedValue, nowSeconds: number) => DataType | undefined

const detectors: Readonly<Record<string, Detector>> = {
  timestamp: (typed, nowSeconds) => (isNearNow(typed, nowSeconds) ? "timestamp" : undefined),
  iso_timestamp: (typed) => (isoKind(typed) === "timestamp" ? "timestamp" : undefined),
  iso_date: (typed) => (isoKind(typed) === "date" ? "date" : undefined),
  large_integer: largeInteger,
  // JavaScript has no type of bytes that stands for hexadecimal text
  hexbytes_to_text: () => undefined,
  wei_to_double: ({ type }) => (type === "wei" ? "double" : undefined),
}

/**
 * The first answer of the named autodetectors, in their order (reference: schema 2.3); unknown names are passed over. `nowSeconds` is
 * the wall clock in seconds since 1970.
 */
export function detectType(names: readonly string[], typed: TypedValue, nowSeconds: number): DataType | undefined {
  for (const name of names) {
    const answer = Object.hasOwn(detectors, name) ? detectors[name]?.(typed, nowSeconds) : undefined
    if (answer !== undefined) return answer
  }
  return undefined
}

function isNearNow({ type, value }: TypedValue, nowSeconds: number): boolean {
  if ((type !== "bigint" && type !== "double") || typeof value !== "number") return false
  return Math.abs(value - nowSeconds) <= fiveYearsInSeconds
}

function isoKind({ type, value }: TypedValue): string | undefined {
  return type === "text" && typeof value === "string" ? parseIso(value)?.kind : undefined
}

function largeInteger({ type, value }: TypedValue): DataType | undefined {
  if (type !== "bigint" || typeof value !== "bigint" || value <= greatestInt64) return undefined
  return value > greatestWei ? "text" : "wei"
}
