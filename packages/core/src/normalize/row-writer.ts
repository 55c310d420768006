import type { ColumnBuilder } from "../columns/column-builder.ts"
import { encodeUtf8 } from "../hash/utf8.ts"
import type { DataType } from "../schema/model.ts"
import { keyJson } from "./key-json.ts"
import { RowFault } from "./reject.ts"
import { idLength, keyHashId, NestedIds, SequenceIds } from "./row-id.ts"
import type { NormalizeRun } from "./run.ts"
import type { SystemColumns, TableBuilder } from "./table-builder.ts"

interface RowId {
  bytes: Uint8Array
  length: number
}

/** Ends rows: gives each its id and its links, in dlt's column order (reference: schema 3.5). */
export class RowWriter {
  private readonly run: NormalizeRun
  private readonly loadId: Uint8Array
  private readonly nestedIds = new NestedIds()
  private readonly sequences = new Map<TableBuilder, SequenceIds>()
  private readonly names = new Map<TableBuilder, Uint8Array>()
  /** Id of the open row at each depth; 0 is the root. */
  private readonly ids: RowId[] = []

  constructor(run: NormalizeRun) {
    this.run = run
    this.loadId = encodeUtf8(run.loadId)
  }

  /**
   * Ends the open row of `table`: checks required columns, decides the id, writes the system columns. `index` is the position in
   * the list for a nested row; `adopted` an id that the data brought.
   */
  finish(table: TableBuilder, depth: number, index: number, adopted: string | undefined): void {
    const row = table.rowCount
    this.checkRequired(table, row)
    const id = this.idAt(depth)
    if (adopted !== undefined) adopt(id, adopted)
    else if (table.parent !== undefined) this.nestedId(table, depth, index, id)
    else this.rootId(table, row, id)
    this.link(table, row, depth, index, id)
  }

  /** The same for a row whose table has all its system columns and ids by sequence, before its nested rows are written. */
  open(table: TableBuilder, depth: number, index: number): void {
    const id = this.idAt(depth)
    if (table.parent !== undefined) this.nestedId(table, depth, index, id)
    else this.rootId(table, table.rowCount, id)
  }

  /** Writes the system columns of the row whose id is at `depth`, and counts it. */
  link(table: TableBuilder, row: number, depth: number, index: number, id: RowId = this.idAt(depth)): void {
    const system = table.system ?? this.systemColumns(table)
    if (system.loadId !== undefined) system.loadId.pushBytes(row, this.loadId, 0, this.loadId.length)
    if (system.rootId !== undefined) push(system.rootId, row, this.idAt(table.rootDepth))
    if (system.parentId !== undefined) push(system.parentId, row, this.idAt(depth - 1))
    if (system.listIndex !== undefined) system.listIndex.pushInteger(row, index)
    push(system.id, row, id)
    table.rowCount = row + 1
  }

  /** Rejects a row that lacks a column which may not be null. */
  checkRequired(table: TableBuilder, row: number): void {
    const required = table.required
    for (let i = 0; i < required.length; i++) {
      const name = required[i] as string
      if (table.columns.get(name)?.lastRow !== row)
        throw new RowFault("missing-value", `column ${table.schema.name}.${name} may not be null`)
    }
  }

  private idAt(depth: number): RowId {
    while (this.ids.length <= depth) this.ids.push({ bytes: new Uint8Array(idLength), length: idLength })
    return this.ids[depth] as RowId
  }

  private nestedId(table: TableBuilder, depth: number, index: number, id: RowId): void {
    let name = this.names.get(table)
    if (name === undefined) {
      name = encodeUtf8(table.schema.name)
      this.names.set(table, name)
    }
    const parent = this.idAt(depth - 1)
    id.length = idLength
    this.nestedIds.write(parent.bytes, parent.length, name, index, id.bytes, 0)
  }

  private rootId(table: TableBuilder, row: number, id: RowId): void {
    id.length = idLength
    if (table.rowIds === "key-hash") {
      id.bytes.set(keyHashId(keyJson(table, row)))
      return
    }
    let sequence = this.sequences.get(table)
    if (sequence === undefined) {
      sequence = new SequenceIds(this.run.loadId, table.schema.name)
      this.sequences.set(table, sequence)
    }
    sequence.write(table.sealedRows + row, id.bytes, 0)
  }

  private systemColumns(table: TableBuilder): SystemColumns {
    const isNested = table.parent !== undefined
    const create = (name: string, type: DataType): ColumnBuilder => {
      const isComplete = table.schema.columns[name]?.data_type !== undefined
      return isComplete ? table.bind(name) : this.run.addColumn(table, name, type, false)
    }
    const rootId = table.hasRootKey ? create("_dlt_root_id", "text") : undefined
    const loadId = isNested ? undefined : create("_dlt_load_id", "text")
    const parentId = isNested ? create("_dlt_parent_id", "text") : undefined
    const listIndex = isNested ? create("_dlt_list_idx", "bigint") : undefined
    const system: SystemColumns = { id: create("_dlt_id", "text"), loadId, rootId, parentId, listIndex }
    table.system = system
    this.run.undo.push(() => {
      table.system = undefined
    })
    return system
  }
}

function push(column: ColumnBuilder, row: number, id: RowId): void {
  column.pushBytes(row, id.bytes, 0, id.length)
}

function adopt(id: RowId, text: string): void {
  const bytes = encodeUtf8(text)
  if (bytes.length > id.bytes.length) id.bytes = new Uint8Array(bytes.length)
  id.bytes.set(bytes)
  id.length = bytes.length
}
