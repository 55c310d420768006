import { compareCursors, type ExtractContext, inferValue, type Resource } from "@lading/core"
import type { TestContext } from "../context/test-context.ts"
import { createExtractContext } from "../context/test-context.ts"
import { canonicalText, readSteps, rowsOf } from "./read.ts"

/** What an engine keeps between two runs of a resource. */
export interface Progress {
  readonly state: Record<string, unknown>
  /** Greatest cursor value; undefined for a resource without cursor, or before the first row. */
  readonly cursor?: unknown
  /** Rows at the cursor's boundary, which a second run may be given again. */
  readonly boundary: ReadonlySet<string>
}

/** Before the first run. */
export const noProgress: Progress = { state: {}, boundary: new Set() }

/**
 * One run of a resource as an engine makes it: rows before the cursor are left out, and rows at the cursor that were there before are left out once
 * more.
 */
export async function run(
  resource: Resource,
  context: TestContext,
  progress: Progress,
): Promise<{ readonly rows: readonly unknown[]; readonly progress: Progress }> {
  const extract: ExtractContext = createExtractContext(context, {
    state: structuredClone(progress.state),
    cursor: { start: progress.cursor ?? resource.hints.incremental?.initialValue },
  })
  const read = rowsOf(await readSteps(resource, extract))
  const path = resource.hints.incremental?.cursor
  if (path === undefined) return { rows: read, progress: { state: extract.state, boundary: new Set() } }
  const rows = read.filter((row) => isNew(row, path, progress))
  const cursor = rows.map((row) => valueAt(row, path)).reduce((a, b) => (compare(a, b) < 0 ? b : a), progress.cursor)
  const boundary = read.filter((row) => compare(valueAt(row, path), cursor) === 0).map(canonicalText)
  return { rows, progress: { state: extract.state, cursor, boundary: new Set(boundary) } }
}

function isNew(row: unknown, path: string, { cursor, boundary }: Progress): boolean {
  if (cursor === undefined) return true
  const order = compare(valueAt(row, path), cursor)
  return order > 0 || (order === 0 && !boundary.has(canonicalText(row)))
}

function valueAt(row: unknown, path: string): unknown {
  let value = row
  for (const key of path.split(".")) value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined
  return value
}

/** Order of two cursor values; nothing comes before anything. */
function compare(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  const [left, right] = [inferValue(a), inferValue(b)]
  return left === undefined || right === undefined ? 0 : (compareCursors(left, right) ?? 0)
}
