import assert from "node:assert/strict"
import type { DestinationSession, QueryColumn, Table } from "@lading/core"
import { toComparable } from "../data/comparable.ts"
import type { TestRow } from "../data/write-part.ts"
import type { DestinationFixture } from "./fixture.ts"

/** Everything that a query gives. */
export async function readAll(
  session: DestinationSession,
  sql: string,
): Promise<{ readonly columns: readonly QueryColumn[]; readonly rows: readonly (readonly unknown[])[]; readonly batchCount: number }> {
  const rows: (readonly unknown[])[] = []
  let columns: readonly QueryColumn[] = []
  let batchCount = 0
  for await (const batch of session.query(sql)) {
    columns = batch.columns
    rows.push(...batch.rows)
    batchCount += 1
  }
  return { columns, rows, batchCount }
}

/** `SELECT` of some columns of a table, quoted. */
export function selectColumns(fixture: DestinationFixture, table: string, columns: readonly string[]): string {
  return `SELECT ${columns.map(fixture.quote).join(", ")} FROM ${fixture.quote(table)}`
}

/** Number of rows of a table that a reader sees; 0 when there is no such table. */
export async function visibleRows(fixture: DestinationFixture, session: DestinationSession, table: string): Promise<number> {
  try {
    const { rows } = await readAll(session, `SELECT count(*) FROM ${fixture.quote(table)}`)
    return Number(rows[0]?.[0])
  } catch {
    return 0
  }
}

/**
 * Asserts that a table holds exactly these rows, in any order. Compared are the columns that the expected rows name; of a table that shall be
 * empty, its number of rows.
 */
export async function assertRows(
  fixture: DestinationFixture,
  session: DestinationSession,
  table: Table,
  expected: readonly TestRow[],
  what = `table ${table.name}`,
): Promise<void> {
  if (expected.length === 0) return assert.equal(await visibleRows(fixture, session, table.name), 0, `${what} must be empty`)
  const names = [...new Set(expected.flatMap((row) => Object.keys(row)))]
  const { rows } = await readAll(session, selectColumns(fixture, table.name, names))
  const actual = rows.map((row) => comparableRow(table, names, row))
  const wanted = expected.map((row) =>
    comparableRow(
      table,
      names,
      names.map((name) => row[name]),
    ),
  )
  assert.deepStrictEqual(sorted(actual), sorted(wanted), `${what} does not hold the rows that it must hold`)
}

function comparableRow(table: Table, names: readonly string[], values: readonly unknown[]): unknown {
  return Object.fromEntries(names.map((name, index) => [name, toComparable(table.columns[name]?.data_type ?? "text", values[index])]))
}

function sorted(rows: readonly unknown[]): readonly unknown[] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}
