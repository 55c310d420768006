import { createMutex } from "@lading/sql"
import type { Client } from "pg"
import type { Connection, Server } from "./server.ts"

/** The connection of a session for everything short: one piece of work at a time, connected anew when it broke. */
export interface Control {
  run<Value>(work: (client: Client) => Promise<Value>): Promise<Value>
  close(): Promise<void>
}

/** Connects at once, so that a session that cannot work is not opened. */
export async function createControl(server: Server): Promise<Control> {
  const mutex = createMutex()
  let current: Connection | undefined
  let isClosed = false

  async function live(): Promise<Client> {
    if (current === undefined) {
      const connection = await server.connect()
      connection.client.once("end", () => {
        if (current === connection) current = undefined
      })
      connection.client.once("error", () => {
        if (current === connection) current = undefined
      })
      current = connection
    }
    return current.client
  }

  await live()
  return {
    run: (work) =>
      mutex.run(async () => {
        if (isClosed) throw new Error("the session is closed")
        return work(await live())
      }),
    close: () =>
      mutex.run(async () => {
        isClosed = true
        await current?.client.end().catch(() => undefined)
      }),
  }
}
