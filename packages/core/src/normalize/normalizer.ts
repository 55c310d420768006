import type { TableBatch } from "../columns/batch.ts"
import { contractCodes, withPlace } from "../contract/violation.ts"
import { JsonFault, JsonParser } from "../json/parse.ts"
import type { Origin, RejectBatch } from "../plugin/source.ts"
import { setProcessingHint } from "../schema/hints.ts"
import type { SchemaDocument } from "../schema/model.ts"
import { JsonLane } from "./json-lane.ts"
import { keyValues } from "./key-values.ts"
import { ObjectPlan } from "./plan.ts"
import { previewBytes, previewValue } from "./preview.ts"
import { type Reject, RowFault, toPointer } from "./reject.ts"
import { type RecordPlace, RejectLog } from "./reject-log.ts"
import { rowIdRule } from "./row-hash.ts"
import { RowWriter } from "./row-writer.ts"
import { NormalizeRun, type RunOptions } from "./run.ts"
import { TableBuilder } from "./table-builder.ts"
import { Walker } from "./walk.ts"
import { doublesFitDecimal } from "./widen.ts"

/** Nesting that is as good as unlimited, as in dlt. */
const defaultNesting = 1000

/** A root table that rows are pushed into. */
export interface NormalizeTarget {
  readonly table: TableBuilder
  readonly plan: ObjectPlan
  /** Raw table name, for people. */
  readonly name: string
  /** Rows handed in so far, rejected ones included. */
  extracted: number
  rejected: number
  /** Those of the rejected rows that a contract discarded. */
  discarded: number
  /** JSON lines that were `null`, which is no row: counted as extracted, and to be counted as filtered. */
  nulls: number
}

/** Which table the records of a target go to. */
export interface TargetOptions {
  /** Raw table name. */
  readonly name: string
  /** Columns whose type the user declared. */
  readonly pinned?: ReadonlySet<string>
  /** The same for tables nested below it, by table name. */
  readonly nestedPinned?: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * Takes batches of records in and gives typed column batches per table out (data-model.md). Pure and synchronous: what it needs is
 * handed over at creation, what it learns is read from `schema` and `rejects`.
 */
export class Normalizer {
  private readonly run: NormalizeRun
  private readonly rows: RowWriter
  private readonly walker: Walker
  private readonly lane: JsonLane | undefined
  private readonly parser: JsonParser
  private readonly targets = new Map<string, NormalizeTarget>()
  private readonly rejects = new RejectLog()
  private misses = 0

  constructor(options: RunOptions) {
    this.run = new NormalizeRun(options)
    this.rows = new RowWriter(this.run)
    this.walker = new Walker(this.run, this.rows)
    this.lane = options.useByteLane === false ? undefined : new JsonLane(this.run, this.rows)
    this.parser = new JsonParser(this.run.limits.depth)
  }

  /** The schema as the data has made it so far; a live object. */
  get schema(): SchemaDocument {
    return this.run.schema
  }

  /** Values that were not finite numbers and became null. */
  get nonFiniteCount(): number {
    return this.run.nonFiniteCount
  }

  /** JSON documents that the byte lane left to the slower objects lane: new shapes, types and whatever else it does not know. */
  get laneMisses(): number {
    return this.misses
  }

  /** Normalized rows of each table so far. */
  normalizedRows(): ReadonlyMap<string, number> {
    return new Map([...this.run.tables].map(([name, table]) => [name, table.totalRows]))
  }

  /** The target of a root table of the schema. */
  target({ name, pinned, nestedPinned }: TargetOptions): NormalizeTarget {
    const tableName = this.run.ledger.tableName([name]).name
    for (const [nested, columns] of nestedPinned ?? []) this.run.pinned.set(nested, columns)
    const known = this.targets.get(tableName)
    if (known !== undefined) return known
    const table = this.run.table(tableName, undefined, [name])
    for (const column of pinned ?? []) table.pinned.add(column)
    table.rowIds = rowIdRule(table.schema)
    const level = this.nestingOf(table)
    const target = { table, plan: new ObjectPlan(table, [], level, level), name, extracted: 0, rejected: 0, discarded: 0, nulls: 0 }
    this.targets.set(tableName, target)
    this.run.undo.length = 0
    return target
  }

  /** A target outside of the schema, for rows that can only be counted and rejected because nobody knows their table. */
  counter(name: string): NormalizeTarget {
    const table = new TableBuilder({ name: this.run.naming.normalizeIdentifier(name), columns: {} }, undefined, [name], this.run.memory)
    return { table, plan: new ObjectPlan(table, [], 0, 0), name, extracted: 0, rejected: 0, discarded: 0, nulls: 0 }
  }

  /** Normalizes records that are JavaScript values. */
  pushRows(target: NormalizeTarget, rows: readonly unknown[], origin?: Origin, lines?: readonly number[]): void {
    for (let i = 0; i < rows.length; i++) {
      const item = rows[i]
      target.extracted++
      this.run.record++
      try {
        this.walker.record(target.plan, item)
      } catch (error) {
        if (!(error instanceof RowFault))
          throw withPlace(error, placeOf(target, origin, lineOf(i, origin, lines)), keyValues(target.table.schema, item))
        this.reject(placeOf(target, origin, lineOf(i, origin, lines)), target, error, previewValue(item))
      }
      if (this.run.discarded.length > 0) this.noteDiscarded(placeOf(target, origin, lineOf(i, origin, lines)))
      if (this.run.undo.length > 0) this.run.undo.length = 0
    }
  }

