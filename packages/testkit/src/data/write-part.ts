import { createHash } from "node:crypto"
import { writeFile } from "node:fs/promises"
import type { PartFormat, SealedPart, Table, TableBatch } from "@lading/core"
import { encodeCopyText, encodeNdjson, encodeParquet } from "@lading/parts"
import { type Cell, toColumn } from "./to-column.ts"

/** A row as the checks write it down; a column that is missing is null. */
export type TestRow = Readonly<Record<string, Cell>>

/**
 * Writes rows as a sealed part, with the encoder of `@lading/parts` that the engine uses. Columns without any value are left out, as the normalizer
 * leaves them out.
 */
export async function writePart(path: string, format: PartFormat, table: Table, rows: readonly TestRow[]): Promise<SealedPart> {
  return writeBatch(path, format, toBatch(table, rows))
}

const encoders: Readonly<Record<PartFormat, (batch: TableBatch) => Uint8Array>> = {
  parquet: (batch) => Buffer.concat(encodeParquet(batch)),
  ndjson: encodeNdjson,
  "copy-text": (batch) => Buffer.concat(encodeCopyText(batch)),
}

/** Writes a batch as a sealed part. */
export async function writeBatch(path: string, format: PartFormat, batch: TableBatch): Promise<SealedPart> {
  const bytes = encoders[format](batch)
  await writeFile(path, bytes)
  return {
    table: batch.table,
    path,
    format,
    rowCount: batch.rowCount,
    byteCount: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    columns: batch.columns.map(({ name, dataType, timezone }) => ({ name, dataType, timezone })),
  }
}

function toBatch(table: Table, rows: readonly TestRow[]): TableBatch {
  const columns = Object.values(table.columns).flatMap((column) => {
    if (column.data_type === undefined) return []
    const vector = toColumn(
      column,
      column.data_type,
      rows.map((row) => row[column.name]),
    )
    return vector.valueCount === 0 ? [] : [vector]
  })
  return { table: table.name, rowCount: rows.length, columns }
}
