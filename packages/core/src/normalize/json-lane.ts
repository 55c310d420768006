import type { ColumnBuilder } from "../columns/column-builder.ts"
import { isValidUtf8 } from "../hash/utf8.ts"
import { readEscapes } from "./json-escapes.ts"
import { type NumberSlot, readNumber } from "./json-number.ts"
import { readTimestamp, type TimestampSlot } from "./json-timestamp.ts"
import type { KeyPlan, ListPlan, ObjectPlan } from "./plan.ts"
import type { RowWriter } from "./row-writer.ts"
import type { NormalizeRun } from "./run.ts"
import { bytesBefore, specialBytes, wordAt, wordBytes, wordOf } from "./words.ts"

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const letterT = 0x74
const letterF = 0x66
const letterN = 0x6e
const trueWord = wordOf("true")
const falseWord = wordOf("alse")
const nullWord = wordOf("null")

/**
 * The byte lane: reads a JSON record straight into columns, without an object or a string in between. It handles what it has seen
 * before: known keys, values that fit their columns as they are. Anything else makes `record` return false, and the caller takes
 * the record back and gives it to the objects lane, which knows every case. Both lanes give the same rows.
 *
 * Every reader here takes the offset of what it reads and gives the offset behind it, or -1 for what this lane leaves to the other.
 * None looks for the end of the record, which `record` checks once: what runs over it is not well-formed.
 */
