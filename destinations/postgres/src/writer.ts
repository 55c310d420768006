import { fault, type LoadHeader, type LoadWriter } from "@lading/core"
import { createMutex, loadNotOpen } from "@lading/sql"
import { commitLoad, discardStaging } from "./commit.ts"
import { blameFence, type LeaseScope } from "./lease.ts"
import { openLoad } from "./load.ts"
import type { Server } from "./server.ts"
import { stagePart } from "./stage.ts"

/** Begins a load. Calls of the writer run one after another; after a failure it can only abort. */
export async function beginLoad(server: Server, scope: LeaseScope, header: LoadHeader): Promise<LoadWriter> {
  fault("publish.before-begin")
  const load = await openLoad(server, scope, header)
  const calls = createMutex()
  let state: "open" | "failed" | "closed" = "open"
  let isEnded = false
  let isBusy = false

  async function guarded<Value>(run: () => Promise<Value>): Promise<Value> {
    if (state !== "open") throw loadNotOpen(header.loadId, state)
    isBusy = true
    try {
      return await run()
    } catch (error) {
      state = "failed"
      throw await blameFence(load.connection.client, scope, header.epoch, error)
    } finally {
      isBusy = false
    }
  }

  async function end({ isCommitted }: { readonly isCommitted: boolean }): Promise<void> {
    if (isEnded) return
    isEnded = true
    if (!isCommitted) await discardStaging(load)
    await load.connection.client.end().catch(() => undefined)
  }

  return {
    stage: (part, tables) =>
      calls.run(() =>
        guarded(() => {
          load.tables = { ...load.tables, ...tables }
          return stagePart(load, part)
        }),
      ),
    commit: (seal) =>
      calls.run(async () => {
        const result = await guarded(() => commitLoad(load, seal))
        state = "closed"
        await end({ isCommitted: result.status === "committed" })
        return result
      }),
    async abort() {
      if (state === "open" && isBusy) await cancel(server, load.connection.backend)
      return calls.run(async () => {
        state = "closed"
        await end({ isCommitted: false })
      })
    },
  }
}

/** Ends the statement that runs, so that nobody waits for it. */
async function cancel(server: Server, backend: number): Promise<void> {
  const connection = await server.connect().catch(() => undefined)
  await connection?.client.query("SELECT pg_cancel_backend($1)", [backend]).catch(() => undefined)
  await connection?.client.end().catch(() => undefined)
}
