import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api"
import type { Table } from "@lading/core"
import { completeColumns, identifyingColumns, type MergeTable, planMerge, planTable } from "@lading/sql"
import type { ModelEngine, TextRow } from "@lading/testkit"
import { duckdbDialect } from "../src/dialect.ts"
import { temporaryTable } from "../src/place.ts"

const { quote, columnType } = duckdbDialect

/** One database in memory, on which the statements of merges run as the destination runs them. */
export async function createModelEngine(): Promise<ModelEngine & { close(): void }> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" })
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  return {
    async create(tables) {
      for (const table of tables) {
        await connection.run(`DROP TABLE IF EXISTS ${target(table)}`)
        for (const { sql } of planTable(duckdbDialect, target(table), table, undefined)) await connection.run(sql)
      }
    },
    async merge({ tables, rows, strategy, loadedAt, replacesRows }) {
      const [root, ...nested] = await stageAll(connection, tables, rows)
      if (root?.staging === undefined) throw new Error("a load brings root rows")
      const staged = { ...root, staging: root.staging }
      const chain = { root: staged, nested, strategy, loadedAt, replacesRows, isDeduplicated: await hasUniqueKeys(connection, staged) }
      const statements = planMerge(duckdbDialect, { ...chain, temporary: (purpose) => temporaryTable(`_lading_${purpose}`) })
      await connection.run("BEGIN")
      try {
        for (const { sql, refusal } of statements) {
          const result = await connection.runAndReadAll(sql)
          if (refusal !== undefined && result.currentRowCount > 0) throw refusal()
        }
        await connection.run("COMMIT")
      } catch (error) {
        await connection.run("ROLLBACK")
        throw error
      } finally {
        for (const { staging } of [root, ...nested]) if (staging !== undefined) await connection.run(`DROP TABLE ${staging}`)
      }
    },
    async read(table) {
      const names = completeColumns(table).map(({ name }) => name)
      const columns = names.map((name) => `CAST(${quote(name)} AS VARCHAR) AS ${quote(name)}`)
      const result = await connection.runAndReadAll(`SELECT ${columns.join(", ")} FROM ${target(table)}`)
      return result.getRowObjectsJS() as TextRow[]
    },
    close: () => connection.closeSync(),
  }
}

const target = (table: Table) => quote(table.name)

async function stageAll(
  connection: DuckDBConnection,
  tables: readonly Table[],
  rows: ReadonlyMap<string, readonly TextRow[]>,
): Promise<readonly MergeTable[]> {
  const staged: MergeTable[] = []
  for (const table of tables) {
    const own = rows.get(table.name) ?? []
    const staging = own.length === 0 ? undefined : temporaryTable(`stage_${table.name}`)
    if (staging !== undefined) await stage(connection, table, staging, own)
    staged.push({ table, target: target(table), staging })
  }
  return staged
}

async function stage(connection: DuckDBConnection, table: Table, staging: string, rows: readonly TextRow[]): Promise<void> {
  const columns = completeColumns(table)
  await connection.run(
    `CREATE TEMPORARY TABLE ${staging} (${columns.map((column) => `${quote(column.name)} ${columnType(column)}`).join(", ")})`,
  )
  const tuples = rows.map(
    (row) => `(${columns.map(({ name }) => literal(name === "_dlt_load_id" ? "l" : (row[name] ?? null))).join(", ")})`,
  )
  await connection.run(`INSERT INTO ${staging} VALUES ${tuples.join(", ")}`)
}

async function hasUniqueKeys(
  connection: DuckDBConnection,
  { table, staging }: MergeTable & { readonly staging: string },
): Promise<boolean> {
  const columns = identifyingColumns(table)
  if (columns.length === 0) return false
  const result = await connection.runAndReadAll(
    `SELECT 1 FROM ${staging} GROUP BY ${columns.map(quote).join(", ")} HAVING count(*) > 1 LIMIT 1`,
  )
  return result.currentRowCount === 0
}

function literal(value: string | null): string {
  return value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`
}
