import type { DataType } from "../schema/model.ts"

/** What is known about one side of a join: a column's values so far, or one value. */
export interface TypeFacts {
  readonly type: DataType
  /** Every integer is exact in a double; true where there are none. */
  readonly integersExact: boolean
  /** Every double has an exact form in the destination's decimal; true where there are none. */
  readonly doublesFitDecimal: boolean
}

/**
 * The narrowest type that holds the values of both sides without loss, or undefined when there is none (rule T1 of the data model).
 * Commutative, so that the order of rows and the number of workers do not matter.
 */
export function joinTypes(left: TypeFacts, right: TypeFacts): DataType | undefined {
  if (left.type === right.type) return left.type
  const pair = [left.type, right.type].sort().join("+")
  const doublesFit = left.doublesFitDecimal && right.doublesFitDecimal
  switch (pair) {
    case "bigint+double":
      if (left.integersExact && right.integersExact) return "double"
      return doublesFit ? "decimal" : undefined
    case "bigint+decimal":
      return "decimal"
    case "decimal+double":
      return doublesFit ? "decimal" : undefined
    case "bigint+wei":
      return "wei"
    case "date+timestamp":
      return "timestamp"
    default:
      return undefined
  }
}
