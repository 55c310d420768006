import {
  type CursorView,
  compareCursors,
  cursorLag,
  hashRow,
  type IncrementalHints,
  type IncrementalState,
  inferValue,
  isLadingError,
  JsonObject,
  LadingError,
  type TypedValue,
} from "@lading/core"
import { viewOf } from "./cursor-view.ts"

/** Rows at the newest cursor value that are kept as they are; in rising data most are replaced before they need a hash. */
const rowsBeforeHashing = 1_000

/** What the cursor decides about a row. */
export type CursorVerdict = "keep" | "filtered" | "deduplicated"

/**
 * The incremental cursor of one resource during one run (reference: extract 2.4): keeps rows from the start value on, drops those at
 * the start boundary that the last run loaded already, and remembers the new extreme. ISO timestamps are compared as instants, so
 * offsets do not matter.
 */
export class IncrementalCursor {
  /** Where this run starts: the stored value less the lag, or the initial value. */
  readonly start: TypedValue | undefined
  private readonly hints: IncrementalHints
  private readonly path: readonly string[]
  private readonly boundaryKey: readonly string[] | undefined
  private readonly sign: 1 | -1
  private readonly seenAtStart: ReadonlySet<string>
  private readonly deduplicates: boolean
  private readonly stored: IncrementalState | undefined
  private last: TypedValue | undefined
  private readonly hashes: Set<string>
  private rowsAtLast: unknown[] = []
  private readonly initial: TypedValue | undefined
  private readonly end: TypedValue | undefined
  private hasKept = false
  private previous: TypedValue | undefined
  private hasLeftRange = false

  constructor(hints: IncrementalHints, primaryKey: string | readonly string[] | undefined, stored: IncrementalState | undefined) {
    this.hints = hints
    this.path = hints.cursor.split(".")
    this.sign = hints.direction === "min" ? -1 : 1
    this.stored = hints.endValue === undefined ? stored : undefined
    this.initial = inferValue(hints.initialValue)
    this.end = inferValue(hints.endValue)
    this.last = this.stored?.last ?? this.initial
    this.start = this.lagged(this.last)
    const key = hints.boundaryKey ?? primaryKey
    this.boundaryKey = key === undefined ? undefined : typeof key === "string" ? [key] : key
    this.deduplicates =
      hints.endValue === undefined && hints.lag === undefined && !(this.boundaryKey !== undefined && this.boundaryKey.length === 0)
    this.seenAtStart = new Set(this.stored?.uniqueHashes ?? [])
    this.hashes = new Set(this.seenAtStart)
  }

  /** Decides about one row. @throws LadingError `cursor-missing` when the row has no cursor value and nothing says what to do */
  admit(row: unknown): CursorVerdict {
    const value = inferValue(valueAt(row, this.path))
    if (value === undefined) return this.missing(row)
    if (this.hints.rowOrder !== undefined) this.follow(value, this.hints.rowOrder)
    if (this.end !== undefined && this.compare(value, this.end) >= 0) return "filtered"
    if (this.last === undefined || this.compare(value, this.last) > 0) this.advance(value, row)
    else {
      const toStart = this.start === undefined ? 1 : this.compare(value, this.start)
      if (toStart < 0) return "filtered"
      if (toStart === 0 && this.deduplicates && this.wasSeen(row)) return "deduplicated"
      if (this.deduplicates && this.compare(value, this.last) === 0) this.remember(row)
    }
    this.hasKept = true
    return "keep"
  }

  /** True once a row beyond the range has come in rows that are ordered, so that nothing more needs to be read. */
  get isPastRange(): boolean {
    return this.hasLeftRange
  }

  /** What a resource is told about the range; live. */
  get view(): CursorView {
    return viewOf({ sign: this.sign, start: this.start, end: this.end, initial: this.initial, last: () => this.last })
  }

