/** Types that a CSV column can have. */
export type CsvType = "bigint" | "double" | "bool" | "text"

/** What all values of a column seen so far allow; nulls say nothing. */
export interface Evidence {
  isSeen: boolean
  bigint: boolean
  double: boolean
  bool: boolean
  /** Every decimal is as short as it can be. */
  isShortest: boolean
  /** Digits after the point, as long as all values agree; -1 when they do not. */
  fraction: number | undefined
}

const integer = /^(?:0|-?[1-9][0-9]*)$/
const decimal = /^-?(?:0|[1-9][0-9]*)(?:\.([0-9]+))?$/
const greatest = 2n ** 63n - 1n
const least = -(2n ** 63n)

/** Evidence of a column without values. */
export function noEvidence(): Evidence {
  return { isSeen: false, bigint: true, double: true, bool: true, isShortest: true, fraction: undefined }
}

/** Adds a value to the evidence. */
export function observe(evidence: Evidence, text: string): void {
  evidence.isSeen = true
  if (evidence.bool && text !== "true" && text !== "false") evidence.bool = false
  if (evidence.bigint && !isBigint(text)) evidence.bigint = false
  if (!evidence.double) return
  if (!isDouble(text)) {
    evidence.double = false
    return
  }
  const point = text.indexOf(".")
  const fraction = point === -1 ? 0 : text.length - point - 1
  if (fraction > 0 && text.endsWith("0")) evidence.isShortest = false
  evidence.fraction = evidence.fraction === undefined || evidence.fraction === fraction ? fraction : -1
  if (!evidence.isShortest && evidence.fraction === -1) evidence.double = false
}

/**
 * The type of a column. `stored` is the decision of an earlier file or run: it stands as long as the values fit, and text always stands. Undefined: no values, no
 * decision.
 */
export function decide(evidence: Evidence, stored: CsvType | undefined): CsvType | undefined {
  if (!evidence.isSeen) return stored
  if (stored === "text") return "text"
  if (stored !== undefined && evidence[stored]) return stored
  if (evidence.bigint) return stored === "double" ? "text" : "bigint"
  if (evidence.double) return "double"
  return evidence.bool ? "bool" : "text"
}

/** A value in its column's type; text that does not fit stays text. Integers beyond 2^53 are JS bigints. */
export function convert(text: string, type: CsvType): string | number | bigint | boolean {
  if (type === "bigint" && isBigint(text)) {
    const number = Number(text)
    return Number.isSafeInteger(number) ? number : BigInt(text)
  }
  if (type === "double" && isDouble(text)) return Number(text)
  if (type === "bool" && (text === "true" || text === "false")) return text === "true"
  return text
}

/** An integer of 64 bits without sign plus, leading zeros or minus zero. */
function isBigint(text: string): boolean {
  if (text.length > 20 || !integer.test(text)) return false
  if (text.length < 19) return true
  const value = BigInt(text)
  return value >= least && value <= greatest
}

/** A plain decimal of at most 15 significant digits: each of these survives the way through a double (IEEE 754, DBL_DIG). */
function isDouble(text: string): boolean {
  if (text.length > 40 || !decimal.test(text) || /^-0(?:\.0*)?$/.test(text)) return false
  return text.replace(/[-.]/g, "").replace(/^0+/, "").length <= 15
}
