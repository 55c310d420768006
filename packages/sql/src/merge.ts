import { LadingError, type Table } from "@lading/core"
import { completeColumns } from "./ddl.ts"
import type { Dialect } from "./dialect.ts"
import type { MergeChain, MergeStatement, MergeTable } from "./merge-chain.ts"
import { type MergeKeys, mergeKeys, rootKey, rowKey } from "./merge-keys.ts"
import { refuseMixedVersions } from "./mixed-versions.ts"
import { planScd2 } from "./scd2.ts"

interface Plan {
  readonly dialect: Dialect
  readonly chain: MergeChain
  readonly keys: MergeKeys
}

/**
 * The statements, in order, that merge a staged load into a root table and its nested tables; to be run in one transaction. Follows dlt's merge
 * strategies, with the differences that the README lists. Every temporary table that is created is dropped again.
 * Whoever runs them fails with `duplicate-key` where a statement says so.
 * @throws LadingError `missing-primary-key`, `missing-root-key`, `missing-row-key`, `ambiguous-hint`, `missing-validity`
 */
export function planMerge(dialect: Dialect, chain: MergeChain): readonly MergeStatement[] {
  const plan: Plan = { dialect, chain, keys: mergeKeys(chain.root.table) }
  switch (chain.strategy) {
    case "delete-insert":
      return deleteInsert(plan)
    case "upsert":
      return upsert(requirePrimaryKey(plan))
    case "insert-only":
      return insertOnly(requirePrimaryKey(plan))
    case "scd2":
      return planScd2(dialect, chain)
  }
}

function deleteInsert(plan: Plan): readonly MergeStatement[] {
  const { chain, keys } = plan
  const { root, nested } = chain
  const insertRoot = insert(plan, root.target, root.table, `${ranked(plan)} WHERE ${all(live(plan))}`)
  const groups = [keys.primary, keys.merge].filter((group) => group.length > 0)
  if (nested.length === 0) {
    const deletes = groups.map((group) => remove(root, `EXISTS (SELECT 1 FROM ${root.staging} AS s WHERE ${equal(plan, group)})`, "d"))
    return [...deletes, insertRoot]
  }
  const matches = groups.map((group) => matching(plan, group))
  const clear =
    groups.length === 0
      ? []
      : [createTemporary(chain.temporary("matched"), matches.join(" UNION ")), ...removeNested(plan), remove(root, within(plan))]
  return finish(plan, [...clear, keepSurvivors(plan, live(plan)), insertRoot, ...insertNested(plan)])
}

function upsert(plan: Plan): readonly MergeStatement[] {
  const { chain, keys } = plan
  const { root, nested } = chain
  const match = equal(plan, keys.primary)
  const clear =
    nested.length === 0 ? [] : [createTemporary(chain.temporary("matched"), matching(plan, keys.primary)), ...removeNested(plan)]
  const gone =
    keys.hardDelete === undefined
      ? []
      : [remove(root, `EXISTS (SELECT 1 FROM ${ranked(plan)} WHERE ${all([...first(plan), deleted(plan), match])})`, "d")]
  const write = chain.replacesRows ? replaceRows(plan) : updateRows(plan)
  if (nested.length === 0) return [...gone, ...write]
  const survivors = [keepSurvivors(plan, live(plan)), ...refuseMixedVersions(plan.dialect, chain)]
  return finish(plan, [...clear, ...survivors, ...gone, ...write, ...insertNested(plan)])
}

/** Every staged key that is still there has a live row: those of deleted ones went before. */
function replaceRows(plan: Plan): readonly MergeStatement[] {
  const { root } = plan.chain
  const replaced = remove(root, `EXISTS (SELECT 1 FROM ${root.staging} AS s WHERE ${equal(plan, plan.keys.primary)})`, "d")
  return [
    { sql: replaced.sql, effect: { table: root.table.name, kind: "replaced" } },
    insert(plan, root.target, root.table, `${ranked(plan)} WHERE ${all(live(plan))}`),
  ]
}

