import type { LadingError, MergeStrategy, Table } from "@lading/core"

/** One table of a merge: where it is, and where the rows of this load wait. Names are qualified and quoted. */
export interface MergeTable {
  readonly table: Table
  readonly target: string
  /** undefined when this load brought no rows for the table. */
  readonly staging: string | undefined
}

/** One merge: a root table, the tables nested below it, and how their rows meet. */
export interface MergeChain {
  readonly root: MergeTable & { readonly staging: string }
  /** Parents before their children. */
  readonly nested: readonly MergeTable[]
  readonly strategy: MergeStrategy
  /** Moment at which versions of an scd2 merge end and begin, unless the table's own hint names one. */
  readonly loadedAt: Date
  /** The rows of this load are known to hold each key once; under scd2, each version. */
  readonly isDeduplicated: boolean
  /**
   * The root table has no columns but the schema's, and the database deletes and inserts rows faster than it updates them: an upsert then replaces
   * whole rows. Otherwise it updates, which keeps the values of foreign columns.
   */
  readonly replacesRows: boolean
  /** Qualified, quoted name of a temporary table, by its purpose. */
  readonly temporary: (purpose: "matched" | "survivors") => string
}

/**
 * A statement of a merge. `effect` says what the number of rows that it reports means for which table: `replaced` rows were deleted and are among the
 * `inserted` rows that follow; `merged` rows were inserted or updated. One with a `refusal` asks a question: when it gives a row, the merge must not be
 * committed and fails with that error.
 */
export interface MergeStatement {
  readonly sql: string
  readonly refusal?: () => LadingError
  readonly effect?: { readonly table: string; readonly kind: "inserted" | "updated" | "deleted" | "replaced" | "merged" }
}
