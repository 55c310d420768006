import { LadingError, type Table, type TableCommit } from "@lading/core"
import { type Tables, tableChain } from "./chain.ts"
import type { MergeChain, MergeStatement, MergeTable } from "./merge-chain.ts"

/** What a load did to a table. */
export type Effects = Omit<TableCommit, "loaded">

/**
 * A staged root table with the tables nested below it. `locate` says where a table and its staged rows are; undefined where there is no such table.
 * @throws LadingError `missing-root-rows`
 */
export function stagedChain(
  tables: Tables,
  rootName: string,
  locate: (table: Table) => MergeTable | undefined,
): Pick<MergeChain, "root" | "nested"> {
  const [root, ...nested] = tableChain(tables, rootName)
    .map(locate)
    .filter((table) => table !== undefined)
  if (root?.staging === undefined)
    throw new LadingError({
      code: "missing-root-rows",
      message: `The load has nested rows below table "${rootName}", but no rows of the table itself`,
    })
  return { root: { ...root, staging: root.staging }, nested }
}

/**
 * Adds what a statement of a merge did. `changed` is the number of rows that it reported, `inserted` how many of these are new, which only merged rows
 * need.
 */
export function addEffect(
  effects: Map<string, Effects>,
  { table, kind }: NonNullable<MergeStatement["effect"]>,
  { changed, inserted = 0 }: { readonly changed: number; readonly inserted?: number },
): void {
  const sum: { inserted?: number; updated?: number; deleted?: number } = { ...effects.get(table) }
  const add = (key: "inserted" | "updated" | "deleted", count: number): void => {
    sum[key] = (sum[key] ?? 0) + count
  }
  if (kind === "replaced") {
    add("updated", changed)
    add("inserted", -changed)
  } else if (kind === "merged") {
    add("inserted", inserted)
    add("updated", changed - inserted)
  } else add(kind, changed)
  effects.set(table, sum)
}