function updateRows(plan: Plan): readonly MergeStatement[] {
  if (plan.dialect.upsertForm !== "update-insert") return [mergeRows(plan)]
  const { root } = plan.chain
  const match = equal(plan, plan.keys.primary)
  const names = completeColumns(root.table).map((column) => plan.dialect.quote(column.name))
  const isNew = [...live(plan), `NOT EXISTS (SELECT 1 FROM ${root.target} AS d WHERE ${match})`]
  return [
    {
      sql: `UPDATE ${root.target} AS d SET ${names.map((name) => `${name} = s.${name}`).join(", ")}\nFROM ${ranked(plan)} WHERE ${all([...live(plan), match])}`,
      effect: { table: root.table.name, kind: "updated" },
    },
    insert(plan, root.target, root.table, `${ranked(plan)} WHERE ${all(isNew)}`),
  ]
}

function mergeRows(plan: Plan): MergeStatement {
  const { root } = plan.chain
  const names = completeColumns(root.table).map((column) => plan.dialect.quote(column.name))
  return {
    sql: [
      `MERGE INTO ${root.target} AS d USING (SELECT ${names.join(", ")} FROM ${ranked(plan)} WHERE ${all(live(plan))}) AS s ON ${equal(plan, plan.keys.primary)}`,
      `WHEN MATCHED THEN UPDATE SET ${names.map((name) => `${name} = s.${name}`).join(", ")}`,
      `WHEN NOT MATCHED THEN INSERT (${names.join(", ")}) VALUES (${names.map((name) => `s.${name}`).join(", ")})`,
    ].join("\n"),
    effect: { table: root.table.name, kind: "merged" },
  }
}

function insertOnly(plan: Plan): readonly MergeStatement[] {
  const { chain, keys } = plan
  const { root, nested } = chain
  const isNew = [...live(plan), `NOT EXISTS (SELECT 1 FROM ${root.target} AS d WHERE ${equal(plan, keys.primary)})`]
  const insertRoot = insert(plan, root.target, root.table, `${ranked(plan)} WHERE ${all(isNew)}`)
  if (nested.length === 0) return [insertRoot]
  const survivors = [keepSurvivors(plan, isNew), ...refuseMixedVersions(plan.dialect, chain)]
  return finish(plan, [...survivors, insertRoot, ...insertNested(plan)])
}

/** The staged root rows, each with its place among the rows of the same key. */
function ranked({ dialect, chain, keys }: Plan): string {
  const { root } = chain
  const group = rankGroup(chain, keys)
  if (group.length === 0) return `${root.staging} AS s`
  const sort =
    keys.sort === undefined ? [] : [`${dialect.quote(keys.sort.name)} ${keys.sort.dedup_sort === "desc" ? "DESC" : "ASC"} NULLS LAST`]
  const order = dialect.arrivalOrder === undefined ? sort : [...sort, dialect.arrivalOrder]
  const over = `PARTITION BY ${group.map(dialect.quote).join(", ")}${order.length === 0 ? "" : ` ORDER BY ${order.join(", ")}`}`
  return `(SELECT *, ROW_NUMBER() OVER (${over}) AS ${dialect.quote(rankName)} FROM ${root.staging}) AS s`
}

const rankName = "_lading_rank"

/** Columns within which one staged root row survives; without a primary key nested rows still need one root row per row key. */
function rankGroup(chain: MergeChain, keys: MergeKeys): readonly string[] {
  if (chain.isDeduplicated) return []
  if (keys.primary.length > 0) return keys.primary
  return chain.nested.length > 0 ? [rowKey(chain.root.table)] : []
}

function first({ dialect, chain, keys }: Plan): readonly string[] {
  return rankGroup(chain, keys).length === 0 ? [] : [`s.${dialect.quote(rankName)} = 1`]
}

/** De-duplicated first, then not deleted: when the surviving version of a key is a delete, the key goes. */
function live(plan: Plan): readonly string[] {
  const { dialect, keys } = plan
  if (keys.hardDelete === undefined) return first(plan)
  const column = `s.${dialect.quote(keys.hardDelete.name)}`
  return [...first(plan), keys.hardDelete.data_type === "bool" ? `(${column} IS NOT TRUE)` : `${column} IS NULL`]
}

function deleted({ dialect, keys }: Plan): string {
  if (keys.hardDelete === undefined) return "FALSE"
  const column = `s.${dialect.quote(keys.hardDelete.name)}`
  return keys.hardDelete.data_type === "bool" ? `${column} IS TRUE` : `${column} IS NOT NULL`
}

