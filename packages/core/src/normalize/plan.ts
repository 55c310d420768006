import type { ColumnBuilder } from "../columns/column-builder.ts"
import { writeUtf8 } from "../hash/utf8.ts"
import type { DataType } from "../schema/model.ts"
import type { TableBuilder } from "./table-builder.ts"
import { toWords, wordBytes } from "./words.ts"

/**
 * What is known about the objects at one place of the data: which key goes where. Built as data is seen, so that a record of a
 * known shape costs one look-up a key. Plans of one run share their table's columns.
 */
export class ObjectPlan {
  readonly table: TableBuilder
  /** Keys from the table's row to this object. */
  readonly path: readonly string[]
  /** Levels left: at 0 objects and lists below stay JSON. */
  readonly level: number
  /** Level of the row this object belongs to, from which the level of child rows derives. */
  readonly rowLevel: number
  readonly keys = new Map<string, KeyPlan>()
  /** The key that came first in the last object. */
  first: KeyPlan | undefined

  constructor(table: TableBuilder, path: readonly string[], level: number, rowLevel: number) {
    this.table = table
    this.path = path
    this.level = level
    this.rowLevel = rowLevel
  }

  key(name: string): KeyPlan {
    const known = this.keys.get(name)
    if (known !== undefined) return known
    const added = new KeyPlan(name, this, { isImplied: false })
    this.keys.set(name, added)
    return added
  }
}

/** Row keys that the data brings itself. */
export type KeyRole = "data" | "row-id" | "ignored"

/** Where the values of one key go; a key may hold scalars, objects and lists in different rows, each with a slot of its own. */
export class KeyPlan {
  readonly key: string
  readonly owner: ObjectPlan
  /** Keys from the table's row to the value. */
  readonly path: readonly string[]
  /** True for the keys `value` and `list` that stand for an element itself, which a pointer does not show. */
  readonly isImplied: boolean
  readonly role: KeyRole
  /** The base column; unset until the first value that is not null. */
  column: ColumnBuilder | undefined
  /** Columns for values that the base column cannot take, by type. */
  variants: Map<DataType, ColumnBuilder> | undefined
  object: ObjectPlan | undefined
  list: ListPlan | undefined
  /** Objects and lists stay JSON here: the level is used up, or the column is declared so; undefined until first asked. */
  isKeptAsJson: boolean | undefined
  /** The keys that came after this one in earlier objects, newest first: where the byte lane looks first. */
  next: KeyPlan | undefined
  nextAlternative: KeyPlan | undefined
  /** The key as JSON bytes from its quote to its colon, in words of which the last may overlap; undefined when it needs escapes. */
  readonly token: Int32Array | undefined
  readonly tokenLength: number
  /** Number of the object instance that last had this key, to notice a key that comes twice. */
  seenIn = 0

  constructor(key: string, owner: ObjectPlan, { isImplied }: { readonly isImplied: boolean }) {
    this.key = key
    this.isImplied = isImplied
    this.owner = owner
    this.path = [...owner.path, key]
    this.role = owner.path.length === 0 ? roleOf(key) : "data"
    const token = tokenBytes(key)
    this.token = token === undefined ? undefined : toWords(token)
    this.tokenLength = token?.length ?? 0
  }

  /** Notes that `key` came after this one. */
  follow(key: KeyPlan): void {
    this.nextAlternative = this.next
    this.next = key
  }
}

function tokenBytes(key: string): Uint8Array | undefined {
  const text = JSON.stringify(key)
  if (text.length !== key.length + 2) return undefined
  const target = new Uint8Array(text.length * 3 + 1)
  const length = writeUtf8(`${text}:`, target, 0)
  return length < wordBytes ? undefined : target.subarray(0, length)
}

function roleOf(key: string): KeyRole {
  if (key === "_dlt_id") return "row-id"
  return key === "_dlt_load_id" || key === "_dlt_parent_id" || key === "_dlt_list_idx" || key === "_dlt_root_id" ? "ignored" : "data"
}

/** Where the elements of a list go. */
export class ListPlan {
  readonly table: TableBuilder
  /** Keys from the parent's row to the list, for pointers. */
  readonly path: readonly string[]
  /** Elements that are objects. */
  readonly element: ObjectPlan
  /** Elements that are lists: rows of the same table that hold only links, with the inner list under the key `list`. */
  readonly inner: ObjectPlan
  /** Elements that are neither. */
  readonly value: KeyPlan

  constructor(table: TableBuilder, path: readonly string[], level: number) {
    this.table = table
    this.path = path
    this.element = new ObjectPlan(table, [], level, level)
    this.inner = new ObjectPlan(table, [], level - 1, level - 1)
    this.inner.keys.set("list", new KeyPlan("list", this.inner, { isImplied: true }))
    this.value = new KeyPlan("value", this.element, { isImplied: true })
  }
}
