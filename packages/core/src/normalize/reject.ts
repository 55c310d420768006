/** A row that cannot be loaded, or a value or nested row that a contract discards, and why: counted, kept in `_lading_rejects`, committed with the good rows. */
export interface Reject {
  /** Raw name of the root table. */
  readonly table: string
  /** Position among the extracted rows of the table in this load, from 0. */
  readonly ordinal: number
  readonly code: string
  /** JSON pointer (RFC 6901) to the value at fault; empty for the whole row. */
  readonly pointer: string
  readonly message: string
  /** The row as JSON text, at most 64 KiB of it. */
  readonly value: string
  /** SHAKE-128 of the whole text, 10 bytes in base64. */
  readonly valueHash: string
  /** File name or address. */
  readonly origin: string | undefined
  readonly line: number | undefined
}

/** How much goes with a fault: the whole record, the row of its table with what is nested below it, or only the value. */
export type FaultScope = "record" | "row" | "value"

/** Thrown while a row is normalized, caught at what its scope says: never leaves the normalizer. */
export class RowFault extends Error {
  readonly code: string
  readonly scope: FaultScope
  /** Keys from the row to the value at fault, outermost first; list positions as numbers. */
  path: readonly (string | number)[] | undefined

  constructor(code: string, message: string, scope: FaultScope = "record") {
    super(message)
    this.code = code
    this.scope = scope
  }
}

/** A JSON pointer as RFC 6901 writes it. */
export function toPointer(path: readonly (string | number)[] | undefined): string {
  return (path ?? []).map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")
}
