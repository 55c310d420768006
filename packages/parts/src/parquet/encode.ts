import { LadingError, type TableBatch } from "@lading/core"
import { checkBatch } from "../check.ts"
import { type ColumnChunk, encodeFooter } from "./footer.ts"
import { encodePages } from "./pages.ts"

const magic = [0x50, 0x41, 0x52, 0x31] as const
/** Far below the format's limit of 2 GiB a page, and far above the size of the usual part. */
const defaultMaxPageBytes = 64 * 1024 * 1024

/**
 * Encodes a batch as a Parquet file of one uncompressed row group: strings as DELTA_LENGTH_BYTE_ARRAY, everything else PLAIN, a column
 * OPTIONAL when it has a validity bitmap and REQUIRED otherwise.
 *
 * The result is the file in pieces, to be written one after the other. Most of them are views of the batch's own memory, so nothing
 * is copied: the batch must not be changed, nor its buffers transferred, before the pieces are written. Pure; needs a little-endian
 * machine.
 *
 * @param options.maxPageBytes a column with more bytes of values is cut into several pages (default 64 MiB)
 * @throws LadingError `no-columns` when the batch has no column, because readers reject such a file and the rows would be lost;
 *   `invalid-batch` when counts, lengths and bitmaps disagree; `part-too-large` when 8 values exceed 2 GiB
 */
export function encodeParquet(batch: TableBatch, options: { readonly maxPageBytes?: number } = {}): readonly Uint8Array[] {
  if (batch.columns.length === 0) {
    throw new LadingError({
      code: "no-columns",
      message: `Parquet cannot hold the ${batch.rowCount} rows of table "${batch.table}", because they have no column.`,
      hint: "Give every row a value in some column, or choose the ndjson format.",
      details: { table: batch.table, rowCount: batch.rowCount },
    })
  }
  checkBatch(batch)
  const pieces: Uint8Array[] = [Uint8Array.from(magic)]
  const chunks: ColumnChunk[] = []
  let offset = magic.length
  if (batch.rowCount > 0) {
    for (const column of batch.columns) {
      const pages = encodePages(column, batch.rowCount, options.maxPageBytes ?? defaultMaxPageBytes)
      const byteCount = pages.reduce((sum, piece) => sum + piece.length, 0)
      chunks.push({ column, offset, byteCount })
      pieces.push(...pages)
      offset += byteCount
    }
  }
  const footer = encodeFooter(batch, chunks)
  pieces.push(footer, toLittleEndian(footer.length), Uint8Array.from(magic))
  return pieces
}

function toLittleEndian(value: number): Uint8Array {
  const out = new Uint8Array(4)
  new DataView(out.buffer).setUint32(0, value, true)
  return out
}
