import { type DestinationSession, isSystemName, type SchemaChange, type Table, type TableCounters } from "@lading/core"
import { resolvePipeline, withSession } from "./look/open-dataset.ts"
import { quoteName, readRows } from "./look/read-rows.ts"
import type { PipelineOptions } from "./options.ts"
import { listPackages } from "./package/load-package.ts"

/** A column as the stored schema knows it. */
export interface ColumnReport {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly primaryKey: boolean
  readonly description: string | undefined
}

/** A table of a dataset; `rowCount` is undefined when the schema knows the table and the destination does not. */
export interface TableReport {
  readonly name: string
  readonly parent: string | undefined
  readonly description: string | undefined
  readonly rowCount: number | undefined
  readonly columns: readonly ColumnReport[]
}

/** A committed load with its counts by table and what it changed in the schema; both are empty for loads of dlt. */
export interface LoadReport {
  readonly loadId: string
  readonly schema: string
  readonly status: number
  /** ISO 8601. */
  readonly insertedAt: string
  readonly tables: Readonly<Record<string, TableCounters>>
  readonly schemaChanges: readonly SchemaChange[]
}

/** Rejected rows of one load, table and code. */
export interface RejectReport {
  readonly loadId: string
  readonly table: string
  readonly code: string
  readonly count: number
}

/** A package of an earlier run that the next run publishes (`sealed`) or discards (`unsealed`). */
export interface PendingPackage {
  readonly loadId: string
  readonly state: "sealed" | "unsealed"
  readonly rows: number
  readonly bytes: number
}

/** What is known of a dataset: its tables, its last loads, what was rejected, and what waits in the work folder. */
export interface DatasetReport {
  readonly pipeline: string
  readonly destination: string
  readonly dataset: string
  readonly exists: boolean
  readonly tables: readonly TableReport[]
  /** Newest first. */
  readonly loads: readonly LoadReport[]
  /** Newest load first. */
  readonly rejects: readonly RejectReport[]
  readonly pending: readonly PendingPackage[]
}

/** How much of the past a report holds. */
export interface InspectOptions {
  /** Number of loads; default 10. */
  readonly loadCount?: number
}

/**
 * Reads what a pipeline's dataset holds, without taking its lease and without writing.
 * @throws LadingError of the destination, such as `database-locked`
 */
export async function inspectDataset(given: PipelineOptions, { loadCount = 10 }: InspectOptions = {}): Promise<DatasetReport> {
  const resolved = await resolvePipeline(given)
  const { options, dataset, packages, location } = resolved
  const facts = { pipeline: options.name, destination: location, dataset, pending: await pendingPackages(packages) }
  return withSession(resolved, async (session) => {
    const { exists, schemas } = await session.snapshot()
    if (!exists) return { ...facts, exists, tables: [], loads: [], rejects: [] }
    const tables = schemas.flatMap((schema) => Object.values(schema.tables)).filter(isUserTable)
    const byName = new Map(tables.map((table) => [table.name, table]))
    return {
      ...facts,
      exists,
      tables: await Promise.all([...byName.values()].map((table) => reportTable(session, table))),
      loads: await readLoads(session, loadCount),
      rejects: await readRejects(session),
    }
  })
}

function isUserTable({ name, columns }: Table): boolean {
  return !isSystemName(name) && Object.values(columns).some(({ data_type }) => data_type !== undefined)
}

async function reportTable(session: DestinationSession, table: Table): Promise<TableReport> {
  const rows = await readRows(session, `SELECT count(*) AS row_count FROM ${quoteName(table.name)}`)
  const columns = Object.values(table.columns).filter(({ data_type }) => data_type !== undefined)
  return {
    name: table.name,
    parent: table.parent,
    description: table.description,
    rowCount: rows[0] === undefined ? undefined : Number(rows[0].row_count),
    columns: columns.map(({ name, data_type, nullable, primary_key, description }) => ({
      name,
      type: String(data_type),
      nullable: nullable ?? true,
      primaryKey: primary_key === true,
      description,
    })),
  }
}

async function readLoads(session: DestinationSession, loadCount: number): Promise<LoadReport[]> {
  const newest = `SELECT load_id, schema_name, status, inserted_at FROM _dlt_loads ORDER BY inserted_at DESC, load_id DESC LIMIT ${Math.trunc(loadCount)}`
  const loads = await readRows(session, newest)
  const these = `load_id IN (SELECT load_id FROM (${newest}) AS newest)`
  const counters = await readRows(session, `SELECT * FROM _lading_load_tables WHERE ${these} ORDER BY table_name`)
  const changes = await readRows(session, `SELECT load_id, changes FROM _lading_schema_changes WHERE ${these}`)
  return loads.map((load) => ({
    loadId: String(load.load_id),
    schema: String(load.schema_name ?? ""),
    status: Number(load.status),
    insertedAt: String(load.inserted_at),
    tables: Object.fromEntries(
      counters
        .filter(({ load_id, table_name }) => load_id === load.load_id && !isSystemName(String(table_name)))
        .map((row) => [String(row.table_name), toCounters(row)]),
    ),
    schemaChanges: changes
      .filter(({ load_id }) => load_id === load.load_id)
      .flatMap(({ changes: text }) => JSON.parse(String(text)) as SchemaChange[]),
  }))
}

/** The counts of a row of `_lading_load_tables`. */
export function toCounters(row: Readonly<Record<string, unknown>>): TableCounters {
  const count = (name: keyof TableCounters): number => Number(row[name])
  return {
    extracted: count("extracted"),
    filtered: count("filtered"),
    deduplicated: count("deduplicated"),
    rejected: count("rejected"),
    normalized: count("normalized"),
    loaded: count("loaded"),
  }
}

async function readRejects(session: DestinationSession): Promise<RejectReport[]> {
  const sql =
    "SELECT load_id, table_name, code, count(*) AS row_count FROM _lading_rejects GROUP BY load_id, table_name, code ORDER BY load_id DESC, table_name, code"
  return (await readRows(session, sql)).map((row) => ({
    loadId: String(row.load_id),
    table: String(row.table_name),
    code: String(row.code),
    count: Number(row.row_count),
  }))
}

async function pendingPackages(packages: string): Promise<PendingPackage[]> {
  const { sealed, unsealed } = await listPackages(packages)
  return [
    ...sealed.map(({ loadId, parts }) => ({
      loadId,
      state: "sealed" as const,
      rows: parts.reduce((sum, part) => sum + (isSystemName(part.table) ? 0 : part.rowCount), 0),
      bytes: parts.reduce((sum, part) => sum + part.byteCount, 0),
    })),
    ...unsealed.map((loadId) => ({ loadId, state: "unsealed" as const, rows: 0, bytes: 0 })),
  ]
}
