import { type ColumnVector, LadingError, type TableBatch } from "@lading/core"
import { checkBatch } from "../check.ts"
import { Output } from "./output.ts"
import { writeDate, writeInstant, writeTime } from "./temporal.ts"
import { needsEscapes, writeEscaped, writeHex, writePlain } from "./text.ts"

const tab = 0x09
const lineFeed = 0x0a
const backslash = 0x5c
const capitalN = 0x4e
/** Bytes that every cell may need beside its value: a null and a separator. */
const cellBytes = 3

/**
 * Encodes a batch for `COPY ... FROM STDIN` of PostgreSQL in its text format: one line a row, values in the order of the batch's columns and
 * separated by tabs, `\N` for null, UTF-8. Timestamps have microseconds and, with a zone, `+00`; bytes are in hex form, bool is `t` or `f`,
 * a double is the shortest text that reads back as the same one, decimal, wei and json are their text.
 * Source: https://www.postgresql.org/docs/current/sql-copy.html (File Formats, Text Format)
 *
 * @returns the file in pieces of about a MiB, to be written one after the other
 * @throws LadingError `no-columns` when the batch has no column, because COPY cannot load such rows; `invalid-batch` when counts, lengths and
 *   bitmaps disagree
 */
export function encodeCopyText(batch: TableBatch): readonly Uint8Array[] {
  if (batch.columns.length === 0)
    throw new LadingError({
      code: "no-columns",
      message: `COPY cannot load the ${batch.rowCount} rows of table "${batch.table}", because they have no column.`,
      hint: "Give every row a value in some column, or choose the ndjson format.",
      details: { table: batch.table, rowCount: batch.rowCount },
    })
  checkBatch(batch)
  const output = new Output()
  const writers = batch.columns.map((column) => createWriter(output, column))
  const validities = batch.columns.map(({ validity }) => validity)
  const last = writers.length - 1
  for (let row = 0; row < batch.rowCount; row++) {
    for (let index = 0; index <= last; index++) {
      const validity = validities[index]
      if (validity === undefined || (((validity[row >> 3] as number) >> (row & 7)) & 1) === 1) (writers[index] as () => void)()
      else {
        output.reserve(cellBytes)
        output.bytes[output.position++] = backslash
        output.bytes[output.position++] = capitalN
      }
      output.reserve(1)
      output.bytes[output.position++] = index === last ? lineFeed : tab
    }
  }
  return output.pieces()
}

/** Returns a function that writes the column's next value. */
function createWriter(output: Output, column: ColumnVector): () => void {
  const { vector } = column
  let index = 0
  switch (vector.kind) {
    case "bool":
      return () => {
        output.reserve(cellBytes)
        output.bytes[output.position++] = vector.values[index++] === 0 ? 0x66 : 0x74
      }
    case "double":
      return () => writeDouble(output, vector.values[index++] as number)
    case "int32":
      return () => writeDate(output, vector.values[index++] as number)
    case "int64": {
      const write = int64Writer(output, column)
      return () => {
        write(vector.words[2 * index] as number, vector.words[2 * index + 1] as number)
        index++
      }
    }
    case "bytes": {
      const write = column.dataType === "binary" ? writeHex : needsEscapes(vector.bytes) ? writeEscaped : writePlain
      let end = 0
      return () => {
        const start = end
        end += vector.lengths[index++] as number
        write(output, vector.bytes, start, end)
      }
    }
  }
}

function int64Writer(output: Output, { dataType, timezone }: ColumnVector): (low: number, high: number) => void {
  if (dataType === "timestamp") return (low, high) => writeInstant(output, low, high, timezone)
  if (dataType === "time") return (low, high) => writeTime(output, high * 0x1_0000_0000 + (low >>> 0))
  return (low, high) => {
    output.reserve(20)
    if (high >= -0x20_0000 && high < 0x20_0000) output.integer(high * 0x1_0000_0000 + (low >>> 0))
    else output.ascii(String((BigInt(high) << 32n) | BigInt(low >>> 0)))
  }
}

const mostDecimals = 4

/**
 * Writes the shortest text that reads back as the same double. Of a number of few digits, as most are, it is n / 10^k with the smallest k: decimals of
 * up to 15 digits and doubles are one to one, and both n and 10^k are exact, so that a division tells.
 */
function writeDouble(output: Output, value: number): void {
  output.reserve(32)
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    output.integer(value)
    return
  }
  for (let decimals = 1, scale = 10; decimals <= mostDecimals; decimals++, scale *= 10) {
    const digits = Math.round(value * scale)
    if (digits / scale !== value || digits > 1e15 || digits < -1e15 || digits === 0) continue
    output.decimal(digits, decimals, scale)
    return
  }
  output.ascii(Object.is(value, -0) ? "-0" : String(value))
}