export class JsonLane {
  private readonly run: NormalizeRun
  private readonly rows: RowWriter
  private bytes: Uint8Array = new Uint8Array(0)
  private view: DataView = new DataView(this.bytes.buffer)
  private end = 0
  private lastWord = 0
  /** Counts object instances, to notice a key that comes twice in one. */
  private instance = 0
  /** Offset behind the colon of the key that `otherKey` found. */
  private afterKey = 0
  private readonly number: NumberSlot = { value: 0 }
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
    if (table.system === undefined || end - start > this.run.limits.recordBytes) return false
    if (bytes !== this.bytes) {
      this.bytes = bytes
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      this.lastWord = bytes.length - wordBytes
    }
    this.end = end
    let at = skipSpace(bytes, start)
    if (bytes[at] !== openBrace) return false
    at = this.row(plan, 0, 0, at + 1)
    return at === end || (at > 0 && at < end && skipSpace(bytes, at) >= end)
  }

  private row(plan: ObjectPlan, depth: number, index: number, start: number): number {
    const { table } = plan
    if (table.system === undefined || table.rowIds !== "sequence") return -1
    table.enter(this.run.record)
    this.rows.open(table, depth, index)
    const row = table.rowCount
    const at = this.object(plan, row, depth, start)
    if (at < 0) return -1
    const { required } = table
    for (let i = 0; i < required.length; i++) if (table.columns.get(required[i] as string)?.lastRow !== row) return -1
    this.rows.link(table, row, depth, index)
    return at
  }

  /** Reads the members of an object whose brace is behind; `row` is the row of the plan's table. */
  private object(plan: ObjectPlan, row: number, depth: number, start: number): number {
    const { bytes } = this
    const instance = ++this.instance
    let at = skipSpace(bytes, start)
    if (bytes[at] === closeBrace) return at + 1
    let previous: KeyPlan | undefined
    for (;;) {
      const guess = previous === undefined ? plan.first : previous.next
      let key = guess
      if (guess !== undefined && this.isKey(guess, at)) at += guess.tokenLength
      else {
        key = this.otherKey(plan, previous, at)
        at = this.afterKey
      }
      if (key === undefined || key.seenIn === instance) return -1
      key.seenIn = instance
      at = this.value(key, row, depth, skipSpace(bytes, at))
      if (at < 0) return -1
      at = skipSpace(bytes, at)
      const byte = bytes[at++]
      if (byte === closeBrace) return at
      if (byte !== comma) return -1
      at = skipSpace(bytes, at)
      previous = key
    }
  }

  /** Whether the key's token is at `at`. */
  private isKey(key: KeyPlan, at: number): boolean {
    const { view } = this
    const { token } = key
    const lastWord = at + key.tokenLength - wordBytes
    if (token === undefined || lastWord > this.lastWord) return false
    let i = 0
    for (let next = at; next < lastWord; next += wordBytes) if (view.getInt32(next, true) !== token[i++]) return false
    return view.getInt32(lastWord, true) === token[i]
  }

  /** Finds the key at `at` that is not the expected one, and expects it next time. */
  private otherKey(plan: ObjectPlan, previous: KeyPlan | undefined, at: number): KeyPlan | undefined {
    const other = previous?.nextAlternative
    let key: KeyPlan | undefined
    if (other !== undefined && this.isKey(other, at)) {
      key = other
      this.afterKey = at + other.tokenLength
    } else key = this.lookUp(plan, at)
    if (key === undefined) return undefined
    if (previous === undefined) plan.first = key
    else previous.follow(key)
    return key
  }

  private lookUp(plan: ObjectPlan, start: number): KeyPlan | undefined {
    const { bytes } = this
    if (bytes[start] !== quote) return undefined
    let name = ""
    for (let at = start + 1; at < this.end; at++) {
      const byte = bytes[at] as number
      if (byte === quote) {
        const after = skipSpace(bytes, at + 1)
        this.afterKey = after + 1
        return bytes[after] === colon ? plan.keys.get(name) : undefined
      }
      // Keys with escapes are rare enough for the objects lane, and so is white space behind a key beyond ASCII.
      if (byte === backslash || byte < 0x20 || byte >= 0x80) break
      name += String.fromCharCode(byte)
    }
    for (const key of plan.keys.values()) {
      this.afterKey = start + key.tokenLength
      if (this.isKey(key, start)) return key
    }
    return undefined
  }

  private value(key: KeyPlan, row: number, depth: number, at: number): number {
    switch (this.bytes[at]) {
      case quote:
        return this.string(key, row, at)
      case openBrace:
        return this.nestedObject(key, row, depth, at + 1)
      case openBracket:
        return this.nestedList(key, depth, at + 1)
      case letterT:
        return this.boolean(key, row, true, at)
      case letterF:
        return this.boolean(key, row, false, at)
      case letterN:
        return wordAt(this.view, this.bytes, at) === nullWord ? at + 4 : -1
      default:
        return this.numeric(key, row, at)
    }
  }

  private nestedObject(key: KeyPlan, row: number, depth: number, at: number): number {
    if (key.isKeptAsJson === true) return -1
    if (key.object === undefined) return this.knownEmpty(key, closeBrace, at)
    return this.object(key.object, row, depth, at)
  }

  private nestedList(key: KeyPlan, depth: number, start: number): number {
    const { list } = key
    if (key.isKeptAsJson === true) return -1
    if (list === undefined) return this.knownEmpty(key, closeBracket, start)
    const { bytes } = this
    let at = skipSpace(bytes, start)
    if (bytes[at] === closeBracket) return at + 1
    for (let index = 0; ; index++) {
      at = this.element(list, depth + 1, index, at)
      if (at < 0) return -1
      at = skipSpace(bytes, at)
      const byte = bytes[at++]
      if (byte === closeBracket) return at
      if (byte !== comma) return -1
      at = skipSpace(bytes, at)
    }
  }

  private element(list: ListPlan, depth: number, index: number, start: number): number {
    const byte = this.bytes[start]
    if (byte === openBrace) return this.row(list.element, depth, index, start + 1)
    const { table } = list
    if (byte === openBracket || table.system === undefined || table.required.length > 0 || table.rowIds !== "sequence") return -1
    table.enter(this.run.record)
    this.rows.open(table, depth, index)
    const row = table.rowCount
    const at = this.value(list.value, row, depth, start)
    if (at >= 0) this.rows.link(table, row, depth, index)
    return at
  }

  /** An empty object or list where none was filled before leaves no trace; whether it is to stay JSON must have been asked before. */
  private knownEmpty(key: KeyPlan, close: number, start: number): number {
    const at = skipSpace(this.bytes, start)
    return key.isKeptAsJson === false && this.bytes[at] === close ? at + 1 : -1
  }

  private boolean(key: KeyPlan, row: number, value: boolean, at: number): number {
    const { column } = key
    const isWord = value ? wordAt(this.view, this.bytes, at) === trueWord : wordAt(this.view, this.bytes, at + 1) === falseWord
    if (!isWord || column === undefined || column.dataType !== "bool" || key.role !== "data") return -1
    column.pushBoolean(row, value)
    return value ? at + 4 : at + 5
  }

  private numeric(key: KeyPlan, row: number, at: number): number {
    const { column, role } = key
    const { number } = this
    if (column === undefined || role !== "data") return -1
    const after = readNumber(this.bytes, at, number)
    if (after < 0) return -1
    const { value } = number
    if (column.dataType === "double") column.pushDouble(row, value)
    else if (column.dataType === "bigint" && Number.isSafeInteger(value)) column.pushInteger(row, value)
    else return -1
    return after
  }

  private string(key: KeyPlan, row: number, at: number): number {
    const { column } = key
    if (column === undefined || key.role !== "data") return -1
    if (column.dataType === "text") return this.text(column, row, at + 1)
    if (column.dataType !== "timestamp") return -1
    const after = readTimestamp(this.bytes, at + 1, this.end, this.timestamp)
    if (after >= 0) column.pushInteger(row, this.timestamp.micros)
    return after
  }

  /** Copies a string's bytes into the column, four at a time, while looking for its end. */
  private text(column: ColumnBuilder, row: number, start: number): number {
    const { bytes, view, end } = this
    column.reserveBytes(end - start + wordBytes)
    const target = column.view
    let to = column.byteCount
    let seen = 0
    for (let at = start; at < end; ) {
      const word = wordAt(view, bytes, at)
      target.setInt32(to, word, true)
      seen |= word
      const special = specialBytes(word)
      if (special === 0) {
        at += wordBytes
        to += wordBytes
        continue
      }
      const plain = bytesBefore(special)
      at += plain + 1
      to += plain
      const byte = bytes[at - 1]
      if (byte === quote) {
        if ((seen & 0x80808080) !== 0 && !isValidUtf8(column.bytes, column.byteCount, to)) return -1
        column.endBytes(row, to)
        return at
      }
      const written = byte === backslash ? readEscapes(bytes, at, end, column.bytes, to, this.keepsNul) : 0
      if (written === 0) return -1
      at += written >> 8
      to += written & 0xff
    }
    return -1
  }
}

/** Offset of the first byte from `at` on that is no white space; the end of the bytes ends it, too. */
function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start
  for (;;) {
    const byte = bytes[at] as number
    if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) return at
    at++
  }
}
