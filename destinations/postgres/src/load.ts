import { createHash, randomBytes } from "node:crypto"
import type { LoadHeader, SealedPart } from "@lading/core"
import type { Tables } from "@lading/sql"
import { type Catalog, type ColumnTypes, readCatalog } from "./catalog.ts"
import { execute } from "./connection.ts"
import type { LeaseScope } from "./lease.ts"
import { tableAt } from "./place.ts"
import type { Connection, Server } from "./server.ts"

/** A load on its way in: rows wait in staging tables of their own, outside of any transaction, until the commit. */
export interface Load {
  readonly server: Server
  readonly scope: LeaseScope
  readonly header: LoadHeader
  /** Replaced when it broke in the commit. */
  connection: Connection
  /** The newest schema known, by table. */
  tables: Tables
  /** Parts that are in, by path, with the number of rows that PostgreSQL took from them. */
  readonly staged: Map<string, { readonly part: SealedPart; readonly rowCount: number }>
  /** Staging table of each table. */
  readonly staging: Map<string, StagingTable>
  readonly stagingPrefix: string
  /** The dataset's tables as they were last read. */
  catalog: Catalog
}

/** A table in which the rows of one load for one table wait. */
export interface StagingTable {
  /** Qualified, quoted. */
  readonly name: string
  readonly types: ColumnTypes
  /** Logged tables may become the target itself, where there is none yet or the old one makes place; the others cost less to write. */
  readonly mayBecomeTarget: boolean
  rowCount: number
}

/** Connects and looks which tables there are. Nothing is written yet. */
export async function openLoad(server: Server, scope: LeaseScope, header: LoadHeader): Promise<Load> {
  const connection = await server.connect()
  try {
    // The commit flushes everything before it; what is staged need not wait for the disk each time.
    await execute(connection.client, "SET synchronous_commit = off", "begin the load")
    const catalog = await readCatalog(connection.client, scope.place)
    const stagingPrefix = `${prefixOf(scope.pipeline)}${header.epoch.toString(36)}_${shortId(header.loadId)}_${randomBytes(2).toString("hex")}_`
    return { server, scope, header, connection, tables: {}, staged: new Map(), staging: new Map(), stagingPrefix, catalog }
  } catch (error) {
    await connection.client.end().catch(() => undefined)
    throw error
  }
}

/** Beginning of the names of a pipeline's staging tables; the epoch in base 36 and the load id follow. */
export function prefixOf(pipeline: string): string {
  return `_lading_stage_${createHash("sha256").update(pipeline).digest("hex").slice(0, 6)}_`
}

/** Qualified, quoted name of the next staging table. */
export function nextStagingName({ scope, stagingPrefix, staging }: Load): string {
  return tableAt(scope.place, `${stagingPrefix}${(staging.size + 1).toString(36)}`)
}

function shortId(loadId: string): string {
  return /^[\w.]{1,24}$/.test(loadId) ? loadId : createHash("sha256").update(loadId).digest("hex").slice(0, 24)
}
