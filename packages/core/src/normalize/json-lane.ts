import type { ColumnBuilder } from "../columns/column-builder.ts"
import { isValidUtf8 } from "../hash/utf8.ts"
import { readTimestamp, type TimestampSlot } from "./json-timestamp.ts"
import { readNumber, type NumberSlot } from "./json-number.ts"
import { readEscapes } from "./json-escapes.ts"
import type { KeyPlan, ListPlan, ObjectPlan } from "./plan.ts"
import type { NormalizeRun } from "./run.ts"
import type { RowWriter } from "./row-writer.ts"

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/**
 * The byte lane: reads a JSON record straight into columns, without an object or a string in between. It handles what it has seen
 * before: known keys, values that fit their columns as they are. Anything else makes `record` return false, and the caller takes
 * the record back and gives it to the objects lane, which knows every case. Both lanes give the same rows.
 */
export class JsonLane {
  private readonly run: NormalizeRun
  private readonly rows: RowWriter
  private bytes: Uint8Array = new Uint8Array(0)
  private at = 0
  private end = 0
  /** Counts object instances, to notice a key that comes twice in one. */
  private instance = 0
  private readonly number: NumberSlot = { value: 0, isInteger: true, end: 0 }
  private readonly timestamp: TimestampSlot = { micros: 0 }
  private readonly keepsNul: boolean

  constructor(run: NormalizeRun, rows: RowWriter) {
    this.run = run
    this.rows = rows
    this.keepsNul = run.capabilities.supportsNulInText
  }

  /** Reads the document in `bytes[start, end)` as one row of the plan's table; false if it must go the other way. */
  record(plan: ObjectPlan, bytes: Uint8Array, start: number, end: number): boolean {
    const { table } = plan
    if (table.system === undefined || table.rowIds !== "sequence" || end - start > this.run.limits.recordBytes) return false
    this.bytes = bytes
    this.at = start
    this.end = end
    if (this.skipSpace() !== openBrace) return false
    this.at++
    if (!this.row(plan, 0, 0)) return false
    this.skipSpace()
    return this.at >= end
  }

  private row(plan: ObjectPlan, depth: number, index: number): boolean {
    const { table } = plan
    if (table.system === undefined) return false
    table.enter(this.run.record)
    this.rows.open(table, depth, index)
    const row = table.rowCount
    if (!this.object(plan, row, depth)) return false
    const { required } = table
    for (let i = 0; i < required.length; i++) if (table.columns.get(required[i] as string)?.lastRow !== row) return false
    this.rows.link(table, row, depth, index)
    return true
  }

  /** Reads the members of an object whose brace is behind; `row` is the row of the plan's table. */
  private object(plan: ObjectPlan, row: number, depth: number): boolean {
    const instance = ++this.instance
    if (this.skipSpace() === closeBrace) {
      this.at++
      return true
    }
    let previous: KeyPlan | undefined
    for (;;) {
      const key = this.key(plan, previous)
      if (key === undefined || key.seenIn === instance) return false
      key.seenIn = instance
      if (!this.value(key, row, depth)) return false
      const byte = this.skipSpace()
      this.at++
      if (byte === closeBrace) return true
      if (byte !== comma) return false
      this.skipSpace()
      previous = key
    }
  }

  /** Reads a key and its colon: first compared with the keys that came next before, then looked up. */
  private key(plan: ObjectPlan, previous: KeyPlan | undefined): KeyPlan | undefined {
    const guess = previous === undefined ? plan.first : previous.next
    let key = guess
    if (guess === undefined || !this.isKey(guess)) {
      const other = previous?.nextAlternative
      if (other !== undefined && this.isKey(other)) key = other
      else key = this.lookUp(plan)
      if (key === undefined) return undefined
      if (previous === undefined) plan.first = key
      else previous.follow(key)
    }
    if (key === undefined || key.quoted === undefined) return undefined
    this.at += key.quoted.length
    if (this.bytes[this.at] !== colon && this.skipSpace() !== colon) return undefined
    this.at++
    return key
  }

  private isKey(key: KeyPlan): boolean {
    const { bytes, at } = this
    const { quoted } = key
    if (quoted === undefined) return false
    for (let i = 0; i < quoted.length; i++) if (bytes[at + i] !== quoted[i]) return false
    return true
  }

  private lookUp(plan: ObjectPlan): KeyPlan | undefined {
    const { bytes } = this
    if (bytes[this.at] !== quote) return undefined
    let name = ""
    for (let at = this.at + 1; at < this.end; at++) {
      const byte = bytes[at] as number
      if (byte === quote) return plan.keys.get(name)
      // Keys with escapes or beyond ASCII are rare enough for the objects lane.
      if (byte === backslash || byte < 0x20 || byte >= 0x80) break
      name += String.fromCharCode(byte)
    }
    for (const key of plan.keys.values()) if (this.isKey(key)) return key
    return undefined
  }

