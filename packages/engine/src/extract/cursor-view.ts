import { type CursorView, formatDate, type TypedValue } from "@lading/core"

/** The range of a cursor, as the cursor itself keeps it. */
export interface CursorRange {
  /** -1 for a cursor that goes downwards. */
  readonly sign: 1 | -1
  readonly start: TypedValue | undefined
  readonly end: TypedValue | undefined
  readonly initial: TypedValue | undefined
  readonly last: () => TypedValue | undefined
}

/** The range of a cursor in values that a resource can put into a query. */
export function viewOf({ sign, start, end, initial, last }: CursorRange): CursorView {
  return {
    start: toQueryValue(start, sign === 1),
    end: toQueryValue(end, sign === -1),
    initialValue: toQueryValue(initial, sign === 1),
    get lastValue() {
      return toQueryValue(last(), sign === 1)
    },
  }
}

/** A `Date` holds milliseconds only: what is finer is rounded so that the range grows, for the cursor leaves out what is too much. */
function toQueryValue(typed: TypedValue | undefined, roundsDown: boolean): unknown {
  if (typed?.type === "date") return formatDate(typed.value as number)
  if (typed?.type !== "timestamp") return typed?.value
  const micros = typed.value as bigint
  const rest = ((micros % 1000n) + 1000n) % 1000n
  return new Date(Number((micros - rest) / 1000n) + (roundsDown || rest === 0n ? 0 : 1))
}
