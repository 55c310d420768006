import { LadingError } from "@lading/core"
import type { StagingTable } from "./load.ts"

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
