import type { Column } from "@lading/core"

/** What one database does differently; everything else is shared. All members are pure. */
export interface Dialect {
  readonly name: string
  /** Quotes one identifier. */
  readonly quote: (identifier: string) => string
  /** The form under which the database compares identifiers. */
  readonly fold: (identifier: string) => string
  /** Type of a complete column, spelled as the database's catalogue spells it. Throws LadingError `unsupported-type`. */
  readonly columnType: (column: Column) => string
  /** True when every value of type `from` has an equal value of type `to`, as far as the types say. */
  readonly isWidening: (from: string, to: string) => boolean
  /** Expression that turns a value of type `from` into type `to` without a detour through a less exact type. */
  readonly cast: (expression: string, from: string, to: string) => string
  /** Statement that changes the type of a column; `using` is the conversion of the old values. */
  readonly alterType: (table: string, column: string, type: string, using: string) => string
  /** Expression over a staging table that sorts rows by arrival; undefined where the database keeps no such order. */
  readonly arrivalOrder: string | undefined
  /** How an upsert that keeps foreign columns is written: one MERGE (the default), or an UPDATE of the rows that are there and an INSERT of the others. */
  readonly upsertForm?: "merge" | "update-insert"
  /** True where `TRUNCATE` works in a transaction. Default false: rows are deleted. */
  readonly hasTruncate?: boolean
  /** Statement that keeps other writers, or readers too, away from a table until the transaction ends; undefined where transactions need none. */
  readonly lock?: (table: string, against: "writers" | "everybody") => string
}
