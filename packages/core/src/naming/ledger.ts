import type { NamingConvention } from "./convention.ts"
import { computeTag, cut, tagLength } from "./shorten.ts"

/** One line of the identifier ledger: which source path a name of the dataset stands for. Append-only. */
export interface LedgerEntry {
  /** Normalized table name; for a table's own entry, its name. */
  readonly table: string
  /** Normalized column name, or undefined for the entry of the table itself. */
  readonly column: string | undefined
  /**
   * The keys that lead there, as a JSON array: for a column from its table's row, for a table from the root table's raw name. A
   * variant column's path ends with `{"variant": <type>}`.
   */
  readonly path: string
}

/** The name that a ledger gives to a path. */
export interface LedgerName {
  readonly name: string
  /** True when dlt's name belongs to another path, so that this path got a tagged one. */
  readonly collided: boolean
}

/** Gives every source path a name of its own, the same in every run. */
export interface Ledger {
  /** Column for the keys that lead from a row of `table` to a value. */
  columnName(table: string, path: readonly string[]): LedgerName
  /** Column for values of `type` that the column of the same path cannot take. */
  variantName(table: string, path: readonly string[], type: string): LedgerName
  /** Table for the raw root name followed by the keys that lead to a list. */
  tableName(path: readonly string[]): LedgerName
  /** Declares a name that exists without an entry: the first path that normalizes to it gets it. */
  reserve(table: string, column?: string): void
  /** Entries that this ledger has added since it was created, oldest first. */
  added(): readonly LedgerEntry[]
}

/**
 * Creates a ledger that continues `entries`. The first path gets dlt's name. A later, different path with the same name, or with one
 * that differs only in case, gets `<name>_<tag of the path>`; so does a path that would take a system name that is not its own key.
 */
export function createLedger(entries: readonly LedgerEntry[], naming: NamingConvention): Ledger {
  const tables = createScope(naming)
  const columns = new Map<string, Scope>()
  const added: LedgerEntry[] = []
  const scopeOf = (table: string): Scope => {
    let scope = columns.get(table)
    if (scope === undefined) columns.set(table, (scope = createScope(naming)))
    return scope
  }
  for (const entry of entries) {
    if (entry.column === undefined) tables.restore(entry.path, entry.table)
    else scopeOf(entry.table).restore(entry.path, entry.column)
  }
  const natural = (path: readonly string[]) => naming.shortenFragments(path.map((key) => naming.normalizePath(key)))
  const columnName = (table: string, path: readonly string[]): LedgerName =>
    scopeOf(table).resolve(JSON.stringify(path), natural(path), isOwnName(path, natural), (column, json) =>
      added.push({ table, column, path: json }),
    )

  return {
    columnName,
    variantName(table, path, type) {
      const name = naming.shortenFragments([columnName(table, path).name, `v_${type}`])
      const json = JSON.stringify([...path, { variant: type }])
      return scopeOf(table).resolve(json, name, false, (column) => added.push({ table, column, path: json }))
    },
    tableName(path) {
      const json = JSON.stringify(path)
      return tables.resolve(json, natural(path), isOwnName(path, natural), (table) => added.push({ table, column: undefined, path: json }))
    },
    reserve(table, column) {
      if (column === undefined) tables.reserve(table)
      else scopeOf(table).reserve(column)
    },
    added: () => added,
  }
}

/** The names of all tables, or of the columns of one table. */
interface Scope {
  restore(path: string, name: string): void
  reserve(name: string): void
  resolve(path: string, natural: string, isOwn: boolean, add: (name: string, path: string) => void): LedgerName
}

function createScope(naming: NamingConvention): Scope {
  const nameOfPath = new Map<string, string>()
  /** Owner of each name in lower case; undefined: the name exists, but no path has claimed it. */
  const owners = new Map<string, { readonly name: string; readonly path: string | undefined }>()

  function isFree(name: string): boolean {
    const owner = owners.get(name.toLowerCase())
    return owner === undefined || (owner.path === undefined && owner.name === name)
  }

  function restore(path: string, name: string): void {
    if (!nameOfPath.has(path)) nameOfPath.set(path, name)
    if (owners.get(name.toLowerCase())?.path === undefined) owners.set(name.toLowerCase(), { name, path })
  }

  return {
    restore,
    reserve(name) {
      if (!owners.has(name.toLowerCase())) owners.set(name.toLowerCase(), { name, path: undefined })
    },
    resolve(path, natural, isOwn, add) {
      const isSystem = isSystemName(natural)
      if (isSystem && isOwn) return { name: natural, collided: false }
      const known = nameOfPath.get(path)
      if (known !== undefined) return { name: known, collided: isSystem || owners.get(natural.toLowerCase())?.path !== path }
      const collided = isSystem || !isFree(natural)
      const name = collided ? taggedName(natural, path, naming, isFree) : natural
      restore(path, name)
      add(name, path)
      return { name, collided }
    },
  }
}

/** True when the path is one key that is its own name. */
function isOwnName(path: readonly string[], natural: (path: readonly string[]) => string): boolean {
  return path.length === 1 && path[0] === natural(path)
}

function isSystemName(name: string): boolean {
  return /^_(dlt|lading)_/i.test(name)
}

/** `<name>_<tag>` within the limit; the tag is that of the path as JSON, with a number behind it in the rare case that it is taken. */
function taggedName(natural: string, path: string, { maxLength, unit }: NamingConvention, isFree: (name: string) => boolean): string {
  // a name that starts with a system prefix would be taken for a system name
  const base = [...(isSystemName(natural) ? `x${natural}` : natural)]
  const room = maxLength === undefined ? Number.POSITIVE_INFINITY : Math.max(0, maxLength - tagLength - 1)
  for (let attempt = 0; ; attempt++) {
    const tag = computeTag(attempt === 0 ? path : `${path}${attempt}`)
    const name = room === 0 ? tag : `${cut(base, room, unit).join("")}_${tag}`
    if (isFree(name)) return name
  }
}
