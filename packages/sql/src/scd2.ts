import { type Column, LadingError, type Table } from "@lading/core"
import { completeColumns } from "./ddl.ts"
import type { Dialect } from "./dialect.ts"
import { textLiteral } from "./identifiers.ts"
import type { MergeChain, MergeStatement, MergeTable } from "./merge-chain.ts"
import { mergeKeys, rowKey } from "./merge-keys.ts"
import { type Scd2Columns, scd2Columns } from "./scd2-columns.ts"

const rankName = "_lading_rank"

/**
 * The statements of an scd2 merge (reference: load 2.7): versions that the load lacks are closed, with a merge key only those whose key the load brings;
 * versions that are not open are inserted; nested rows follow root rows that are there and come once. Unlike dlt, compound merge keys are compared column
 * by column, a version that comes twice in a load is inserted once, and nested rows of root rows that were not inserted stay out.
 * @throws LadingError `missing-validity`, `missing-row-key`, `missing-parent-key`
 */
export function planScd2(dialect: Dialect, chain: MergeChain): readonly MergeStatement[] {
  const { root } = chain
  const columns = scd2Columns(root.table)
  const boundary = moment(dialect, columns.from, columns.boundary ?? chain.loadedAt.toISOString())
  return [
    close(dialect, chain, columns, boundary),
    open(dialect, chain, columns, boundary),
    ...chain.nested.flatMap((nested) => insertNested(dialect, chain, nested)),
  ]
}

function close(dialect: Dialect, { root }: MergeChain, columns: Scd2Columns, boundary: string): MergeStatement {
  const staged = `SELECT 1 FROM ${root.staging} AS s WHERE`
  const { merge } = mergeKeys(root.table)
  const conditions = [
    isOpen(dialect, columns),
    `NOT EXISTS (${staged} ${equal(dialect, [columns.version])})`,
    ...(merge.length === 0 ? [] : [`EXISTS (${staged} ${equal(dialect, merge)})`]),
  ]
  return {
    sql: `UPDATE ${root.target} AS d SET ${dialect.quote(columns.to.name)} = ${boundary} WHERE ${conditions.join(" AND ")}`,
    effect: { table: root.table.name, kind: "updated" },
  }
}

function open(dialect: Dialect, chain: MergeChain, columns: Scd2Columns, boundary: string): MergeStatement {
  const { root } = chain
  const names = completeColumns(root.table)
    .filter(({ name }) => name !== columns.from.name && name !== columns.to.name)
    .map(({ name }) => dialect.quote(name))
  const active = columns.activeAt === undefined ? "NULL" : moment(dialect, columns.to, columns.activeAt)
  const isKnown = `SELECT 1 FROM ${root.target} AS d WHERE ${equal(dialect, [columns.version])} AND ${isOpen(dialect, columns)}`
  const { source, conditions } = once(dialect, chain, root.staging, columns.version)
  const target = [...names, dialect.quote(columns.from.name), dialect.quote(columns.to.name)]
  const values = [...names.map((name) => `s.${name}`), boundary, active]
  return {
    sql: `INSERT INTO ${root.target} (${target.join(", ")})\nSELECT ${values.join(", ")} FROM ${source} WHERE ${[...conditions, `NOT EXISTS (${isKnown})`].join(" AND ")}`,
    effect: { table: root.table.name, kind: "inserted" },
  }
}

/** Parents come before their children: a nested row is inserted when its parent is there, and it is not there itself. */
function insertNested(dialect: Dialect, chain: MergeChain, nested: MergeTable): readonly MergeStatement[] {
  const { table, target, staging } = nested
  if (staging === undefined) return []
  const parent = [chain.root, ...chain.nested].find((other) => other.table.name === table.parent)
  if (parent === undefined) return []
  const row = rowKey(table)
  const parentRow = dialect.quote(parent.table === chain.root.table ? rootRowKey(parent.table) : rowKey(parent.table))
  const names = completeColumns(table).map(({ name }) => dialect.quote(name))
  const { source, conditions } = once(dialect, chain, staging, row)
  const all = [
    ...conditions,
    `EXISTS (SELECT 1 FROM ${parent.target} AS p WHERE p.${parentRow} = s.${dialect.quote(parentKey(table))})`,
    `NOT EXISTS (SELECT 1 FROM ${target} AS d WHERE ${equal(dialect, [row])})`,
  ]
  return [
    {
      sql: `INSERT INTO ${target} (${names.join(", ")})\nSELECT ${names.map((name) => `s.${name}`).join(", ")} FROM ${source} WHERE ${all.join(" AND ")}`,
      effect: { table: table.name, kind: "inserted" },
    },
  ]
}

/** The staged rows of which one of each key survives, the first that arrived. */
function once(dialect: Dialect, chain: MergeChain, staging: string, key: string): { source: string; conditions: readonly string[] } {
  if (chain.isDeduplicated) return { source: `${staging} AS s`, conditions: [] }
  const order = dialect.arrivalOrder === undefined ? "" : ` ORDER BY ${dialect.arrivalOrder}`
  const rank = `ROW_NUMBER() OVER (PARTITION BY ${dialect.quote(key)}${order}) AS ${dialect.quote(rankName)}`
  return { source: `(SELECT *, ${rank} FROM ${staging}) AS s`, conditions: [`s.${dialect.quote(rankName)} = 1`] }
}

function isOpen(dialect: Dialect, { to, activeAt }: Scd2Columns): string {
  const column = `d.${dialect.quote(to.name)}`
  return activeAt === undefined ? `${column} IS NULL` : `${column} = ${moment(dialect, to, activeAt)}`
}

function moment(dialect: Dialect, column: Column, text: string): string {
  return `CAST(${textLiteral(text)} AS ${dialect.columnType(column)})`
}

/** The id that nested rows point to; where it is the row version itself, that column has no other mark. */
function rootRowKey(root: Table): string {
  return completeColumns(root).find((column) => column.row_key === true)?.name ?? scd2Columns(root).version
}

function parentKey(table: Table): string {
  const key = completeColumns(table).find((column) => column.parent_key === true)
  if (key !== undefined) return key.name
  throw new LadingError({
    code: "missing-parent-key",
    message: `Nested table "${table.name}" has no column that points to its parent`,
    details: { table: table.name },
  })
}

function equal(dialect: Dialect, columns: readonly string[]): string {
  return columns
    .map(dialect.quote)
    .map((name) => `d.${name} = s.${name}`)
    .join(" AND ")
}