/** Row keys of the root rows that a key group of this load matches. */
function matching(plan: Plan, group: readonly string[]): string {
  const { root } = plan.chain
  return `SELECT d.${key(plan)} FROM ${root.target} AS d WHERE EXISTS (SELECT 1 FROM ${root.staging} AS s WHERE ${equal(plan, group)})`
}

function removeNested(plan: Plan): readonly MergeStatement[] {
  return plan.chain.nested.toReversed().map((nested) => remove(nested, within(plan, nested.table)))
}

/** Rows of the root (or of a nested table, by its root key) whose root row is matched by this load. */
function within(plan: Plan, nested?: Table): string {
  const { dialect, chain } = plan
  const column = nested === undefined ? key(plan) : dialect.quote(rootKey(nested, chain.root.table))
  return `${column} IN (SELECT ${key(plan)} FROM ${chain.temporary("matched")})`
}

function keepSurvivors(plan: Plan, conditions: readonly string[]): MergeStatement {
  return createTemporary(plan.chain.temporary("survivors"), `SELECT s.${key(plan)} FROM ${ranked(plan)} WHERE ${all(conditions)}`)
}

function insertNested(plan: Plan): readonly MergeStatement[] {
  const { dialect, chain } = plan
  return chain.nested.flatMap(({ table, target, staging }) => {
    if (staging === undefined) return []
    const row = dialect.quote(rowKey(table))
    const order = dialect.arrivalOrder === undefined ? "" : ` ORDER BY ${dialect.arrivalOrder}`
    const source = chain.isDeduplicated
      ? `${staging} AS s`
      : `(SELECT *, ROW_NUMBER() OVER (PARTITION BY ${row}${order}) AS ${dialect.quote(rankName)} FROM ${staging}) AS s`
    const survives = `s.${dialect.quote(rootKey(table, chain.root.table))} IN (SELECT ${key(plan)} FROM ${chain.temporary("survivors")})`
    const conditions = chain.isDeduplicated ? [survives] : [`s.${dialect.quote(rankName)} = 1`, survives]
    return [insert(plan, target, table, `${source} WHERE ${all(conditions)}`)]
  })
}

/** Drops the temporary tables that the statements created. */
function finish({ chain }: Plan, statements: readonly MergeStatement[]): readonly MergeStatement[] {
  const created = (["matched", "survivors"] as const)
    .map(chain.temporary)
    .filter((name) => statements.some(({ sql }) => sql.startsWith(`CREATE TEMPORARY TABLE ${name} `)))
  return [...statements, ...created.map((name) => ({ sql: `DROP TABLE ${name}` }))]
}

function insert({ dialect }: Plan, target: string, table: Table, source: string): MergeStatement {
  const names = completeColumns(table).map((column) => dialect.quote(column.name))
  const values = names.map((name) => `s.${name}`)
  return {
    sql: `INSERT INTO ${target} (${names.join(", ")})\nSELECT ${values.join(", ")} FROM ${source}`,
    effect: { table: table.name, kind: "inserted" },
  }
}

function remove({ table, target }: MergeTable, condition: string, alias?: string): MergeStatement {
  return {
    sql: `DELETE FROM ${target}${alias === undefined ? "" : ` AS ${alias}`} WHERE ${condition}`,
    effect: { table: table.name, kind: "deleted" },
  }
}

function createTemporary(name: string, select: string): MergeStatement {
  return { sql: `CREATE TEMPORARY TABLE ${name} AS ${select}` }
}

function equal({ dialect }: Plan, columns: readonly string[]): string {
  return columns
    .map(dialect.quote)
    .map((name) => `d.${name} = s.${name}`)
    .join(" AND ")
}

function key({ dialect, chain }: Plan): string {
  return dialect.quote(rowKey(chain.root.table))
}

function all(conditions: readonly string[]): string {
  return conditions.length === 0 ? "TRUE" : conditions.join(" AND ")
}

function requirePrimaryKey(plan: Plan): Plan {
  const { root, strategy } = plan.chain
  if (plan.keys.primary.length === 0)
    throw new LadingError({
      code: "missing-primary-key",
      message: `Merge strategy "${strategy}" of table "${root.table.name}" needs a primary key`,
      hint: "Set `primaryKey` on the resource, or use the strategy delete-insert.",
      details: { table: root.table.name, strategy },
    })
  return plan
}
