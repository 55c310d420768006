import type { DestinationSession, LoadWriter, OpenRequest, PluginContext } from "@lading/core"
import { createHeartbeat } from "@lading/sql"
import { createControl } from "./control.ts"
import { inexactIntegerColumns } from "./inexact-integers.ts"
import { type LeaseScope, releaseLease, renewLease, takeLease } from "./lease.ts"
import { readCommitted } from "./marker.ts"
import { checkDataset } from "./place.ts"
import { type OpenQuery, streamQuery } from "./query.ts"
import type { Server } from "./server.ts"
import { readSnapshot } from "./snapshot.ts"
import { sweepStaging } from "./sweep.ts"
import { ensureSystemTables } from "./system-tables.ts"
import { beginLoad } from "./writer.ts"

/** Opens a session: one connection for short work; loads and queries get connections of their own. */
export async function openSession(server: Server, request: OpenRequest, context: PluginContext): Promise<DestinationSession> {
  checkDataset(request.dataset)
  const control = await createControl(server)
  const scope: LeaseScope = { place: { dataset: request.dataset }, pipeline: request.pipeline }
  const { place } = scope
  const heartbeat = createHeartbeat((lease) => control.run((client) => renewLease(client, scope, lease)), context.log)
  const writers = new Set<LoadWriter>()
  const queries = new Set<OpenQuery>()
  return {
    snapshot: () => control.run((client) => readSnapshot(client, place, request.pipeline)),
    committedLoads: (loadIds) => control.run((client) => readCommitted(client, place, loadIds)),
    inexactIntegerColumns: (table) => control.run((client) => inexactIntegerColumns(client, place, table)),
    takeLease: (lease) =>
      control.run(async (client) => {
        await ensureSystemTables(client, place)
        const taken = await takeLease(client, scope, lease)
        heartbeat.start(taken)
        await sweepStaging(client, place)
        return taken
      }),
    releaseLease(lease) {
      heartbeat.stop()
      return control.run((client) => releaseLease(client, scope, lease))
    },
    async begin(header) {
      await control.run((client) => ensureSystemTables(client, place))
      const writer = await beginLoad(server, scope, header)
      writers.add(writer)
      return writer
    },
    query: (sql) => streamQuery(server, request.dataset, sql, queries),
    async close() {
      heartbeat.stop()
      await Promise.all([...queries].map((query) => query.close()))
      await Promise.all([...writers].map((writer) => writer.abort()))
      await control.close()
    },
  }
}
