import { randomBytes } from "node:crypto"
import pg from "pg"
import { toLadingError } from "./postgres-error.ts"
import type { Settings } from "./settings.ts"
import { toTlsConnection } from "./tls.ts"
import { typeParsers } from "./values.ts"

/** A connection, and by what it is known to the server. */
export interface Connection {
  readonly client: pg.Client
  /** Process id of its backend, and an application name that no other connection has: together they say that a backend is this one's. */
  readonly backend: number
  readonly applicationName: string
}

/** A server to which connections can be made. */
export interface Server {
  readonly settings: Settings
  /** @throws LadingError `connection-failed`, `login-refused` */
  connect(): Promise<Connection>
}

/** A server; nothing is connected yet. */
export function createServer(settings: Settings): Server {
  let isPlain = settings.tls.mode === "disable"

  async function open(applicationName: string): Promise<pg.Client> {
    if (isPlain) return openClient(settings, applicationName, false)
    try {
      return await openClient(settings, applicationName, toTlsConnection(settings.tls, settings.baseDirectory) ?? false)
    } catch (error) {
      if (settings.tls.mode !== "prefer" || !(error instanceof Error) || !error.message.includes("does not support SSL")) throw error
      const client = await openClient(settings, applicationName, false)
      isPlain = true
      return client
    }
  }

  return {
    settings,
    async connect() {
      const applicationName = `${settings.applicationName} ${randomBytes(6).toString("hex")}`
      try {
        const client = await open(applicationName)
        const backend = await prepare(client, settings)
        return { client, backend, applicationName }
      } catch (error) {
        throw toLadingError(error, `be reached at ${settings.host}:${settings.port} as user ${settings.user}`)
      }
    },
  }
}

/** Nothing is left to the driver's own defaults: it would take them from the environment and from files. */
async function openClient(settings: Settings, applicationName: string, ssl: pg.ClientConfig["ssl"]): Promise<pg.Client> {
  const client = new pg.Client({
    host: settings.host,
    port: settings.port,
    database: settings.database,
    user: settings.user,
    password: settings.password,
    ssl,
    application_name: applicationName,
    options: " ",
    client_encoding: "utf8",
    connectionTimeoutMillis: settings.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: typeParsers,
  })
  // A broken connection fails the statement that runs or comes next; without a listener it would end the process.
  client.on("error", () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
}

async function prepare(client: pg.Client, settings: Settings): Promise<number> {
  const { lockTimeoutMs, statementTimeoutMs, idleTimeoutMs } = settings
  await client.query(`SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';
    SET extra_float_digits = 1; SET standard_conforming_strings = on; SET client_min_messages = warning; SET lock_timeout = ${lockTimeoutMs};
    SET statement_timeout = ${statementTimeoutMs}; SET idle_in_transaction_session_timeout = ${idleTimeoutMs}`)
  const { rows } = await client.query("SELECT pg_backend_pid() AS pid")
  return Number(rows[0]?.pid)
}

/**
 * Ends the backend of a connection that is of no use any more, so that its locks go; harmless when it is gone, or serves somebody else by now.
 * @param through another connection of the same user
 */
export async function endBackend(through: pg.Client, { backend, applicationName }: Connection): Promise<void> {
  await through
    .query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND application_name = $2", [backend, applicationName])
    .catch(() => undefined)
}
