import type { Row } from "@lading/sql"
import type { Client } from "pg"
import { toLadingError } from "./postgres-error.ts"

/** A value of a parameter; every parameter has a cast in its statement. */
export type Parameter = string | number | null | readonly string[]

/** Runs one statement and returns the number of rows that it changed. `what` completes "could not ...". */
export async function execute(client: Client, sql: string, what: string, values: readonly Parameter[] = []): Promise<number> {
  try {
    const result = await client.query(sql, [...values])
    return result.rowCount ?? 0
  } catch (error) {
    throw toLadingError(error, what)
  }
}

/** Runs one query and returns its rows; for system tables, whose results are small. */
export async function readRows(client: Client, sql: string, what: string, values: readonly Parameter[] = []): Promise<readonly Row[]> {
  try {
    const result = await client.query(sql, [...values])
    return result.rows
  } catch (error) {
    throw toLadingError(error, what)
  }
}

/** Runs `work` in a transaction: COMMIT when it resolves, ROLLBACK when it rejects. */
export async function transaction<Value>(client: Client, what: string, work: () => Promise<Value>): Promise<Value> {
  await execute(client, "BEGIN", what)
  try {
    const value = await work()
    await execute(client, "COMMIT", what)
    return value
  } catch (error) {
    await execute(client, "ROLLBACK", what).catch(() => undefined)
    throw error
  }
}
