import { accountingFault, type DestinationSession, type SchemaDocument, schemaHash, type TableCounters } from "@lading/core"
import { toCounters } from "../inspect.ts"
import type { PipelineOptions } from "../options.ts"
import {
  type AuditedTables,
  countOfLoad,
  countOrphans,
  type ExpectedRows,
  expectedRows,
  removedByLaterLoads,
  tablesOf,
} from "./audit-tables.ts"
import { type ResolvedPipeline, resolvePipeline, withSession } from "./open-dataset.ts"
import { quoteText, readRows, type SystemRow } from "./read-rows.ts"
import { readStoredSchema } from "./stored-schema.ts"

/** One thing that was recounted or recomputed. */
export interface AuditFinding {
  /**
   * `committed`: the marker is there; `accounting`: every extracted row is somewhere; `rows`: as many rows are in the table as were
   * recorded; `children`: every nested row has its parent; `rejects`: the rejected rows are kept; `schema`: the stored schema has the hash
   * that the load names.
   */
  readonly check: "committed" | "accounting" | "rows" | "children" | "rejects" | "schema"
  /** Table, or undefined where it concerns the whole load. */
  readonly table: string | undefined
  readonly holds: boolean
  readonly message: string
}

/** Whether a load is in the destination as it was recorded. */
export interface AuditReport {
  readonly pipeline: string
  readonly destination: string
  readonly dataset: string
  readonly loadId: string
  /** ISO 8601; undefined when the load is not there. */
  readonly committedAt: string | undefined
  /** True when every finding holds. */
  readonly holds: boolean
  readonly findings: readonly AuditFinding[]
}

/**
 * Proves a load: recounts its rows in the destination against the recorded numbers, looks for nested rows without parent, and computes
 * the schema's hash again. Reads only; nothing of the work folder is believed.
 * @throws LadingError of the destination
 */
export async function auditLoad(given: PipelineOptions, loadId: string): Promise<AuditReport> {
  const resolved = await resolvePipeline(given)
  return withSession(resolved, async (session) => {
    const [load] = await readRows(
      session,
      `SELECT load_id, schema_name, status, inserted_at, schema_version_hash FROM _dlt_loads WHERE load_id = ${quoteText(loadId)}`,
    )
    const committed = { check: "committed", table: undefined } as const
    if (load === undefined || Number(load.status) !== 0) {
      const why =
        load === undefined ? "is not in this dataset: it was never committed, or into another one" : `has status ${String(load.status)}`
      return toReport(resolved, loadId, load, [{ ...committed, holds: false, message: `load ${loadId} ${why}` }])
    }
    const schema = await storedSchema(session, load)
    const counted = schema.document === undefined ? [] : await countTables(session, loadId, schema.document)
    const findings = [
      { ...committed, holds: true, message: `load ${loadId} was committed at ${String(load.inserted_at)}` },
      schema.finding,
      ...counted,
      ...(await rejectFindings(session, loadId)),
    ]
    return toReport(resolved, loadId, load, findings)
  })
}

function toReport(
  { options, location, dataset }: ResolvedPipeline,
  loadId: string,
  load: SystemRow | undefined,
  findings: readonly AuditFinding[],
): AuditReport {
  return {
    ...{ pipeline: options.name, destination: location, dataset, loadId },
    committedAt: load === undefined ? undefined : String(load.inserted_at),
    holds: findings.every(({ holds }) => holds),
    findings,
  }
}

/** The document that the load names, and whether it has the hash that it is stored under. */
async function storedSchema(
  session: DestinationSession,
  { schema_version_hash: hash }: SystemRow,
): Promise<{ readonly document: SchemaDocument | undefined; readonly finding: AuditFinding }> {
  const finding = (holds: boolean, message: string): AuditFinding => ({ check: "schema", table: undefined, holds, message })
  const document = await readStoredSchema(session, String(hash))
  if (document === undefined) return { document, finding: finding(false, `the schema ${String(hash)} is not stored`) }
  const computed = schemaHash(document)
  if (computed !== hash)
    return { document, finding: finding(false, `the stored schema has the hash ${computed}, and the load names ${String(hash)}`) }
  return { document, finding: finding(true, `schema ${document.name} version ${document.version} has its hash ${computed}`) }
}

