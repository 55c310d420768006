import type { Dialect } from "./dialect.ts"

/**
 * How the old rows of a replaced table make place for the new ones, under dlt's names. All three happen in the transaction of the load:
 * `truncate-and-insert` and `insert-from-staging` keep the table, `staging-optimized` puts another one in its place.
 */
export type ReplaceStrategy = "truncate-and-insert" | "insert-from-staging" | "staging-optimized"

/** The strategies by name. */
export const replaceStrategies: readonly ReplaceStrategy[] = ["truncate-and-insert", "insert-from-staging", "staging-optimized"]

/** A statement that makes a table empty. `gives` says where the number of old rows comes from: the statement's own report, or its one value `total`. */
export interface ClearStatement {
  readonly sql: string
  readonly gives?: "report" | "total"
}

/**
 * The statements that take the old rows of one replaced table away, in one transaction with the new ones. A database without `TRUNCATE` deletes in
 * its place. After `staging-optimized` there is no table any more: the caller puts the new one there.
 * @param target qualified, quoted name
 */
export function planClear(dialect: Dialect, target: string, strategy: ReplaceStrategy): readonly ClearStatement[] {
  const lock = (mode: "writers" | "everybody") => {
    const sql = dialect.lock?.(target, mode)
    return sql === undefined ? [] : [{ sql }]
  }
  if (strategy === "insert-from-staging" || (strategy === "truncate-and-insert" && dialect.hasTruncate !== true))
    return [...lock("writers"), { sql: `DELETE FROM ${target}`, gives: "report" }]
  return [
    ...lock("everybody"),
    { sql: `SELECT count(*) AS total FROM ${target}`, gives: "total" },
    { sql: `${strategy === "truncate-and-insert" ? "TRUNCATE" : "DROP"} TABLE ${target}` },
  ]
}
