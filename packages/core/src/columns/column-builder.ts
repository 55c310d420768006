import type { DataType } from "../schema/model.ts"
import type { ColumnVector, Vector } from "./batch.ts"
import { BufferPool } from "./buffer-pool.ts"

/** The memory layout of a data type; the same names as in `Vector`. */
export type Layout = Vector["kind"]

const layouts: Readonly<Record<DataType, Layout>> = {
  text: "bytes",
  json: "bytes",
  binary: "bytes",
  decimal: "bytes",
  wei: "bytes",
  double: "double",
  bool: "bool",
  bigint: "int64",
  timestamp: "int64",
  time: "int64",
  date: "int32",
}

/** Bytes of a value; of a text, those of its length. */
const valueBytes: Readonly<Record<Layout, number>> = { int64: 8, int32: 4, double: 8, bool: 1, bytes: 4 }

/** Integers up to here are exact in a double. */
export const maxExactInteger = 2 ** 53

const twoTo32 = 2 ** 32
const initialValues = 64

/**
 * Collects the values of one column of one table, in the memory layout of its part. One class for every type keeps the
 * hot paths monomorphic; only the arrays of its own layout are ever used. The caller guarantees that rows come in rising
 * order and at most one value a row.
 */
export class ColumnBuilder {
  readonly name: string
  dataType: DataType
  timezone: boolean
  layout: Layout
  /** Row of the newest value; -1 when there is none. */
  lastRow = -1
  valueCount = 0
  /** False once an integer was seen that a double cannot represent, in this or an earlier batch. */
  integersExact = true
  /** False once a sealed batch held a double without an exact decimal form of the destination's width. */
  doublesFitDecimal = true
  /** True when batches of this column were sealed already, so that their values are out of reach. */
  hasSealed = false

  private validity = new Uint8Array(16)
  private words = new Int32Array(0)
  private doubles = new Float64Array(0)
  private days = new Int32Array(0)
  private flags = new Uint8Array(0)
  /** Joined bytes of all values; written to directly by the byte lane. */
  bytes = new Uint8Array(0)
  /** The same memory, for words at any offset. */
  view = new DataView(this.bytes.buffer)
  byteCount = 0
  private lengths = new Int32Array(0)
  /** Number of values that fit the arrays now. */
  private capacity = 0
  private readonly memory: BufferPool

  constructor(name: string, dataType: DataType, timezone: boolean, memory = new BufferPool()) {
    this.memory = memory
    this.name = name
    this.dataType = dataType
    this.timezone = timezone
    this.layout = layouts[dataType]
    this.grow(initialValues)
  }

  /** Bytes that the values take now. */
  get sizeInBytes(): number {
    return this.byteCount + this.valueCount * 8
  }

  pushInteger(row: number, value: number): void {
    const index = this.claim(row)
    const low = value | 0
    const high = low === value ? low >> 31 : Math.floor(value / twoTo32)
    this.words[index * 2] = low
    this.words[index * 2 + 1] = high
    if (value > maxExactInteger || value < -maxExactInteger) this.integersExact = false
  }

  pushBigInteger(row: number, value: bigint): void {
    const index = this.claim(row)
    this.words[index * 2] = Number(BigInt.asIntN(32, value))
    this.words[index * 2 + 1] = Number(BigInt.asIntN(32, value >> 32n))
    if (this.integersExact && BigInt(Number(value)) !== value) this.integersExact = false
  }

  pushDouble(row: number, value: number): void {
    const index = this.claim(row)
    this.doubles[index] = value
  }

  pushBoolean(row: number, value: boolean): void {
    const index = this.claim(row)
    this.flags[index] = value ? 1 : 0
  }

  pushDays(row: number, days: number): void {
    const index = this.claim(row)
    this.days[index] = days
  }

  /** Makes room for `size` more bytes; afterwards `bytes` may be written from `byteCount` on, then `endBytes` is called. */
  reserveBytes(size: number): void {
    const needed = this.byteCount + size
    if (needed <= this.bytes.length) return
    const grown = new Uint8Array(this.memory.take(Math.max(needed, this.bytes.length * 2)))
    grown.set(this.bytes.subarray(0, this.byteCount))
    this.memory.give(this.bytes.buffer)
    this.bytes = grown
    this.view = new DataView(grown.buffer)
  }

  /** Ends a value whose bytes were written in place up to `end`. */
  endBytes(row: number, end: number): void {
    const index = this.claim(row)
    this.lengths[index] = end - this.byteCount
    this.byteCount = end
  }

  pushBytes(row: number, source: Uint8Array, start: number, end: number): void {
    const size = end - start
    this.reserveBytes(size)
    const target = this.bytes
    let at = this.byteCount
    if (size > 64) target.set(source.subarray(start, end), at)
    else for (let i = start; i < end; i++) target[at++] = source[i] as number
    this.endBytes(row, this.byteCount + size)
  }

  /** Integer at `index` of the values, exact. */
  integerAt(index: number): bigint {
    return (BigInt(this.words[index * 2 + 1] as number) << 32n) | BigInt((this.words[index * 2] as number) >>> 0)
  }

  doubleAt(index: number): number {
    return this.doubles[index] as number
  }

