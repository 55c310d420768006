import type { MergeStrategy, Table } from "@lading/core"

/** A row by column; every value is text in the database's own plain form, or null. */
export type TextRow = Readonly<Record<string, string | null>>

/** Rows of one load by table name, in the order of their arrival. */
export type LoadRows = ReadonlyMap<string, readonly TextRow[]>

/** How one load is to be merged. */
export interface ModelLoad {
  /** Root first, then nested tables, parents before their children. */
  readonly tables: readonly Table[]
  readonly strategy: MergeStrategy
  readonly rows: LoadRows
  readonly loadedAt: Date
  /** The database may delete and insert a row that it updates. */
  readonly replacesRows: boolean
}

/** A database on which merges are compared with the model. */
export interface ModelEngine {
  /** Creates the tables, empty; whatever was there under their names goes. */
  create(tables: readonly Table[]): Promise<void>
  /**
   * Stages the rows and merges them, as a load of the destination does: all or, when it rejects, nothing. A table without rows is not staged.
   * @throws LadingError `duplicate-key` where a statement of the merge says so
   */
  merge(load: ModelLoad): Promise<void>
  /** All rows of a table, every value as text. */
  read(table: Table): Promise<readonly TextRow[]>
}
