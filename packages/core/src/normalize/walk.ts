import type { ColumnBuilder } from "../columns/column-builder.ts"
import { isLadingError } from "../errors.ts"
import { writeUtf8 } from "../hash/utf8.ts"
import { JsonObject } from "../json/json-object.ts"
import { inferValue, type TypedValue } from "../types/infer.ts"
import { readTimestamp, type TimestampSlot } from "./json-timestamp.ts"
import { type KeyPlan, ListPlan, ObjectPlan } from "./plan.ts"
import { pushText } from "./push-value.ts"
import { RowFault } from "./reject.ts"
import { rowHash } from "./row-hash.ts"
import type { RowWriter } from "./row-writer.ts"
import type { NormalizeRun } from "./run.ts"
import { writeValue } from "./scalar.ts"
import { asStructure, isEmptyStructure } from "./structure.ts"

/** Characters of `2024-01-02T03:04:05.123456789+00:00`. */
const longestTimestamp = 35
const quote = 0x22

/**
 * The objects lane: takes records apart into the columns of their tables, in dlt's visiting order: the scalars of an object
 * first, then its nested objects from the last to the first, then its lists (reference: schema 3.2 to 3.5).
 */
export class Walker {
  private readonly run: NormalizeRun
  private readonly rows: RowWriter
  /** Objects of the open row that are still to be visited, with their plans. */
  private readonly objects: unknown[] = []
  private readonly plans: ObjectPlan[] = []
  /** Lists of open rows, in visiting order, with their plans. */
  private readonly lists: (readonly unknown[])[] = []
  private readonly listPlans: ListPlan[] = []
  /** Where the walk is: list positions and keys, for the pointer of a reject. */
  private readonly position: (string | number)[] = []
  private keyCount = 0
  private adopted: string | undefined
  private readonly scratch = new Uint8Array(longestTimestamp * 3 + 1)
  private readonly slot: TimestampSlot = { micros: 0 }

  constructor(run: NormalizeRun, rows: RowWriter) {
    this.run = run
    this.rows = rows
  }

  /** Normalizes one record into the table of `plan`. Throws RowFault with the path to the value; the caller takes the rows back. */
  record(plan: ObjectPlan, item: unknown): void {
    this.keyCount = 0
    try {
      const structure = asStructure(item)
      if (structure === undefined || Array.isArray(structure)) this.row(plan, wrapped("value", structure ?? item), 0, 0)
      else this.row(plan, structure, 0, 0)
    } catch (error) {
      const fault = this.at([], error)
      this.startOver()
      throw fault
    }
  }

  /** Forgets what a record left behind that did not go through. */
  private startOver(): void {
    this.objects.length = this.plans.length = this.lists.length = this.listPlans.length = this.position.length = 0
  }

  private row(plan: ObjectPlan, item: unknown, depth: number, index: number): void {
    if (depth > this.run.limits.depth) throw new RowFault("too-deep", `nested deeper than ${this.run.limits.depth} levels`)
    const { table } = plan
    table.enter(this.run.record)
    const row = table.rowCount
    const firstList = this.lists.length
    this.adopted = undefined
    this.flatten(plan, item, row)
    this.rows.finish(table, depth, index, this.adopted ?? (table.rowIds === "row-hash" ? rowHash(item as object) : undefined))
    const lastList = this.lists.length
    for (let i = firstList; i < lastList; i++) this.elements(this.listPlans[i] as ListPlan, this.lists[i] as readonly unknown[], depth + 1)
    // Setting a length takes long, even to what it is.
    if (lastList > firstList) this.lists.length = this.listPlans.length = firstList
  }

  private flatten(plan: ObjectPlan, item: unknown, row: number): void {
    const { objects, plans } = this
    const base = objects.length
    objects.push(item)
    plans.push(plan)
    while (objects.length > base) {
      const object = objects.pop()
      const objectPlan = plans.pop() as ObjectPlan
      if (object instanceof JsonObject) this.entries(objectPlan, object.keys, object.values, row)
      else if (object instanceof Map) this.entries(objectPlan, [...object.keys()].map(String), [...object.values()], row)
      else this.fields(objectPlan, object as Record<string, unknown>, row)
    }
  }

