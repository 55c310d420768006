import type { Table } from "@lading/core"
import { completeColumns, identifyingColumns, type MergeTable, planMerge, planTable } from "@lading/sql"
import type { ModelEngine, TextRow } from "@lading/testkit"
import pg from "pg"
import { arrivalColumn, postgresDialect } from "../src/dialect.ts"
import { temporaryTable } from "../src/place.ts"
import { testServer } from "./server.ts"

const { quote, columnType } = postgresDialect

/** One connection to the test server, on which the statements of merges run as the destination runs them; all tables are temporary. */
export async function createModelEngine(): Promise<ModelEngine & { close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: (await testServer()).url, types: { getTypeParser: () => String } })
  await client.connect()
  await client.query("SET TimeZone = 'UTC'; SET client_min_messages = error")
  return {
    async create(tables) {
      for (const table of tables) {
        await client.query(`DROP TABLE IF EXISTS ${target(table)}`)
        for (const { sql } of planTable(postgresDialect, target(table), table, undefined))
          await client.query(sql.replace("CREATE TABLE", "CREATE TEMPORARY TABLE"))
      }
    },
    async merge({ tables, rows, strategy, loadedAt, replacesRows }) {
      const [root, ...nested] = await stageAll(client, tables, rows)
      if (root?.staging === undefined) throw new Error("a load brings root rows")
      const staged = { ...root, staging: root.staging }
      const chain = { root: staged, nested, strategy, loadedAt, replacesRows, isDeduplicated: await hasUniqueKeys(client, staged) }
      const statements = planMerge(postgresDialect, { ...chain, temporary: (purpose) => temporaryTable(`_lading_${purpose}`) })
      const drops = [root, ...nested].flatMap(({ staging }) => (staging === undefined ? [] : [`DROP TABLE ${staging}`]))
      await client.query("BEGIN")
      try {
        for (const { sql, refusal } of statements) {
          const { rows: found } = await client.query(sql)
          if (refusal !== undefined && found.length > 0) throw refusal()
        }
        await client.query("COMMIT")
      } catch (error) {
        await client.query("ROLLBACK")
        throw error
      } finally {
        for (const drop of drops) await client.query(drop)
      }
    },
    async read(table) {
      const names = completeColumns(table).map(({ name }) => name)
      const { rows } = await client.query(
        `SELECT ${names.map((name) => `CAST(${quote(name)} AS text) AS ${quote(name)}`).join(", ")} FROM ${target(table)}`,
      )
      return rows
    },
    close: () => client.end(),
  }
}

const target = (table: Table) => temporaryTable(table.name)

async function stageAll(
  client: pg.Client,
  tables: readonly Table[],
  rows: ReadonlyMap<string, readonly TextRow[]>,
): Promise<readonly MergeTable[]> {
  const staged: MergeTable[] = []
  for (const table of tables) {
    const own = rows.get(table.name) ?? []
    const staging = own.length === 0 ? undefined : temporaryTable(`stage_${table.name}`)
    if (staging !== undefined) await stage(client, table, staging, own)
    staged.push({ table, target: target(table), staging })
  }
  return staged
}

async function stage(client: pg.Client, table: Table, staging: string, rows: readonly TextRow[]): Promise<void> {
  const columns = completeColumns(table)
  const definitions = columns.map((column) => `${quote(column.name)} ${columnType(column)}`)
  const names = columns.map(({ name }) => quote(name)).join(", ")
  const tuples = rows.map(
    (row) => `(${columns.map(({ name }) => literal(name === "_dlt_load_id" ? "l" : (row[name] ?? null))).join(", ")})`,
  )
  await client.query(
    `CREATE TEMPORARY TABLE ${staging} (${definitions.join(", ")}, ${quote(arrivalColumn)} bigint GENERATED ALWAYS AS IDENTITY);
     INSERT INTO ${staging} (${names}) VALUES ${tuples.join(", ")}`,
  )
}

async function hasUniqueKeys(client: pg.Client, { table, staging }: MergeTable & { readonly staging: string }): Promise<boolean> {
  const columns = identifyingColumns(table)
  if (columns.length === 0) return false
  const { rows } = await client.query(`SELECT 1 FROM ${staging} GROUP BY ${columns.map(quote).join(", ")} HAVING count(*) > 1 LIMIT 1`)
  return rows.length === 0
}

function literal(value: string | null): string {
  return value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`
}
