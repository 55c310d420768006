import { parsePath, valueAt } from "@lading/http"

/** Rows of parents that were read in a run, kept for their children. */
export interface ParentRows {
  /** Begins to keep the rows of a parent; what was kept of it before is forgotten. */
  start(run: AbortSignal, parent: string, fields: readonly string[]): { add(rows: readonly unknown[]): void; finish(): void }
  /** The rows of a parent that was read to its end in this run, once for each child; undefined when there are none to take. */
  take(run: AbortSignal, parent: string, child: string): readonly unknown[] | undefined
}

interface Kept {
  readonly rows: unknown[]
  readonly takenBy: Set<string>
  isWhole: boolean
}

/**
 * Keeps, of each row of a parent, the fields that its children need. All resources of a run share its signal, which tells one run from another; as
 * a child takes the rows once, a second run under the same signal does not get those of the first.
 */
export function createParentRows(): ParentRows {
  const runs = new WeakMap<AbortSignal, Map<string, Kept>>()
  return {
    start(run, parent, fields) {
      const paths = [...new Set(fields)].map((field) => parsePath(field))
      const kept: Kept = { rows: [], takenBy: new Set(), isWhole: false }
      runs.set(run, (runs.get(run) ?? new Map<string, Kept>()).set(parent, kept))
      return {
        add: (rows) => {
          for (const row of rows) kept.rows.push(reduced(row, paths))
        },
        finish: () => {
          kept.isWhole = true
        },
      }
    },
    take(run, parent, child) {
      const kept = runs.get(run)?.get(parent)
      if (kept === undefined || !kept.isWhole || kept.takenBy.has(child)) return undefined
      kept.takenBy.add(child)
      return kept.rows
    },
  }
}

/** A row with nothing but some fields. */
function reduced(row: unknown, paths: readonly ReturnType<typeof parsePath>[]): unknown {
  if (typeof row !== "object" || row === null || paths.some(({ keys }) => keys === undefined)) return row
  let small: Record<string, unknown> = {}
  for (const { keys = [] } of paths) {
    const [first] = keys
    if (first !== undefined && Object.hasOwn(row, first))
      small = { ...small, [first]: valueAt(row, parsePath(`['${first.replace(/['\\]/g, "\\$&")}']`)) }
  }
  return small
}