  private value(key: KeyPlan, row: number, depth: number): boolean {
    const byte = this.skipSpace()
    switch (byte) {
      case quote:
        return this.string(key, row)
      case openBrace:
        return this.nestedObject(key, row, depth)
      case openBracket:
        return this.nestedList(key, depth)
      case 0x74:
        return this.boolean(key, row, true, 4)
      case 0x66:
        return this.boolean(key, row, false, 5)
      case 0x6e:
        return this.isWord(0x75, 0x6c, 0x6c) && this.advance(4)
      default:
        return this.numeric(key, row)
    }
  }

  private nestedObject(key: KeyPlan, row: number, depth: number): boolean {
    this.at++
    if (key.isKeptAsJson === true) return false
    if (key.object === undefined) return this.isKnownEmpty(key, closeBrace)
    return this.object(key.object, row, depth)
  }

  private nestedList(key: KeyPlan, depth: number): boolean {
    this.at++
    const { list } = key
    if (key.isKeptAsJson === true) return false
    if (list === undefined) return this.isKnownEmpty(key, closeBracket)
    if (this.skipSpace() === closeBracket) return this.advance(1)
    for (let index = 0; ; index++) {
      if (!this.element(list, depth + 1, index)) return false
      const byte = this.skipSpace()
      this.at++
      if (byte === closeBracket) return true
      if (byte !== comma) return false
    }
  }

  private element(list: ListPlan, depth: number, index: number): boolean {
    const byte = this.skipSpace()
    if (byte === openBrace) {
      this.at++
      return this.row(list.element, depth, index)
    }
    const { table } = list
    if (byte === openBracket || table.system === undefined || table.required.length > 0) return false
    table.enter(this.run.record)
    this.rows.open(table, depth, index)
    const row = table.rowCount
    if (!this.value(list.value, row, depth)) return false
    this.rows.link(table, row, depth, index)
    return true
  }

  /** An empty object or list where none was filled before leaves no trace; whether it is to stay JSON must have been asked before. */
  private isKnownEmpty(key: KeyPlan, close: number): boolean {
    return key.isKeptAsJson === false && this.skipSpace() === close && this.advance(1)
  }

  private boolean(key: KeyPlan, row: number, value: boolean, length: number): boolean {
    const isWord = value ? this.isWord(0x72, 0x75, 0x65) : this.isWord(0x61, 0x6c, 0x73) && this.bytes[this.at + 4] === 0x65
    const { column } = key
    if (!isWord || column === undefined || column.dataType !== "bool" || key.role !== "data") return false
    column.pushBoolean(row, value)
    return this.advance(length)
  }

  private numeric(key: KeyPlan, row: number): boolean {
    const { column } = key
    const { number } = this
    if (column === undefined || key.role !== "data" || !readNumber(this.bytes, this.at, this.end, number)) return false
    if (column.dataType === "double") {
      if (!Number.isFinite(number.value)) return false
      column.pushDouble(row, number.value)
    } else if (column.dataType === "bigint" && Number.isSafeInteger(number.value)) column.pushInteger(row, number.value)
    else return false
    this.at = number.end
    return true
  }

  private string(key: KeyPlan, row: number): boolean {
    const { column } = key
    if (column === undefined || key.role !== "data") return false
    if (column.dataType === "text") return this.text(column, row)
    if (column.dataType !== "timestamp") return false
    const after = readTimestamp(this.bytes, this.at + 1, this.end, this.timestamp)
    if (after < 0) return false
    column.pushInteger(row, this.timestamp.micros)
    this.at = after
    return true
  }

  /** Copies a string's bytes into the column while looking for its end. */
  private text(column: ColumnBuilder, row: number): boolean {
    const { bytes, end } = this
    column.reserveBytes(end - this.at)
    const target = column.bytes
    const start = column.byteCount
    let to = start
    let highest = 0
    for (let at = this.at + 1; at < end; ) {
      const byte = bytes[at++] as number
      if (byte === quote) {
        if (highest >= 0x80 && !isValidUtf8(target, start, to)) return false
        column.endBytes(row, to)
        this.at = at
        return true
      }
      if (byte < 0x20) return false
      if (byte === backslash) {
        const written = readEscapes(bytes, at, end, target, to, this.keepsNul)
        if (written === 0) return false
        at += written >> 8
        to += written & 0xff
        continue
      }
      highest |= byte
      target[to++] = byte
    }
    return false
  }

  private isWord(second: number, third: number, fourth: number): boolean {
    const { bytes, at } = this
    return bytes[at + 1] === second && bytes[at + 2] === third && bytes[at + 3] === fourth
  }

  private advance(length: number): boolean {
    this.at += length
    return this.at <= this.end
  }

  private skipSpace(): number {
    const { bytes, end } = this
    let { at } = this
    let byte = bytes[at] as number
    while (at < end && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)) byte = bytes[++at] as number
    this.at = at
    return at < end ? byte : -1
  }
}
