import { type ColumnVector, type DataType, LadingError, type TableBatch, type Vector } from "@lading/core"

const vectorKinds: Readonly<Record<DataType, Vector["kind"]>> = {
  text: "bytes",
  json: "bytes",
  decimal: "bytes",
  wei: "bytes",
  binary: "bytes",
  double: "double",
  bool: "bool",
  bigint: "int64",
  timestamp: "int64",
  time: "int64",
  date: "int32",
}

/**
 * Checks that counts, lengths and bitmaps of a batch agree, because a part that contradicts itself may be read without an error.
 * @throws LadingError `invalid-batch`
 */
export function checkBatch(batch: TableBatch): void {
  for (const column of batch.columns) {
    const problem = findProblem(column, batch.rowCount)
    if (problem === undefined) continue
    throw new LadingError({
      code: "invalid-batch",
      message: `Column "${column.name}" of table "${batch.table}" cannot be encoded: ${problem}.`,
      hint: "This is a defect in whatever built the batch; please report it.",
      details: { table: batch.table, column: column.name },
    })
  }
}

function findProblem(column: ColumnVector, rowCount: number): string | undefined {
  const { vector, validity, valueCount, dataType } = column
  const kind = vectorKinds[dataType]
  if (vector.kind !== kind) return `a ${dataType} column needs a vector of kind ${kind}, not ${vector.kind}`
  const held = countValues(vector)
  if (held !== valueCount) return `it announces ${valueCount} values and holds ${held}`
  if (validity !== undefined && validity.length * 8 < rowCount) return `its validity bitmap is shorter than ${rowCount} rows`
  const marked = validity === undefined ? rowCount : countValidRows(validity, rowCount)
  if (marked !== valueCount) return `${marked} of ${rowCount} rows are marked valid, but it holds ${valueCount} values`
  if (vector.kind !== "bytes") return undefined
  const total = sumLengths(vector.lengths)
  return total === vector.bytes.length ? undefined : `its lengths sum up to ${total}, but it holds ${vector.bytes.length} bytes`
}

function countValues(vector: Vector): number {
  if (vector.kind === "int64") return vector.words.length / 2
  if (vector.kind === "bytes") return vector.lengths.length
  return vector.values.length
}

/** Sum of all lengths; NaN when one is negative. */
function sumLengths(lengths: Int32Array): number {
  let total = 0
  let signs = 0
  for (let index = 0; index < lengths.length; index++) {
    const length = lengths[index] ?? 0
    total += length
    signs |= length
  }
  return signs < 0 ? Number.NaN : total
}

/** Number of set bits among the first `rowCount` bits; bits after them do not count. */
export function countValidRows(validity: Uint8Array, rowCount: number): number {
  const whole = rowCount >> 3
  let count = 0
  for (let index = 0; index < whole; index++) count += countBits(validity[index] ?? 0)
  const rest = rowCount & 7
  return rest === 0 ? count : count + countBits((validity[whole] ?? 0) & ((1 << rest) - 1))
}

/** Number of set bits of a byte. */
export function countBits(byte: number): number {
  const pairs = byte - ((byte >> 1) & 0x55)
  const nibbles = (pairs & 0x33) + ((pairs >> 2) & 0x33)
  return (nibbles + (nibbles >> 4)) & 0x0f
}
