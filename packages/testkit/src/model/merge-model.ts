import type { ModelRow, StoredRow } from "./rows.ts"

/** What a merged table is told about its rows. */
export interface MergeRules {
  readonly strategy: "delete-insert" | "upsert" | "insert-only"
  readonly primaryKey: readonly string[]
  readonly mergeKey: readonly string[]
  readonly hardDelete: { readonly column: string; readonly isBool: boolean } | undefined
  readonly sort: { readonly column: string; readonly direction: "asc" | "desc" } | undefined
}

/**
 * What a merged table holds after a load, in the plainest words: of the rows of one key the first by sort column, then by arrival, survives;
 * rows that are marked as deleted are not inserted; nested rows go and come with their root row. A null in a key is equal to no other row's.
 */
export function mergeModel(rules: MergeRules, table: readonly StoredRow[], staged: readonly StoredRow[]): readonly StoredRow[] {
  const survivors = rules.primaryKey.length === 0 ? staged : firstOfEachKey(rules, staged)
  const isKept = (row: StoredRow) => !isDeleted(rules, row)
  const isMatched = (row: StoredRow, key: readonly string[], by: readonly StoredRow[]) => by.some((other) => sameKey(key, row, other))
  switch (rules.strategy) {
    case "delete-insert": {
      const groups = [rules.primaryKey, rules.mergeKey].filter((key) => key.length > 0)
      const rest = table.filter((row) => !groups.some((key) => isMatched(row, key, staged)))
      return [...rest, ...survivors.filter(isKept)]
    }
    case "upsert":
      return [...table.filter((row) => !isMatched(row, rules.primaryKey, survivors)), ...survivors.filter(isKept)]
    case "insert-only":
      return [...table, ...survivors.filter((row) => isKept(row) && !isMatched(row, rules.primaryKey, table))]
  }
}

/**
 * True when a row that survives into `merged` shares its id with a staged one whose nested rows are others: ids of nested rows follow from it, so which
 * of them survive could not be told.
 */
export function mixesVersions(merged: readonly StoredRow[], staged: readonly StoredRow[], nestedOf: (row: StoredRow) => string): boolean {
  const own = new Set(staged)
  return merged.some((row) => own.has(row) && staged.some((other) => other.id === row.id && nestedOf(other) !== nestedOf(row)))
}

function sameKey(key: readonly string[], a: ModelRow, b: ModelRow): boolean {
  return key.every((column) => a.values[column] !== null && a.values[column] === b.values[column])
}

/** Within one load, rows whose keys hold nulls at the same places are of one key, as for SQL's PARTITION BY. */
function firstOfEachKey(rules: MergeRules, staged: readonly StoredRow[]): readonly StoredRow[] {
  const first = new Map<string, StoredRow>()
  for (const row of staged) {
    const key = JSON.stringify(rules.primaryKey.map((column) => row.values[column]))
    const known = first.get(key)
    if (known === undefined || goesFirst(rules, row, known)) first.set(key, row)
  }
  return [...first.values()]
}

/** Nulls go last in both directions. */
function goesFirst({ sort }: MergeRules, row: StoredRow, than: StoredRow): boolean {
  if (sort === undefined) return false
  const [a, b] = [row.values[sort.column] ?? null, than.values[sort.column] ?? null]
  if (a === null || b === null) return a !== null && b === null
  return sort.direction === "desc" ? Number(a) > Number(b) : Number(a) < Number(b)
}

function isDeleted({ hardDelete }: MergeRules, { values }: StoredRow): boolean {
  if (hardDelete === undefined) return false
  const mark = values[hardDelete.column] ?? null
  return hardDelete.isBool ? mark === "true" : mark !== null
}