  private fields(plan: ObjectPlan, object: Record<string, unknown>, row: number): void {
    const keys = Object.keys(object)
    // All values at once come several times faster than one by one; only a getter that deletes keys makes the two disagree.
    const values = Object.values(object)
    this.entries(plan, keys, values.length === keys.length ? values : keys.map((key) => object[key]), row)
  }

  private entries(plan: ObjectPlan, keys: readonly string[], values: readonly unknown[], row: number): void {
    this.countKeys(keys.length)
    let previous: KeyPlan | undefined
    for (let i = 0; i < keys.length; i++) {
      const name = keys[i] as string
      const guess: KeyPlan | undefined = previous === undefined ? plan.first : previous.next
      const key: KeyPlan = guess !== undefined && guess.key === name ? guess : plan.key(name)
      if (key !== guess) {
        if (previous === undefined) plan.first = key
        else previous.follow(key)
      }
      this.value(key, values[i], row)
      previous = key
    }
  }

  private countKeys(count: number): void {
    this.keyCount += count
    if (this.keyCount > this.run.limits.keysPerRecord)
      throw new RowFault("too-many-keys", `a record with more than ${this.run.limits.keysPerRecord} keys`)
  }

  private value(key: KeyPlan, value: unknown, row: number): void {
    if (value === null || value === undefined) return
    if (!this.plainValue(key, value, row)) this.slowValue(key, value, row)
  }

  /** Writes a value that fits its column as it is; false for every other. */
  private plainValue(key: KeyPlan, value: unknown, row: number): boolean {
    const { column } = key
    if (column === undefined || column.lastRow === row || key.role !== "data") return false
    switch (column.dataType) {
      case "text":
        if (typeof value !== "string") return false
        this.text(key, column, value, row)
        return true
      case "timestamp":
        return typeof value === "string" && this.timestamp(column, value, row)
      case "double":
        if (typeof value !== "number" || !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) return false
        column.pushDouble(row, value)
        return true
      case "bigint":
        if (typeof value !== "number" || !Number.isSafeInteger(value)) return false
        column.pushInteger(row, value)
        return true
      case "bool":
        if (typeof value !== "boolean") return false
        column.pushBoolean(row, value)
        return true
      default:
        return false
    }
  }

  private text(key: KeyPlan, column: ColumnBuilder, value: string, row: number): void {
    try {
      pushText(this.run, column, row, value)
    } catch (error) {
      throw this.at(key.isImplied ? [] : key.path, error)
    }
  }

  /** Reads an ISO timestamp of the common shape; false for every other text. */
  private timestamp(column: ColumnBuilder, value: string, row: number): boolean {
    const { scratch, slot } = this
    const length = value.length > longestTimestamp ? -1 : writeUtf8(value, scratch, 0)
    if (length < 0) return false
    scratch[length] = quote
    if (readTimestamp(scratch, 0, length + 1, slot) !== length + 1) return false
    column.pushInteger(row, slot.micros)
    return true
  }

  private slowValue(key: KeyPlan, value: unknown, row: number): void {
    if (key.role !== "data") {
      this.systemValue(key, value)
      return
    }
    try {
      const structure = asStructure(value)
      if (structure === undefined) this.scalar(key, value, row)
      else if (Array.isArray(structure)) this.nestedList(key, structure, row)
      else this.nestedObject(key, structure, row)
    } catch (error) {
      const fault = this.at(key.isImplied ? [] : key.path, error)
      if (!(fault instanceof RowFault) || fault.scope !== "value") throw fault
      this.run.discarded.push({ fault, value })
    }
  }

  private scalar(key: KeyPlan, value: unknown, row: number): void {
    const typed = inferValue(value)
    if (typed !== undefined) writeValue(this.run, key, row, typed)
  }

  private systemValue(key: KeyPlan, value: unknown): void {
    if (key.role === "row-id" && value !== "") this.adopted = String(value)
  }