async function countTables(session: DestinationSession, loadId: string, schema: SchemaDocument): Promise<AuditFinding[]> {
  const recorded = await readRows(session, `SELECT * FROM _lading_load_tables WHERE load_id = ${quoteText(loadId)} ORDER BY table_name`)
  const tables = tablesOf(schema)
  const findings: AuditFinding[] = []
  for (const row of recorded) {
    const name = String(row.table_name)
    const table = tables.get(name)
    if (table === undefined) continue
    findings.push(accountingFinding(name, toCounters(row), table.parent === undefined))
  }
  const removed = await removedByLaterLoads(session, loadId)
  for (const expected of expectedRows(recorded, tables, removed)) findings.push(await rowsFinding(session, loadId, expected, tables))
  for (const { name, parent } of tables.values()) if (parent !== undefined) findings.push(...(await childFinding(session, name, parent)))
  return findings
}

function accountingFinding(table: string, counters: TableCounters, isRoot: boolean): AuditFinding {
  const fault = accountingFault(table, counters, isRoot)
  const { extracted, filtered, deduplicated, rejected, normalized } = counters
  const sum = isRoot
    ? `${extracted} extracted = ${filtered} filtered + ${deduplicated} seen before + ${rejected} rejected + ${normalized} loaded`
    : `${normalized} normalized = ${counters.loaded} loaded`
  return { check: "accounting", table, holds: fault === undefined, message: fault ?? sum }
}

async function rowsFinding(
  session: DestinationSession,
  loadId: string,
  { table, expected, removedLater }: ExpectedRows,
  tables: AuditedTables,
): Promise<AuditFinding> {
  const finding = (holds: boolean, message: string): AuditFinding => ({ check: "rows", table: table.name, holds, message })
  const counted = await countOfLoad(session, loadId, table, tables)
  if (counted === undefined) return finding(expected === 0, `the table is not there, and ${expected} rows were recorded`)
  const { rows: found, rowIds } = counted
  if (rowIds < found) return finding(false, `${found - rowIds} of ${found} rows have the row id of another one`)
  if (found === expected) return finding(true, `${found} rows recounted, as recorded`)
  if (found < expected && found + removedLater >= expected)
    return finding(true, `${found} of ${expected} rows are left: later loads deleted or replaced ${removedLater} rows of this table`)
  return finding(false, `${found} rows recounted, but ${expected} were recorded`)
}

async function childFinding(session: DestinationSession, table: string, parent: string): Promise<AuditFinding[]> {
  const orphans = await countOrphans(session, table, parent)
  if (orphans === undefined) return []
  const message = orphans === 0 ? `every row has its parent in ${parent}` : `${orphans} rows have no parent in ${parent}`
  return [{ check: "children", table, holds: orphans === 0, message }]
}

async function rejectFindings(session: DestinationSession, loadId: string): Promise<AuditFinding[]> {
  const of = `load_id = ${quoteText(loadId)}`
  const [recorded] = await readRows(session, `SELECT loaded FROM _lading_load_tables WHERE ${of} AND table_name = '_lading_rejects'`)
  if (recorded === undefined) return []
  const [kept] = await readRows(session, `SELECT count(*) AS kept FROM _lading_rejects WHERE ${of}`)
  const [expected, found] = [Number(recorded.loaded), Number(kept?.kept ?? 0)]
  const message =
    found === expected ? `${found} rejected rows are kept, as recorded` : `${found} rejected rows are kept, but ${expected} were recorded`
  return [{ check: "rejects", table: undefined, holds: found === expected, message }]
}