  daysAt(index: number): number {
    return this.days[index] as number
  }

  booleanAt(index: number): boolean {
    return this.flags[index] === 1
  }

  /** Where the bytes of the newest value begin. */
  newestStart(): number {
    return this.byteCount - (this.lengths[this.valueCount - 1] as number)
  }

  /** Takes back every value of `row` and later rows. */
  rollbackTo(row: number): void {
    if (this.lastRow < row) return
    let dropped = 0
    for (let r = row; r <= this.lastRow; r++) {
      const bit = 1 << (r & 7)
      const cell = this.validity[r >> 3] as number
      if (cell & bit) dropped++
      this.validity[r >> 3] = cell & ~bit
    }
    if (this.layout === "bytes")
      for (let i = this.valueCount - dropped; i < this.valueCount; i++) this.byteCount -= this.lengths[i] as number
    this.valueCount -= dropped
    this.lastRow = row - 1
  }

  /**
   * Gives the column another type, rewriting the values that are here through `push`, which is called with each value's row
   * and index while the old arrays are still readable from `before`.
   */
  retype(dataType: DataType, rewrite: (before: ColumnBuilder, index: number, row: number) => void): void {
    const before = Object.assign(Object.create(ColumnBuilder.prototype) as ColumnBuilder, this)
    this.dataType = dataType
    this.layout = layouts[dataType]
    this.reset(initialValues)
    let index = 0
    for (let row = 0; row <= before.lastRow; row++) {
      if (((before.validity[row >> 3] as number) >> (row & 7)) & 1) rewrite(before, index++, row)
    }
  }

  /** The values as a vector of a batch with `rowCount` rows; afterwards the builder is empty and has other memory. */
  take(rowCount: number): ColumnVector {
    const isComplete = this.valueCount === rowCount
    const validity = new Uint8Array((rowCount + 7) >> 3)
    if (!isComplete) validity.set(this.validity.subarray(0, Math.min(this.validity.length, validity.length)))
    const vector: ColumnVector = {
      name: this.name,
      dataType: this.dataType,
      timezone: this.timezone,
      valueCount: this.valueCount,
      validity: isComplete ? undefined : validity,
      vector: this.vector(),
    }
    this.hasSealed = true
    // A little more than this batch took: the next one is much like it, and growing copies.
    this.reset(this.valueCount + (this.valueCount >> 3))
    return vector
  }

  private vector(): Vector {
    const count = this.valueCount
    switch (this.layout) {
      case "int64":
        return { kind: "int64", words: this.words.subarray(0, count * 2) }
      case "int32":
        return { kind: "int32", values: this.days.subarray(0, count) }
      case "double":
        return { kind: "double", values: this.doubles.subarray(0, count) }
      case "bool":
        return { kind: "bool", values: this.flags.subarray(0, count) }
      case "bytes":
        return { kind: "bytes", bytes: this.bytes.subarray(0, this.byteCount), lengths: this.lengths.subarray(0, count) }
    }
  }

  private reset(capacity: number): void {
    const byteCapacity = this.layout === "bytes" ? Math.max(this.byteCount + (this.byteCount >> 3), initialValues * 8) : 0
    this.words = new Int32Array(0)
    this.doubles = new Float64Array(0)
    this.days = new Int32Array(0)
    this.flags = new Uint8Array(0)
    this.lengths = new Int32Array(0)
    this.bytes = new Uint8Array(this.memory.take(byteCapacity))
    this.view = new DataView(this.bytes.buffer)
    this.validity = new Uint8Array(Math.max(16, (capacity + 7) >> 3))
    this.byteCount = 0
    this.valueCount = 0
    this.lastRow = -1
    this.grow(Math.max(capacity, initialValues))
  }

  /** Marks `row` as having a value and gives the value's index; may replace the arrays, so read them afterwards. */
  private claim(row: number): number {
    const cell = row >> 3
    if (cell >= this.validity.length) {
      const grown = new Uint8Array(Math.max(cell + 1, this.validity.length * 2))
      grown.set(this.validity)
      this.validity = grown
    }
    this.validity[cell] = (this.validity[cell] as number) | (1 << (row & 7))
    this.lastRow = row
    const index = this.valueCount++
    if (index >= this.capacity) this.grow((index + 1) * 2)
    return index
  }

  private grow(capacity: number): void {
    const memory = this.memory.take(capacity * valueBytes[this.layout])
    this.capacity = Math.floor(memory.byteLength / valueBytes[this.layout])
    switch (this.layout) {
      case "int64":
        this.words = this.moved(this.words, new Int32Array(memory))
        break
      case "int32":
        this.days = this.moved(this.days, new Int32Array(memory))
        break
      case "double":
        this.doubles = this.moved(this.doubles, new Float64Array(memory))
        break
      case "bool":
        this.flags = this.moved(this.flags, new Uint8Array(memory))
        break
      case "bytes":
        this.lengths = this.moved(this.lengths, new Int32Array(memory))
        break
    }
  }

  private moved<Values extends Int32Array | Float64Array | Uint8Array>(from: Values, to: Values): Values {
    to.set(from)
    this.memory.give(from.buffer)
    return to
  }
}
