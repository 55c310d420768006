import type { ColumnVector, TableBatch } from "../columns/batch.ts"
import type { BufferPool } from "../columns/buffer-pool.ts"
import { ColumnBuilder } from "../columns/column-builder.ts"
import type { Table } from "../schema/model.ts"

/** How the rows of a root table get their `_dlt_id`. */
export type RowIdRule = "sequence" | "key-hash" | "row-hash"

/** Builders of the columns that link rows; which of them exist depends on whether the table is nested. */
export interface SystemColumns {
  readonly id: ColumnBuilder
  readonly loadId: ColumnBuilder | undefined
  readonly rootId: ColumnBuilder | undefined
  readonly parentId: ColumnBuilder | undefined
  readonly listIndex: ColumnBuilder | undefined
}

/** The rows of one table on their way into parts. */
export class TableBuilder {
  /** The table of the working schema; its columns grow as data is seen. */
  readonly schema: Table
  /** The table that this one is nested in; undefined for roots, and for a list whose hints give it a key of its own. */
  readonly parent: TableBuilder | undefined
  /** The table whose rows hold this one's lists. */
  readonly outer: TableBuilder | undefined
  /** Lists between the record and the rows of this table. */
  readonly depth: number
  /** Depth of the row that a root key names: of the root that the outer table belongs to. */
  readonly rootDepth: number
  /** Raw name of the root table, then the raw keys that lead to this table. */
  readonly path: readonly string[]
  readonly columns = new Map<string, ColumnBuilder>()
  /** Rows now in the builder. */
  rowCount = 0
  /** Rows handed over in earlier batches. */
  sealedRows = 0
  /** Number of the record that last wrote here, and the row it began with, to take it back as a whole. */
  record = -1
  recordStart = 0
  /** Columns without which a row is rejected. */
  required: readonly string[] = []
  /** Rows carry the row key of the row at `rootDepth`. */
  hasRootKey = false
  /** False for a table whose columns all come with this run, so that a contract on columns does not bind yet. */
  isKnown = false
  rowIds: RowIdRule = "sequence"
  /** Columns whose types must not be widened, because somebody declared them. */
  readonly pinned = new Set<string>()
  system: SystemColumns | undefined
  private readonly memory: BufferPool

  constructor(schema: Table, outer: TableBuilder | undefined, path: readonly string[], memory: BufferPool) {
    this.memory = memory
    this.schema = schema
    this.outer = outer
    this.parent = schema.parent === undefined ? undefined : outer
    this.depth = outer === undefined ? 0 : outer.depth + 1
    this.rootDepth = outer === undefined ? 0 : outer.root.depth
    this.path = path
  }

  get root(): TableBuilder {
    return this.parent === undefined ? this : this.parent.root
  }

  /** All rows of this run so far. */
  get totalRows(): number {
    return this.sealedRows + this.rowCount
  }

  sizeInBytes(): number {
    let size = 0
    for (const column of this.columns.values()) size += column.sizeInBytes
    return size
  }

  /** Remembers where `record` begins in this table; called before its first row here is written. */
  enter(record: number): void {
    if (this.record === record) return
    this.record = record
    this.recordStart = this.rowCount
  }

  /** Takes back what `record` wrote. */
  rollback(record: number): void {
    if (this.record !== record) return
    for (const column of this.columns.values()) column.rollbackTo(this.recordStart)
    this.rowCount = this.recordStart
  }

  /** The builder of a complete column of the schema. */
  bind(name: string): ColumnBuilder {
    const known = this.columns.get(name)
    if (known !== undefined) return known
    const spec = this.schema.columns[name]
    if (spec?.data_type === undefined) throw new Error(`column ${this.schema.name}.${name} has no type`)
    const column = new ColumnBuilder(name, spec.data_type, spec.timezone !== false, this.memory)
    this.columns.set(name, column)
    return column
  }

  /** The rows so far as a batch; afterwards the builder is empty. */
  take(): TableBatch {
    const columns: ColumnVector[] = []
    for (const name of Object.keys(this.schema.columns)) {
      const column = this.columns.get(name)
      if (column === undefined) continue
      if (column.valueCount > 0) columns.push(column.take(this.rowCount))
      else column.lastRow = -1
    }
    const batch: TableBatch = { table: this.schema.name, rowCount: this.rowCount, columns }
    this.sealedRows += this.rowCount
    this.rowCount = 0
    this.record = -1
    return batch
  }
}
