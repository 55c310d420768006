import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"
import {
  type Column,
  type DataType,
  type DestinationSession,
  type LoadSeal,
  noRows,
  type PluginContext,
  type SchemaDocument,
  type SealedPart,
  type StateRow,
  type Table,
  type TableCounters,
} from "@lading/core"
import { duckdb } from "../src/destination.ts"
import type { DuckDBOptions } from "../src/options.ts"

/** A folder with one database file, removed at the end of the test. */
export interface Fixture {
  readonly folder: string
  readonly path: string
  readonly clock: { now: Date }
  open(request?: { dataset?: string; pipeline?: string; options?: Partial<DuckDBOptions> }): Promise<DestinationSession>
  part(table: string, columns: Readonly<Record<string, string>>, rows: readonly (readonly unknown[])[]): Promise<SealedPart>
  dispose(): Promise<void>
}

/** A temporary folder, a destination in it, and a writer of Parquet parts that uses DuckDB's own COPY. */
export function createFixture(name = "data.duckdb"): Fixture {
  const folder = mkdtempSync(join(tmpdir(), "lading-duckdb-"))
  const clock = { now: new Date("2024-05-01T00:00:00Z") }
  const sessions: DestinationSession[] = []
  let partCount = 0
  return {
    folder,
    path: join(folder, name),
    clock,
    async open({ dataset = "ds", pipeline = "p", options = {} } = {}) {
      const session = await duckdb({ path: name, threads: 2, ...options }).open({ dataset, pipeline }, testContext(folder, clock))
      sessions.push(session)
      return session
    },
    async part(table, columns, rows) {
      partCount += 1
      const path = join(folder, `part-${partCount}.parquet`)
      await writePart(path, columns, rows)
      const bytes = readFileSync(path)
      return {
        table,
        path,
        format: "parquet",
        rowCount: rows.length,
        byteCount: bytes.length,
        sha256: createHash("sha256").update(bytes).digest("hex"),
        columns: Object.entries(columns).map(([column, type]) => ({
          name: column,
          dataType: dataType(type),
          timezone: !type.endsWith("!"),
        })),
      }
    },
    async dispose() {
      for (const session of sessions) await session.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function testContext(baseDirectory: string, clock: { now: Date }): PluginContext {
  const silent = () => undefined
  return {
    signal: new AbortController().signal,
    log: { debug: silent, info: silent, warn: silent },
    fetch,
    baseDirectory,
    now: () => clock.now,
  }
}

/** Type in the file of each data type; a `!` after `timestamp` means without zone. */
const partTypes: Readonly<Record<string, string>> = {
  text: "VARCHAR",
  json: "VARCHAR",
  decimal: "VARCHAR",
  wei: "VARCHAR",
  bigint: "BIGINT",
  double: "DOUBLE",
  bool: "BOOLEAN",
  date: "DATE",
  time: "TIME",
  timestamp: "TIMESTAMPTZ",
  "timestamp!": "TIMESTAMP",
  binary: "BLOB",
}

function dataType(type: string): DataType {
  const types: readonly DataType[] = ["text", "double", "bool", "timestamp", "date", "time", "bigint", "binary", "json", "decimal", "wei"]
  const found = types.find((known) => known === type.replace("!", ""))
  if (found === undefined) throw new Error(`no such type: ${type}`)
  return found
}

async function writePart(path: string, columns: Readonly<Record<string, string>>, rows: readonly (readonly unknown[])[]): Promise<void> {
  const connection = await (await scratch).connect()
  await connection.run("SET TimeZone = 'UTC'")
  const names = Object.keys(columns).map((name) => `"${name.replaceAll('"', '""')}"`)
  const types = Object.values(columns).map((type) => partTypes[type] ?? "VARCHAR")
  const tuples = rows.map((row) => `(${row.map(literal).join(", ")})`)
  const select = names.map((name, index) => `CAST(${name} AS ${types[index]}) AS ${name}`)
  await connection.run(
    `COPY (SELECT ${select.join(", ")} FROM (VALUES ${tuples.join(", ")}) AS v(${names.join(", ")})) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`,
  )
  connection.closeSync()
}

const scratch = DuckDBInstance.create(":memory:", { threads: "1" })

function literal(value: unknown): string {
  if (value === null || value === undefined) return "NULL"
  if (value instanceof Uint8Array) return `from_hex('${Buffer.from(value).toString("hex")}')`
  return typeof value === "string" ? `'${value.replaceAll("'", "''").replaceAll("\u0000", "' || chr(0) || '")}'` : String(value)
}

/** A table of a schema; columns as `type` or as a column's hints. */
export function table(name: string, columns: Readonly<Record<string, DataType | Partial<Column>>>, hints: Partial<Table> = {}): Table {
  const built = Object.entries(columns).map(
    ([column, spec]) => [column, { name: column, ...(typeof spec === "string" ? { data_type: spec } : spec) }] as const,
  )
  return { name, columns: Object.fromEntries(built), ...hints }
}

/** The system columns of a root table, and of a table nested below it. */
export const rootColumns = {
  _dlt_load_id: { data_type: "text", nullable: false },
  _dlt_id: { data_type: "text", nullable: false, row_key: true, unique: true },
} as const
export const nestedColumns = {
  _dlt_root_id: { data_type: "text", nullable: false, root_key: true },
  _dlt_parent_id: { data_type: "text", nullable: false, parent_key: true },
  _dlt_list_idx: { data_type: "bigint", nullable: false },
  _dlt_id: { data_type: "text", nullable: false, row_key: true, unique: true },
} as const

export function schema(tables: readonly Table[], hash = "hash-1"): SchemaDocument {
  return {
    version: 1,
    version_hash: hash,
    engine_version: 11,
    name: "shop",
    tables: Object.fromEntries(tables.map((entry) => [entry.name, entry])),
    settings: {},
    normalizers: { names: "snake_case", json: { module: "dlt.common.normalizers.json.relational" } },
    previous_hashes: [],
  }
}

export function stateRow(hash: string, version = 1): StateRow {
  return {
    version,
    engine_version: 4,
    pipeline_name: "p",
    state: `{"v":"${hash}"}`,
    created_at: new Date("2024-05-01T00:00:00Z"),
    version_hash: hash,
  }
}

/** A seal whose counters follow from its parts. */
export function sealOf(loadId: string, tables: readonly Table[], parts: readonly SealedPart[], more: Partial<LoadSeal> = {}): LoadSeal {
  const counters: Record<string, TableCounters> = {}
  for (const part of parts) {
    if (part.table.startsWith("_lading_")) continue
    const normalized = (counters[part.table]?.normalized ?? 0) + part.rowCount
    counters[part.table] = { ...noRows, extracted: normalized, normalized, loaded: normalized }
  }
  return {
    loadId,
    epoch: 1,
    schema: schema(tables),
    parentStateHash: undefined,
    state: undefined,
    names: [],
    counters,
    parts,
    emptied: [],
    schemaChanges: "[]",
    sealedAt: new Date("2024-05-01T10:00:00.123Z"),
    ...more,
  }
}

/** Takes the lease, stages nothing early, commits: one whole load. */
export async function load(session: DestinationSession, seal: Omit<LoadSeal, "epoch">) {
  const lease = await session.takeLease({ owner: "test", takeOver: true })
  const writer = await session.begin({ loadId: seal.loadId, epoch: lease.epoch })
  try {
    return await writer.commit({ ...seal, epoch: lease.epoch })
  } finally {
    await writer.abort()
  }
}

/** All rows of a query. */
export async function rows(session: DestinationSession, sql: string): Promise<readonly (readonly unknown[])[]> {
  const all: (readonly unknown[])[] = []
  for await (const batch of session.query(sql)) all.push(...batch.rows)
  return all
}

/** Runs statements in a database file that no session has open. */
export async function change(path: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  try {
    await connection.run(sql)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
