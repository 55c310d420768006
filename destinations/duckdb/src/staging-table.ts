import type { Table } from "@lading/core"
import { completeColumns } from "@lading/sql"
import { execute } from "./connection.ts"
import { duckdbDialect } from "./dialect.ts"
import type { Load, StagingTable } from "./load.ts"
import { temporaryTable } from "./place.ts"

const { fold, quote, cast, alterType, columnType } = duckdbDialect

/** The temporary table in which the rows of a merged table wait, created or brought to the column types of its target. */
export async function ensureStaging(load: Load, table: Table): Promise<StagingTable> {
  const target = load.catalog.get(fold(table.name))
  const columns = completeColumns(table).map((column) => ({
    name: column.name,
    type: target?.get(fold(column.name)) ?? columnType(column),
  }))
  const staging = load.staging.get(fold(table.name)) ?? (await create(load, table.name, columns))
  for (const column of columns) {
    const from = staging.types.get(fold(column.name))
    if (from === column.type) continue
    await execute(load.connection, change(staging.name, column, from), `stage column "${column.name}" of table "${table.name}"`)
    staging.types.set(fold(column.name), column.type)
  }
  return staging
}

interface NamedType {
  readonly name: string
  readonly type: string
}

async function create(load: Load, table: string, columns: readonly NamedType[]): Promise<StagingTable> {
  const name = temporaryTable(`_lading_stage_${load.staging.size + 1}`)
  const definitions = columns.map((column) => `${quote(column.name)} ${column.type}`)
  await execute(load.connection, `CREATE TEMPORARY TABLE ${name} (${definitions.join(", ")})`, `stage table "${table}"`)
  const staging: StagingTable = { name, types: new Map(columns.map((column) => [fold(column.name), column.type])) }
  load.staging.set(fold(table), staging)
  return staging
}

function change(table: string, { name, type }: NamedType, from: string | undefined): string {
  if (from === undefined) return `ALTER TABLE ${table} ADD COLUMN ${quote(name)} ${type}`
  return alterType(table, quote(name), type, cast(quote(name), from, type))
}
