import type { Column, MergeStrategy, Table } from "@lading/core"
import { type ColumnSpecs, defineTable } from "../../data/tables.ts"
import type { TestRow } from "../../data/write-part.ts"
import type { DestinationFixture } from "../fixture.ts"
import { sealOf, type UnfencedSeal } from "../load.ts"

/** The column hints of a primary key. */
export const primaryKey: Partial<Column> = { data_type: "bigint", primary_key: true, nullable: false }

/** A merged table `orders` with key `id` and value `v`. */
export function ordersTable(strategy: MergeStrategy, more: ColumnSpecs = {}): Table {
  return defineTable("orders", { id: primaryKey, v: "text", ...more }, { write_disposition: "merge", "x-merge-strategy": strategy })
}

/** A table nested below `orders`. */
export const tagsTable = defineTable("orders__tags", { tag: "text" }, { parent: "orders" })

/** One order with its tags; its row id is unique in the check when `version` is. */
export interface Order extends TestRow {
  readonly id: number
  readonly v: string
}

/** A load of orders, with tags by order id when they are given. */
export async function ordersSeal(
  fixture: DestinationFixture,
  loadId: string,
  table: Table,
  orders: readonly Order[],
  tags?: Readonly<Record<number, readonly string[]>>,
): Promise<UnfencedSeal> {
  const rowId = (id: number) => `order${id}.${loadId}`
  const parts = [
    await fixture.part(
      table,
      orders.map((order) => ({ _dlt_id: rowId(order.id), ...order })),
    ),
  ]
  if (tags === undefined) return sealOf(loadId, [table], parts)
  const tagRows = Object.entries(tags).flatMap(([id, list]) =>
    list.map((tag, index) => ({
      tag,
      _dlt_id: `${rowId(Number(id))}.${index}`,
      _dlt_root_id: rowId(Number(id)),
      _dlt_parent_id: rowId(Number(id)),
      _dlt_list_idx: index,
    })),
  )
  if (tagRows.length > 0) parts.push(await fixture.part(tagsTable, tagRows))
  return sealOf(loadId, [table, tagsTable], parts)
}
