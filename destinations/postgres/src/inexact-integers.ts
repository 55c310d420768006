import type { Table } from "@lading/core"
import { completeColumns } from "@lading/sql"
import type { Client } from "pg"
import { readCatalog } from "./catalog.ts"
import { readRows } from "./connection.ts"
import { postgresDialect } from "./dialect.ts"
import { type Place, tableAt } from "./place.ts"

/** Stored bigint columns that hold an integer which a double cannot represent. */
export async function inexactIntegerColumns(client: Client, place: Place, table: Table): Promise<ReadonlySet<string>> {
  const types = (await readCatalog(client, place)).get(table.name)
  const columns = completeColumns(table).filter(({ name, data_type }) => data_type === "bigint" && types?.get(name) === "bigint")
  if (columns.length === 0) return new Set()
  const tests = columns.map(({ name }, index) => `bool_or(${isInexact(postgresDialect.quote(name))}) AS c${index}`)
  const sql = `SELECT ${tests.join(", ")} FROM ${tableAt(place, table.name)}`
  const [row] = await readRows(client, sql, `look at the integers of table "${table.name}"`)
  return new Set(columns.filter((_, index) => row?.[`c${index}`] === true).map(({ name }) => name))
}

/** An integer is exact in a double when it has at most 53 bits between its first and its last one; -2^63, which has no absolute value, is. */
function isInexact(column: string): string {
  return `CASE WHEN ${column} BETWEEN -9007199254740992 AND 9007199254740992 OR ${column} = -9223372036854775808 THEN false
    ELSE abs(${column} / (${column} & -${column})) > 9007199254740992 END`
}
