import { type DestinationSession, isSystemName, type SchemaDocument, type Table } from "@lading/core"
import { quoteName, quoteText, readRows, type SystemRow } from "./read-rows.ts"

/** Tables of users by name. */
export type AuditedTables = ReadonlyMap<string, Table>

/** How many rows of a load a table shall hold. */
export interface ExpectedRows {
  readonly table: Table
  /** Rows that the load brought in, as the destination recorded it. */
  readonly expected: number
  /** Rows that later loads took out of the table, whichever load had brought them. */
  readonly removedLater: number
}

/** What a table holds of a load. */
export interface CountedRows {
  readonly rows: number
  /** Different row ids among them. */
  readonly rowIds: number
}

/** The tables of a schema that hold data of users. */
export function tablesOf({ tables }: SchemaDocument): AuditedTables {
  return new Map(Object.entries(tables).filter(([name]) => !isSystemName(name)))
}

/** What was recorded of a load, for the tables whose rows can be told by load. */
export function expectedRows(recorded: readonly SystemRow[], tables: AuditedTables, removed: ReadonlyMap<string, number>): ExpectedRows[] {
  return recorded.flatMap(({ table_name, loaded, inserted, updated }) => {
    const table = tables.get(String(table_name))
    if (table === undefined || !hasLoadId(chainOf(table, tables))) return []
    const expected = inserted === null || inserted === undefined ? Number(loaded) : Number(inserted) + Number(updated ?? 0)
    return [{ table, expected, removedLater: removed.get(table.name) ?? 0 }]
  })
}

/** Rows that the loads after this one deleted or replaced, by table. */
export async function removedByLaterLoads(session: DestinationSession, loadId: string): Promise<ReadonlyMap<string, number>> {
  const id = quoteText(loadId)
  const rows = await readRows(
    session,
    `SELECT t.table_name, sum(coalesce(t.deleted, 0) + coalesce(t.updated, 0)) AS removed
     FROM _lading_load_tables AS t JOIN _dlt_loads AS l ON l.load_id = t.load_id
     WHERE l.load_id <> ${id} AND l.inserted_at >= (SELECT max(inserted_at) FROM _dlt_loads WHERE load_id = ${id}) GROUP BY t.table_name`,
  )
  return new Map(rows.map(({ table_name, removed }) => [String(table_name), Number(removed)]))
}

/** Rows of a table that a load brought: those with its id, or whose root row has it. Undefined when a table is missing. */
export async function countOfLoad(
  session: DestinationSession,
  loadId: string,
  table: Table,
  tables: AuditedTables,
): Promise<CountedRows | undefined> {
  const chain = chainOf(table, tables)
  const joins = chain.map(({ name }, depth) =>
    depth === 0 ? `${quoteName(name)} AS t0` : `JOIN ${quoteName(name)} AS t${depth} ON t${depth}._dlt_id = t${depth - 1}._dlt_parent_id`,
  )
  const sql = `SELECT count(*) AS found, count(DISTINCT t0._dlt_id) AS row_ids FROM ${joins.join(" ")} WHERE t${chain.length - 1}._dlt_load_id = ${quoteText(loadId)}`
  const [row] = await readRows(session, sql)
  return row === undefined ? undefined : { rows: Number(row.found), rowIds: Number(row.row_ids) }
}

/** Nested rows without a parent row; undefined when one of the tables is missing. */
export async function countOrphans(session: DestinationSession, table: string, parent: string): Promise<number | undefined> {
  const [row] = await readRows(
    session,
    `SELECT count(*) AS orphans FROM ${quoteName(table)} AS c
     WHERE NOT EXISTS (SELECT 1 FROM ${quoteName(parent)} AS p WHERE p._dlt_id = c._dlt_parent_id)`,
  )
  return row === undefined ? undefined : Number(row.orphans)
}

/** The table, its parent, and so on up to the root. */
function chainOf(table: Table, tables: AuditedTables): Table[] {
  const parent = table.parent === undefined ? undefined : tables.get(table.parent)
  return parent === undefined ? [table] : [table, ...chainOf(parent, tables)]
}

function hasLoadId(chain: readonly Table[]): boolean {
  const root = chain.at(-1)
  const isKnown = (table: Table | undefined, column: string): boolean => table?.columns[column]?.data_type !== undefined
  return root?.parent === undefined && isKnown(root, "_dlt_load_id") && chain.every((table) => isKnown(table, "_dlt_id"))
}
