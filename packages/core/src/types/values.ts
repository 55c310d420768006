import { LadingError } from "../errors.ts"
import { parseDecimal } from "./decimal.ts"

const marker: unique symbol = Symbol.for("lading.value")

/** A decimal in its canonical text, told from a text by its marker. */
export interface DecimalValue {
  readonly [marker]: "decimal"
  readonly text: string
}

/** An integer of up to 256 bits as text. */
export interface WeiValue {
  readonly [marker]: "wei"
  readonly text: string
}

/** A number that JSON wrote with a fraction or an exponent although it is whole (`1.0`): a double, not a bigint. */
export interface JsonDouble {
  readonly [marker]: "double"
  readonly value: number
}

export type TaggedValue = DecimalValue | WeiValue | JsonDouble

/**
 * An exact decimal for a row: `decimal("0.1")`.
 * @throws LadingError `invalid-decimal`
 */
export function decimal(text: string): DecimalValue {
  return { [marker]: "decimal", text: canonical(text) }
}

/**
 * An exact number of the type wei for a row.
 * @throws LadingError `invalid-decimal`
 */
export function wei(text: string): WeiValue {
  return { [marker]: "wei", text: canonical(text) }
}

/** A whole number that is to be a double. */
export function jsonDouble(value: number): JsonDouble {
  return { [marker]: "double", value }
}

/** The value as one of the tagged values above, of this or another copy of the package; undefined when it is none. */
export function asTagged(value: object): TaggedValue | undefined {
  return marker in value ? (value as TaggedValue) : undefined
}

/** Which tagged value it is. */
export function tagOf(value: TaggedValue): "decimal" | "wei" | "double" {
  return value[marker]
}

function canonical(text: string): string {
  const parsed = parseDecimal(text)
  if (parsed === undefined)
    throw new LadingError({
      code: "invalid-decimal",
      message: `${JSON.stringify(text.slice(0, 80))} is not a decimal number`,
      hint: "Write digits with an optional sign, point and exponent, such as -12.50",
    })
  return parsed
}