  /** The state after this run; undefined when nothing is to be stored. */
  state(): IncrementalState | undefined {
    if (this.end !== undefined) return undefined
    const { initial } = this
    if (!this.hasKept) return this.stored ?? { initial, last: initial, uniqueHashes: [], start: initial }
    this.hashRemembered()
    const uniqueHashes = this.deduplicates ? [...this.hashes] : []
    return { initial, last: this.last, uniqueHashes, start: this.start }
  }

  private follow(value: TypedValue, rowOrder: "asc" | "desc"): void {
    const toPrevious = this.previous === undefined ? 0 : this.compare(value, this.previous)
    if (rowOrder === "asc" ? toPrevious < 0 : toPrevious > 0) throw this.disordered(rowOrder)
    this.previous = value
    const bound = rowOrder === "asc" ? this.end : this.start
    if (bound === undefined) return
    const toBound = this.compare(value, bound)
    if (rowOrder === "asc" ? toBound >= 0 : toBound < 0) this.hasLeftRange = true
  }

  private disordered(rowOrder: "asc" | "desc"): LadingError {
    return new LadingError({
      code: "cursor-disordered",
      message: `the rows are not in the order that the cursor ${this.hints.cursor} declares (rowOrder: "${rowOrder}")`,
      hint: "have the source sort them, or leave rowOrder away: then all rows are read",
    })
  }

  private advance(value: TypedValue, row: unknown): void {
    this.last = value
    if (!this.deduplicates) return
    this.rowsAtLast = [row]
    this.hashes.clear()
  }

  private remember(row: unknown): void {
    this.rowsAtLast.push(row)
    if (this.rowsAtLast.length >= rowsBeforeHashing) this.hashRemembered()
  }

  private hashRemembered(): void {
    for (const row of this.rowsAtLast) {
      const hash = this.hash(row)
      if (hash !== undefined) this.hashes.add(hash)
    }
    this.rowsAtLast = []
  }

  private wasSeen(row: unknown): boolean {
    const hash = this.hash(row)
    return hash !== undefined && this.seenAtStart.has(hash)
  }

  private missing(row: unknown): CursorVerdict {
    const rule = this.hints.onMissing ?? "raise"
    if (rule === "include") return "keep"
    if (rule === "exclude") return "filtered"
    const key =
      this.boundaryKey === undefined ? "" : ` (${this.boundaryKey.map((name) => `${name} ${String(valueAt(row, [name]))}`).join(", ")})`
    throw new LadingError({
      code: "cursor-missing",
      message: `a row has no value for the cursor ${this.hints.cursor}${key}`,
      hint: 'say what to do with such rows: incremental: { onMissing: "include" } or "exclude"',
    })
  }

  private lagged(value: TypedValue | undefined): TypedValue | undefined {
    const { lag } = this.hints
    if (lag === undefined || value === undefined || this.stored === undefined) return value
    const earlier = cursorLag(value, lag * this.sign)
    return this.initial !== undefined && this.compare(earlier, this.initial) < 0 ? this.initial : earlier
  }

  private compare(a: TypedValue, b: TypedValue): number {
    const order = compareCursors(a, b)
    if (order === undefined) {
      throw new LadingError({
        code: "cursor-incomparable",
        message: `cursor ${this.hints.cursor}: a value of type ${a.type} cannot be compared with one of type ${b.type}`,
        hint: "give an initialValue of the type that the data has, or choose another cursor",
      })
    }
    return order * this.sign
  }

  /** Undefined for a row with a value that no data type has: the normalizer rejects it, and so does the next run. */
  private hash(row: unknown): string | undefined {
    try {
      if (this.boundaryKey === undefined) return hashRow(row)
      const values = this.boundaryKey.map((name) => valueAt(row, [name]) ?? null)
      return hashRow(values.length === 1 ? values[0] : values)
    } catch (error) {
      if (isLadingError(error)) return undefined
      throw error
    }
  }
}

function valueAt(row: unknown, path: readonly string[]): unknown {
  let value: unknown = row
  for (const key of path) {
    if (value instanceof JsonObject) value = value.values[value.keys.indexOf(key)]
    else if (typeof value === "object" && value !== null) value = (value as Record<string, unknown>)[key]
    else return undefined
  }
  return value
}
