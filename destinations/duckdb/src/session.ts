import type { DuckDBConnection } from "@duckdb/node-api"
import type { DestinationSession, LoadWriter, OpenRequest, PluginContext, Table } from "@lading/core"
import { completeColumns, createHeartbeat, type ReplaceStrategy, textOf } from "@lading/sql"
import { readCatalog } from "./catalog.ts"
import { readRows } from "./connection.ts"
import type { Database } from "./database.ts"
import { duckdbDialect } from "./dialect.ts"
import { type LeaseScope, releaseLease, renewLease, takeLease } from "./lease.ts"
import { readCommitted } from "./marker.ts"
import { datasetAt, type Place, tableAt } from "./place.ts"
import { type OpenQuery, streamQuery } from "./query.ts"
import { readSnapshot } from "./snapshot.ts"
import { ensureSystemTables } from "./system-tables.ts"
import { beginLoad } from "./writer.ts"

/** Opens a session on a database that is open already; closing the session gives its share of the database back. */
export async function openSession(
  database: Database,
  request: OpenRequest,
  context: PluginContext,
  replaceStrategy: ReplaceStrategy = "truncate-and-insert",
): Promise<DestinationSession> {
  const connection = await database.connect()
  const [row] = await readRows(connection, "SELECT current_database() AS name", "open the database")
  const place: Place = { catalog: textOf(row, "name"), dataset: request.dataset }
  const scope: LeaseScope = { connection, place, pipeline: request.pipeline, now: context.now }
  const heartbeat = createHeartbeat((lease) => database.commits.run(() => renewLease(scope, lease)), context.log)
  const writers = new Set<LoadWriter>()
  const queries = new Set<OpenQuery>()
  const exclusive = database.commits.run
  return {
    snapshot: () => exclusive(async () => readSnapshot(connection, place, request.pipeline, await readCatalog(connection, place))),
    committedLoads: (loadIds) => exclusive(() => readCommitted(connection, place, loadIds)),
    inexactIntegerColumns: (table) => exclusive(() => inexactIntegerColumns(connection, place, table)),
    takeLease: (lease) =>
      exclusive(async () => {
        await ensureSystemTables(connection, place)
        const taken = await takeLease(scope, lease)
        heartbeat.start(taken)
        return taken
      }),
    releaseLease(lease) {
      heartbeat.stop()
      return exclusive(() => releaseLease(scope, lease))
    },
    async begin(header) {
      await exclusive(() => ensureSystemTables(connection, place))
      const writer = await beginLoad({ database, scope, replaceStrategy }, header)
      writers.add(writer)
      return writer
    },
    async *query(sql) {
      const [exists] = await readRows(
        connection,
        "SELECT 1 FROM duckdb_schemas() WHERE database_name = ? AND lower(schema_name) = lower(?)",
        "look for the dataset",
        [place.catalog, place.dataset],
      )
      yield* streamQuery(await database.connect(), exists === undefined ? undefined : datasetAt(place), sql, queries)
    },
    async close() {
      heartbeat.stop()
      await Promise.all([...queries].map((query) => query.close()))
      await Promise.all([...writers].map((writer) => writer.abort()))
      await exclusive(async () => connection.closeSync())
      await database.release()
    },
  }
}

async function inexactIntegerColumns(connection: DuckDBConnection, place: Place, table: Table): Promise<ReadonlySet<string>> {
  const types = (await readCatalog(connection, place)).get(duckdbDialect.fold(table.name))
  const columns = completeColumns(table).filter(
    ({ name, data_type }) => data_type === "bigint" && /^(BIGINT|HUGEINT)$/.test(types?.get(duckdbDialect.fold(name)) ?? ""),
  )
  if (columns.length === 0) return new Set()
  const tests = columns.map(({ name }, index) => `bool_or(${inexact(duckdbDialect.quote(name))}) AS c${index}`)
  const [row] = await readRows(
    connection,
    `SELECT ${tests.join(", ")} FROM ${tableAt(place, table.name)}`,
    `look at the integers of table "${table.name}"`,
  )
  return new Set(columns.filter((_, index) => row?.[`c${index}`] === true).map(({ name }) => name))
}

function inexact(column: string): string {
  return `CAST(${column} AS HUGEINT) <> CAST(CAST(${column} AS DOUBLE) AS HUGEINT)`
}
