import { join } from "node:path"
import type { DestinationSession, SealedPart, Table } from "@lading/core"
import { createTestContext, createTestFolder, type TestContext, type TestRow, writePart } from "@lading/testkit"
import { postgres } from "../src/destination.ts"
import type { PostgresOptions } from "../src/options.ts"
import { dropDatasets, testServer } from "./server.ts"

/** A dataset of its own on the test server, dropped at the end of the test. */
export interface Fixture {
  readonly dataset: string
  readonly context: TestContext
  open(options?: Partial<PostgresOptions>, pipeline?: string): Promise<DestinationSession>
  part(table: Table, rows: readonly TestRow[]): Promise<SealedPart>
  dispose(): Promise<void>
}

let count = 0

/** A fixture; the caller disposes it. */
export async function createFixture(): Promise<Fixture> {
  const folder = await createTestFolder()
  const { host, port, user, password, database } = await testServer()
  count += 1
  const dataset = `own_${process.pid}_${count}`
  const context = createTestContext({ baseDirectory: folder.path })
  const sessions: DestinationSession[] = []
  let partCount = 0
  return {
    dataset,
    context,
    async open(options = {}, pipeline = "p") {
      const destination = postgres({ host, port, user, password, database, ...options })
      const session = await destination.open({ dataset, pipeline }, context)
      sessions.push(session)
      return session
    },
    part(table, rows) {
      partCount += 1
      const filled = rows.map((row, index) => ({ _dlt_id: `r${partCount}.${index}`, _dlt_load_id: "l", ...row }))
      return writePart(join(folder.path, `part-${partCount}`), "copy-text", table, filled)
    },
    async dispose() {
      for (const session of sessions) await session.close().catch(() => undefined)
      await dropDatasets({ folder: folder.path, dataset })
      await folder.remove()
    },
  }
}