  /** Normalizes JSON documents, one a line; blank lines are no rows. Gives the number of lines that were rows. */
  pushJsonLines(target: NormalizeTarget, bytes: Uint8Array, origin?: Origin): number {
    const before = target.extracted
    let line = origin?.line ?? 1
    for (let start = 0; start < bytes.length; line++) {
      const newline = bytes.indexOf(0x0a, start)
      const end = newline < 0 ? bytes.length : newline
      if (!isBlank(bytes, start, end)) this.document(target, bytes, start, end, origin, line)
      start = end + 1
    }
    return target.extracted - before
  }

  /** Counts rows that the source could not read. */
  pushRejects(target: NormalizeTarget, batch: RejectBatch): void {
    for (const { code, message, value, line } of batch.rejects) {
      target.extracted++
      target.rejected++
      if (contractCodes.has(code)) target.discarded++
      this.rejects.add(placeOf(target, batch.origin, line), code, "", message, value)
    }
  }

  /** Rejects since the last call. */
  takeRejects(): Reject[] {
    return this.rejects.take()
  }

  /** Batches of all tables whose open rows take at least `bytes`; with 0, of all that have rows. */
  takeBatches(bytes: number): TableBatch[] {
    const batches: TableBatch[] = []
    for (const table of this.run.tables.values()) {
      if (table.rowCount > 0 && table.sizeInBytes() >= bytes) batches.push(this.take(table))
    }
    return batches
  }

  /** Takes back the memory of a batch that is written, for later ones; the batch must not be read any more. */
  recycle({ columns }: TableBatch): void {
    for (const { vector } of columns) {
      if (vector.kind === "int64") this.run.memory.give(vector.words.buffer)
      else if (vector.kind !== "bytes") this.run.memory.give(vector.values.buffer)
      else {
        this.run.memory.give(vector.bytes.buffer)
        this.run.memory.give(vector.lengths.buffer)
      }
    }
  }

  /** Bytes of all open rows. */
  sizeInBytes(): number {
    let size = 0
    for (const table of this.run.tables.values()) size += table.sizeInBytes()
    return size
  }

  private take(table: TableBuilder): TableBatch {
    for (const column of table.columns.values()) {
      if (column.dataType === "double") column.doublesFitDecimal = doublesFitDecimal(this.run, column)
    }
    setProcessingHint(table.schema, "seen-data", true)
    return table.take()
  }

  private document(target: NormalizeTarget, bytes: Uint8Array, start: number, end: number, origin: Origin | undefined, line: number): void {
    target.extracted++
    this.run.record++
    if (this.lane !== undefined) {
      if (this.lane.record(target.plan, bytes, start, end)) return
      this.misses++
      this.rollback()
    }
    const place = placeOf(target, origin, line)
    let item: unknown
    try {
      this.checkSize(end - start)
      item = this.parser.parse(bytes, start, end)
      if (item === null) target.nulls++
      else this.walker.record(target.plan, item)
    } catch (error) {
      const fault =
        error instanceof JsonFault ? new RowFault(error.code, `${error.message} at byte ${error.offset - start} of the line`) : error
      if (!(fault instanceof RowFault)) throw withPlace(error, place, keyValues(target.table.schema, item))
      this.reject(place, target, fault, previewBytes(bytes, start, end))
    }
    if (this.run.discarded.length > 0) this.noteDiscarded(place)
    this.run.undo.length = 0
  }

  private checkSize(size: number): void {
    const { recordBytes } = this.run.limits
    if (size > recordBytes) throw new RowFault("record-too-large", `a record of ${size} bytes is over the limit of ${recordBytes}`)
  }

  private rollback(): void {
    for (const table of this.run.tables.values()) table.rollback(this.run.record)
  }

  /** Takes the whole record back, with what it added to the schema. */
  private reject(place: RecordPlace, target: NormalizeTarget, fault: RowFault, value: string): void {
    this.rollback()
    for (let i = this.run.undo.length - 1; i >= 0; i--) this.run.undo[i]?.()
    this.run.undo.length = this.run.discarded.length = 0
    target.rejected++
    if (contractCodes.has(fault.code)) target.discarded++
    this.rejects.add(place, fault.code, toPointer(fault.path), fault.message, value)
  }

  private noteDiscarded(place: RecordPlace): void {
    for (const { fault, value } of this.run.discarded) {
      this.rejects.add(place, fault.code, toPointer(fault.path), fault.message, previewValue(value))
    }
    this.run.discarded.length = 0
  }

  private nestingOf(table: TableBuilder): number {
    const own = (table.schema["x-normalizer"] as { max_nesting?: number } | undefined)?.max_nesting
    return own ?? this.run.schema.normalizers.json.config?.max_nesting ?? defaultNesting
  }
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]
    if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) return false
  }
  return true
}

/** The place of the record that was counted last. */
function placeOf({ name, extracted }: NormalizeTarget, origin: Origin | undefined, line: number | undefined): RecordPlace {
  return { table: name, ordinal: extracted - 1, origin: origin?.name, line }
}

function lineOf(index: number, origin: Origin | undefined, lines: readonly number[] | undefined): number | undefined {
  return lines?.[index] ?? (origin?.line === undefined ? undefined : origin.line + index)
}