  private nestedObject(key: KeyPlan, value: object, row: number): void {
    if (this.isKept(key)) {
      this.kept(key, value, row)
      return
    }
    if (isEmptyStructure(value)) return
    if (key.path.length > this.run.limits.depth) throw new RowFault("too-deep", `nested deeper than ${this.run.limits.depth} levels`)
    this.objects.push(value)
    this.plans.push(this.objectPlan(key))
  }

  private nestedList(key: KeyPlan, value: readonly unknown[], row: number): void {
    if (this.isKept(key)) this.kept(key, value, row)
    else if (value.length > 0) {
      this.listPlans.push(listPlan(this.run, key))
      this.lists.push(value)
    }
  }

  private kept(key: KeyPlan, value: unknown, row: number): void {
    const typed: TypedValue = { type: "json", value }
    writeValue(this.run, key, row, typed)
  }

  private isKept(key: KeyPlan): boolean {
    if (key.isKeptAsJson === undefined) {
      const { owner } = key
      const isDeclared = this.run.isJsonColumn(owner.table, key.path)
      key.isKeptAsJson = owner.level <= 0 || isDeclared
    }
    return key.isKeptAsJson
  }

  private objectPlan(key: KeyPlan): ObjectPlan {
    key.object ??= new ObjectPlan(key.owner.table, key.path, key.owner.level - 1, key.owner.rowLevel)
    return key.object
  }

  private elements(plan: ListPlan, list: readonly unknown[], depth: number): void {
    const { position } = this
    const outer = position.length
    position.push(...plan.path, 0)
    const last = position.length - 1
    for (let index = 0; index < list.length; index++) {
      position[last] = index
      this.element(plan, list[index], depth, index)
    }
    position.length = outer
  }

  private element(plan: ListPlan, item: unknown, depth: number, index: number): void {
    const structure = typeof item === "object" ? asStructure(item) : undefined
    const row = plan.table.rowCount
    const objects = this.objects.length
    const lists = this.lists.length
    try {
      if (Array.isArray(structure)) this.row(plan.inner, wrapped("list", structure), depth, index)
      else if (structure !== undefined) this.row(plan.element, structure, depth, index)
      else {
        plan.table.enter(this.run.record)
        this.value(plan.value, item, row)
        this.rows.finish(plan.table, depth, index, undefined)
      }
    } catch (error) {
      const fault = this.at([], error)
      if (!(fault instanceof RowFault) || fault.scope !== "row" || plan.table.rowCount > row) throw fault
      this.dropRow(plan, row, objects, lists)
      this.run.discarded.push({ fault, value: item })
    }
  }

  /** Takes back the open row of a nested table; its own lists were not visited yet. */
  private dropRow({ table }: ListPlan, row: number, objects: number, lists: number): void {
    for (const column of table.columns.values()) column.rollbackTo(row)
    this.objects.length = this.plans.length = objects
    this.lists.length = this.listPlans.length = lists
  }

  /** The fault of a row with the place it happened at; values that have no type are faults of their row, too. */
  private at(path: readonly string[], error: unknown): unknown {
    const fault = isLadingError(error) && rowCodes.has(error.code) ? new RowFault(error.code, error.message) : error
    if (fault instanceof RowFault && fault.path === undefined) fault.path = [...this.position, ...path]
    return fault
  }
}

const rowCodes: ReadonlySet<string> = new Set(["unsupported-value", "invalid-date", "lone-surrogate", "too-deep"])

function wrapped(key: string, value: unknown): JsonObject {
  const object = new JsonObject()
  object.set(key, value)
  return object
}

/** The plan of a key's list, which makes its child table known. */
export function listPlan(run: NormalizeRun, key: KeyPlan): ListPlan {
  if (key.list !== undefined) return key.list
  const { owner } = key
  const parent = owner.table
  const path = [...parent.path, ...key.path]
  const list = new ListPlan(run.table(run.ledger.tableName(path).name, parent, path), key.isImplied ? [] : key.path, owner.rowLevel - 1)
  key.list = list
  run.undo.push(() => {
    key.list = undefined
  })
  return list
}
