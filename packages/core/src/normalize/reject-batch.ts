import type { TableBatch } from "../columns/batch.ts"
import { ColumnBuilder } from "../columns/column-builder.ts"
import { encodeUtf8 } from "../hash/utf8.ts"
import type { DataType } from "../schema/model.ts"
import type { Reject } from "./reject.ts"

/** Lading's own table of rows that were not loaded; a part of it commits with the good rows. */
export const rejectsTable = "_lading_rejects"

const fields: readonly (readonly [name: string, type: DataType, value: (reject: Reject, loadId: string) => string | number | undefined])[] =
  [
    ["load_id", "text", (_, loadId) => loadId],
    ["table_name", "text", (reject) => reject.table],
    ["ordinal", "bigint", (reject) => reject.ordinal],
    ["code", "text", (reject) => reject.code],
    ["pointer", "text", (reject) => reject.pointer],
    ["message", "text", (reject) => reject.message],
    ["value", "text", (reject) => reject.value],
    ["value_hash", "text", (reject) => reject.valueHash],
    ["origin", "text", (reject) => reject.origin],
    ["line", "bigint", (reject) => reject.line],
  ]

/** The rejects of a load as a batch of the table `_lading_rejects`. NUL and half surrogate pairs are replaced, so that no reject is rejected. */
export function rejectBatch(rejects: readonly Reject[], loadId: string): TableBatch {
  const builders = fields.map(([name, type]) => new ColumnBuilder(name, type, true))
  rejects.forEach((reject, row) => {
    fields.forEach(([, , read], i) => {
      const value = read(reject, loadId)
      const builder = builders[i] as ColumnBuilder
      if (typeof value === "number") builder.pushInteger(row, value)
      else if (value !== undefined) {
        const bytes = encodeUtf8(storable(value))
        builder.pushBytes(row, bytes, 0, bytes.length)
      }
    })
  })
  return {
    table: rejectsTable,
    rowCount: rejects.length,
    columns: builders.filter((builder) => builder.valueCount > 0).map((builder) => builder.take(rejects.length)),
  }
}

function storable(text: string): string {
  return text.replace(/\0|\p{Surrogate}/gu, "\ufffd")
}
