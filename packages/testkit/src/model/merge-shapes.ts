import type { Column, MergeStrategy, Table } from "@lading/core"
import { defineTable } from "../data/tables.ts"

const key = { data_type: "bigint", primary_key: true, nullable: false } as const
const version: Partial<Column> = { data_type: "text", nullable: false, "x-row-version": true, unique: false, row_key: false }

const orders = defineTable("orders", {
  id: key,
  day: { data_type: "date", merge_key: true },
  at: { data_type: "timestamp", dedup_sort: "desc" },
  gone: { data_type: "bool", hard_delete: true },
})
const lines = defineTable("orders__lines", { sku: "text" }, { parent: "orders" })
const plain = defineTable("orders", { id: key, v: "text" })

const dim = (more: Parameters<typeof defineTable>[1], active: string | null): Table => {
  const table = defineTable("orders", {
    since: { data_type: "timestamp", "x-valid-from": true },
    until: { data_type: "timestamp", "x-valid-to": true, "x-active-record-timestamp": active },
    v: "text",
    ...more,
  })
  return { ...table, columns: { ...table.columns, _dlt_id: { name: "_dlt_id", ...version } } }
}
const mergeKeys = { k1: { data_type: "text", merge_key: true }, k2: { data_type: "text", merge_key: true } } as const

/** A kind of merge whose statements differ from those of the others. */
export interface MergeShape {
  readonly name: string
  readonly strategy: MergeStrategy
  readonly root: Table
  readonly nested: readonly Table[]
  /** The load holds each key once. */
  readonly isDeduplicated: boolean
  /** The database may delete and insert a row that it updates. */
  readonly replacesRows: boolean
}

type Flags = Partial<Pick<MergeShape, "isDeduplicated" | "replacesRows">>

function shape(name: string, strategy: MergeStrategy, root: Table, nested: readonly Table[], flags: Flags = {}): MergeShape {
  return { name, strategy, root, nested, isDeduplicated: false, replacesRows: false, ...flags }
}

/** Every kind of merge, for tests that keep the statements of a SQL destination on file. */
export const mergeShapes: readonly MergeShape[] = [
  shape("delete-insert", "delete-insert", orders, []),
  shape("delete-insert with nested tables", "delete-insert", orders, [lines]),
  shape("delete-insert, each key once", "delete-insert", plain, [], { isDeduplicated: true }),
  shape("upsert", "upsert", orders, []),
  shape("upsert with nested tables", "upsert", orders, [lines]),
  shape("upsert that replaces rows", "upsert", plain, [], { replacesRows: true, isDeduplicated: true }),
  shape("insert-only", "insert-only", orders, []),
  shape("insert-only with nested tables", "insert-only", orders, [lines]),
  shape("scd2", "scd2", dim({}, null), [], { isDeduplicated: true }),
  shape("scd2 with nested tables, a merge key and an end of its own", "scd2", dim(mergeKeys, "9999-12-31"), [lines]),
]
