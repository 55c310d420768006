import { LadingError } from "@lading/core"
import { completeColumns } from "./ddl.ts"
import type { Dialect } from "./dialect.ts"
import type { MergeChain, MergeStatement, MergeTable } from "./merge-chain.ts"
import { rootKey, rowKey } from "./merge-keys.ts"

/**
 * Statements that find out whether nested rows of several versions of a row would mix, to be run once the `survivors` are known. Where ids follow from
 * the key, the versions of a key in one load share their ids, and so do their nested rows: which belong to the surviving version cannot be told. It need
 * not be told where all versions have the same nested rows: then each of these is there as often as its root row. None for loads that hold each key once.
 */
export function refuseMixedVersions(dialect: Dialect, chain: MergeChain): readonly MergeStatement[] {
  if (chain.isDeduplicated) return []
  return chain.nested.flatMap(({ table, staging }) => (staging === undefined ? [] : [mixedVersions(dialect, chain, { table, staging })]))
}

function mixedVersions(
  dialect: Dialect,
  chain: MergeChain,
  nested: Pick<MergeTable, "table"> & { readonly staging: string },
): MergeStatement {
  const { root } = chain
  const key = dialect.quote(rowKey(root.table))
  const columns = completeColumns(nested.table).map(({ name }) => `s.${dialect.quote(name)}`)
  const versions = dialect.quote("_lading_versions")
  const survives = `${key} IN (SELECT ${key} FROM ${chain.temporary("survivors")})`
  const repeated = `SELECT ${key}, count(*) AS ${versions} FROM ${root.staging} WHERE ${survives} GROUP BY ${key} HAVING count(*) > 1`
  return {
    sql: [
      `SELECT 1 FROM ${nested.staging} AS s JOIN (${repeated}) AS r ON s.${dialect.quote(rootKey(nested.table, root.table))} = r.${key}`,
      `GROUP BY r.${versions}, ${columns.join(", ")} HAVING count(*) <> r.${versions} LIMIT 1`,
    ].join("\n"),
    refusal: () => duplicateKey(chain, nested.table.name),
  }
}

function duplicateKey({ root, strategy }: MergeChain, nested: string): LadingError {
  return new LadingError({
    code: "duplicate-key",
    message: `Rows of table "${root.table.name}" with the same primary key came in one load with different rows for table "${nested}": under ${strategy} they cannot be told apart`,
    hint: "Use the merge strategy delete-insert, or give each key once a load: in the source, or with a step of the resource.",
    details: { table: root.table.name, nested, strategy },
  })
}
