import { fault, type LoadHeader, type LoadWriter } from "@lading/core"
import { createMutex, loadNotOpen } from "@lading/sql"
import { type CommitContext, commitLoad } from "./commit.ts"
import { execute } from "./connection.ts"
import { openLoad, setThreads } from "./load.ts"
import { stagePart } from "./stage.ts"

/** Opens the transaction of a load. Calls of the writer run one after another; after a failure it can only abort. */
export async function beginLoad(context: CommitContext, header: LoadHeader): Promise<LoadWriter> {
  fault("publish.before-begin")
  const connection = await context.database.connect()
  const load = await openLoad(context, connection, header)
  const calls = createMutex()
  let state: "open" | "failed" | "closed" = "open"
  let isEnded = false

  async function guarded<Value>(run: () => Promise<Value>): Promise<Value> {
    if (state !== "open") throw loadNotOpen(header.loadId, state)
    try {
      return await run()
    } catch (error) {
      state = "failed"
      throw error
    }
  }

  async function end(): Promise<void> {
    if (isEnded) return
    isEnded = true
    // After a failed statement or a commit there is nothing left to roll back; closing does it in any case.
    await execute(connection, "ROLLBACK", "roll back the load").catch(() => undefined)
    await setThreads(connection, context.database.threads).catch(() => undefined)
    connection.closeSync()
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
        const result = await guarded(() => commitLoad(context, load, seal).finally(end))
        state = "closed"
        return result
      }),
    abort() {
      if (state === "open" && !isEnded) connection.interrupt()
      return calls.run(async () => {
        state = "closed"
        await end()
      })
    },
  }
}
