import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { eventColumns } from "../data/event-columns.mjs"
import { toCaseLine } from "../harness/case-line.mjs"
import { recreateDatabase, toDatabaseName } from "../harness/databases.mjs"
import { exportTables } from "../harness/export-tables.mjs"
import { measure } from "../harness/measure.mjs"
import { checkEvents } from "../harness/parity.mjs"
import { withPostgres } from "../harness/postgres-server.mjs"
import { round } from "../harness/statistics.mjs"
import { isBuilt } from "./built.mjs"
import { node, pythonScript } from "./contestants.mjs"
import { compete, rowsOf } from "./nested.mjs"

/**
 * Case JP: the file of case J to PostgreSQL, beside `COPY` of the same finished tables by hand and dlt.
 * @param {import("./nested.mjs").Setting} setting
 * @returns {Promise<object | undefined>} nothing where the destination is not built
 */
export async function runJP(setting) {
  if (!isBuilt("@lading/destination-postgres", setting.log)) return undefined
  const events = setting.events(setting.count)
  return await withPostgres(async (server) => {
    const finished = await exportFinished(server, events, setting)
    const loader = (name, toJob) => postgresLoader(server, events, name, toJob)
    const ours = loader("ours", (folder, url) => node("ours/nested-file-postgres.mjs", events.path, url, join(folder, "work")))
    const limit = loader("limit", (_folder, url) => node("peers/copy-tables.mjs", finished, url))
    const outcomes = await compete([limit, ours, ...dltPeers(loader, events, setting)], setting)
    return toCaseLine("JP", outcomes, { rows: rowsOf(events), inputMb: round(events.bytes / 1e6, 0), postgres: server.version })
  })
}

/** Loads the events once, outside every measured time, for the tables that the limit copies. */
async function exportFinished(server, events, { folder }) {
  const work = join(folder, "finished")
  mkdirSync(work, { recursive: true })
  await recreateDatabase(server, "finished")
  const url = server.url("finished")
  await measure({ cwd: work, ...node("ours/nested-file-postgres.mjs", events.path, url, join(work, "work")) })
  const files = join(work, "tables")
  await exportTables({ url, schema: "bench", tables: ["events", "events__items", "events__tags"], folder: files })
  await server.ask("postgres", "DROP DATABASE finished")
  return files
}

function postgresLoader(server, events, name, toJob) {
  const database = toDatabaseName(name)
  return {
    name,
    prepare: () => recreateDatabase(server, database),
    job: (folder) => toJob(folder, server.url(database)),
    check: () => checkEvents({ ask: (sql) => server.ask(database, sql), dataset: "bench", facts: events.facts, columns: eventColumns }),
  }
}

function dltPeers(loader, events, { skip, python }) {
  if (skip.has("dlt-tuned")) return []
  return [
    loader("dlt-tuned", (folder, url) => pythonScript(python(), "peers/dlt_nested.py", "tuned", events.path, url, join(folder, "work"))),
  ]
}
