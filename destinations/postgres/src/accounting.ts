import { LadingError, type LoadSeal, type TableCommit } from "@lading/core"
import type { Load, StagingTable } from "./load.ts"

/** What a load did to a table. */
export type Effects = Omit<TableCommit, "loaded">

/**
 * The rows that PostgreSQL took from the parts of each table, checked against the parts' own count and against the seal's.
 * @throws LadingError `accounting-mismatch`
 */
export function checkAccounting(load: Load, seal: LoadSeal): ReadonlyMap<string, number> {
  const sealed = new Map(seal.parts.map((part) => [part.path, part]))
  for (const path of load.staged.keys()) if (!sealed.has(path)) throw mismatch(`part ${path} was staged, but is not sealed`)
  const loaded = new Map<string, number>(Object.keys(seal.counters).map((table) => [table, 0]))
  for (const part of sealed.values()) {
    const rowCount = load.staged.get(part.path)?.rowCount ?? 0
    if (rowCount !== part.rowCount)
      throw mismatch(`part ${part.path} of table "${part.table}" holds ${part.rowCount} rows, but ${rowCount} arrived`)
    loaded.set(part.table, (loaded.get(part.table) ?? 0) + rowCount)
  }
  for (const [table, rowCount] of loaded) {
    const normalized = seal.counters[table]?.normalized ?? (table.startsWith("_lading_") ? rowCount : 0)
    if (normalized !== rowCount) throw mismatch(`table "${table}" has ${normalized} normalized rows, but ${rowCount} arrived`)
  }
  return loaded
}

function mismatch(what: string): LadingError {
  return new LadingError({
    code: "accounting-mismatch",
    message: `The load does not add up and was rolled back: ${what}`,
    hint: "Nothing was changed. Run again; if it happens again, report it with the load package.",
  })
}

/**
 * Staging tables are not written to the server's log: after a crash of the server they are empty.
 * @throws LadingError `staging-lost`
 */
export function checkStaged(table: string, { rowCount }: StagingTable, found: number): void {
  if (found === rowCount) return
  throw new LadingError({
    code: "staging-lost",
    message: `${rowCount} rows of table "${table}" were staged, and ${found} are there`,
    hint: "Nothing was changed. Run again: a server that was restarted meanwhile loses staged rows, never committed ones.",
    retryable: true,
  })
}
