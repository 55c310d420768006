/**
 * Where every row of a table went. Root tables: `extracted = filtered + deduplicated + rejected + normalized`; any table:
 * `normalized = rows in parts = loaded`. Nested tables have only `normalized` and `loaded`.
 */
export interface TableCounters {
  readonly extracted: number
  /** Left out by a filter step or by the incremental cursor. */
  readonly filtered: number
  /** Left out because an earlier run loaded the same row at the cursor's boundary. */
  readonly deduplicated: number
  readonly rejected: number
  readonly normalized: number
  readonly loaded: number
}

/** Counters at zero. */
export const noRows: TableCounters = { extracted: 0, filtered: 0, deduplicated: 0, rejected: 0, normalized: 0, loaded: 0 }

/** The rule that a table breaks, or undefined when its accounting holds. */
export function accountingFault(table: string, counters: TableCounters, isRoot: boolean): string | undefined {
  const { extracted, filtered, deduplicated, rejected, normalized, loaded } = counters
  if (isRoot && extracted !== filtered + deduplicated + rejected + normalized)
    return `${table}: ${extracted} extracted, but ${filtered} filtered + ${deduplicated} deduplicated + ${rejected} rejected + ${normalized} normalized`
  if (normalized !== loaded) return `${table}: ${normalized} normalized, but ${loaded} loaded`
  return undefined
}
