import type { QueryBatch, QueryColumn } from "@lading/core"
import { queryChangesData, textOf } from "@lading/sql"
import type { Client, FieldDef } from "pg"
import Cursor from "pg-cursor"
import { execute, readRows } from "./connection.ts"
import { toLadingError } from "./postgres-error.ts"
import type { Server } from "./server.ts"
import { numericOid, trimFraction } from "./values.ts"

const batchRows = 2048

/** SQLSTATE of `read_only_sql_transaction`. */
const readOnlyState = "25006"

/** A query whose result may not be read to its end yet. */
export interface OpenQuery {
  close(): Promise<void>
}

/**
 * Streams the result of one statement, over a connection of its own, in batches of up to 2048 rows; a result without rows is one empty batch, so that
 * its columns are known. The statement can only read. `open` lists what is to be closed with the session.
 * @throws LadingError `query-changes-data`
 */
export async function* streamQuery(server: Server, dataset: string, sql: string, open: Set<OpenQuery>): AsyncGenerator<QueryBatch> {
  const { client } = await server.connect()
  const query = { close: () => client.end().catch(() => undefined) }
  open.add(query)
  try {
    const settings = `SELECT set_config('search_path', quote_ident($1::text) || ', public', false), set_config('default_transaction_read_only', 'on', false)`
    await execute(client, settings, "use the dataset", [dataset])
    const cursor = client.query(new Cursor(sql, [], { rowMode: "array" }))
    let columns: readonly QueryColumn[] | undefined
    let convert = (row: readonly unknown[]): readonly unknown[] => row
    for (;;) {
      const { rows, fields } = await readBatch(cursor)
      if (columns === undefined) {
        columns = await describe(server, fields)
        convert = converter(fields)
      } else if (rows.length === 0) break
      yield { columns, rows: rows.map(convert) }
      if (rows.length < batchRows) break
    }
  } catch (error) {
    const refusal = toLadingError(error, "run the query")
    throw refusal.details.sqlstate === readOnlyState ? queryChangesData(refusal) : refusal
  } finally {
    open.delete(query)
    await query.close()
  }
}

function readBatch(cursor: Cursor): Promise<{ readonly rows: readonly (readonly unknown[])[]; readonly fields: readonly FieldDef[] }> {
  return new Promise((resolve, reject) => {
    cursor.read(batchRows, (error, rows, result) => (error ? reject(error) : resolve({ rows, fields: result?.fields ?? [] })))
  })
}

/** Names the types as PostgreSQL does; over another connection, because the query's own is in the middle of its result. */
async function describe(server: Server, fields: readonly FieldDef[]): Promise<readonly QueryColumn[]> {
  if (fields.length === 0) return []
  const { client } = await server.connect()
  try {
    return await nameTypes(client, fields)
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function nameTypes(client: Client, fields: readonly FieldDef[]): Promise<readonly QueryColumn[]> {
  const sql = `SELECT format_type(t.id::oid, t.modifier::integer) AS type
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t (id, modifier, place) ORDER BY t.place`
  const rows = await readRows(client, sql, "name the types of the result", [
    fields.map(({ dataTypeID }) => String(dataTypeID)),
    fields.map(({ dataTypeModifier }) => String(dataTypeModifier)),
  ])
  return fields.map(({ name }, index) => ({ name, type: textOf(rows[index], "type") }))
}

/** Fraction digits of dlt's wei columns. */
const weiScale = 78

function converter(fields: readonly FieldDef[]): (row: readonly unknown[]) => readonly unknown[] {
  const isWei = fields.map(({ dataTypeID, dataTypeModifier }) => dataTypeID === numericOid && ((dataTypeModifier - 4) & 0x7ff) === weiScale)
  if (!isWei.includes(true)) return (row) => row
  return (row) => row.map((value, index) => (isWei[index] === true && typeof value === "string" ? trimFraction(value) : value))
}
