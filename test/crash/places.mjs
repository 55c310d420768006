// Where a scenario loads to: a copy of the place where the first load is already, made by the place's own means.
import { copyFile, mkdir } from "node:fs/promises"
import { join } from "node:path"
import { startPostgres } from "@lading/testkit"
import pg from "pg"
import { readDuckdb, readPostgres } from "./read.mjs"
import { dataset } from "./subject.mjs"

/** Places of one kind: `create(name)`, `copy(from, name)`; a place has the `spec` for the job, `read()` and `remove()`. */
export function duckdbPlaces(folder) {
  const place = (name) => ({
    name,
    spec: { duckdb: join(folder, name, "data.duckdb") },
    read: () => readDuckdb(join(folder, name, "data.duckdb"), dataset),
    remove: async () => undefined,
  })
  const create = async (name) => {
    await mkdir(join(folder, name), { recursive: true })
    return place(name)
  }
  return {
    create,
    async copy(from, name) {
      const made = await create(name)
      await copyFile(from.spec.duckdb, made.spec.duckdb)
      return made
    },
    close: async () => undefined,
  }
}

/** Starts a server of its own; every place is a database. */
export async function postgresPlaces(environment) {
  const server = await startPostgres({ environment, settings: { log_statement: "none" } })
  const { host, port, user, password } = server
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  let turn = Promise.resolve()
  const ask = (sql) => {
    turn = turn.then(() => admin.query(sql))
    return turn
  }
  const place = (database) => {
    const url = new URL(server.url)
    url.pathname = `/${database}`
    return {
      name: database,
      spec: { postgres: { host, port, user, password, database } },
      read: () => readPostgres(url.href, dataset),
      remove: () => ask(`DROP DATABASE ${database} WITH (FORCE)`),
    }
  }
  const { rows } = await admin.query("SHOW server_version")
  return {
    server,
    version: String(rows[0].server_version).split(" ")[0],
    async create(name) {
      await ask(`CREATE DATABASE ${name}`)
      return place(name)
    },
    async copy(from, name) {
      await ask(`CREATE DATABASE ${name} TEMPLATE ${from.name}`)
      return place(name)
    },
    async close() {
      await admin.end()
      await server.remove()
    },
  }
}
