import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { eventColumns } from "../data/event-columns.mjs"
import { askDuckDb, checkEvents, checkOneRow } from "../harness/parity.mjs"

/** @typedef {import("../harness/alternate.mjs").Contestant} Contestant */

/**
 * Lading reads the NDJSON file.
 * @param {ReturnType<import("../data/event-file.mjs").ensureEventFile>} events
 * @returns {Contestant}
 */
export function oursFromFile(events) {
  return eventLoader("ours", "bench", events.facts, (folder, database) =>
    node("ours/nested-file.mjs", events.path, database, join(folder, "work")),
  )
}

/**
 * Lading reads JavaScript objects from a generator in its own process.
 * @returns {Contestant}
 */
export function oursFromObjects(events) {
  const count = String(events.facts.events)
  return eventLoader("ours", "bench", events.facts, (folder, database) =>
    node("ours/nested-objects.mjs", count, database, join(folder, "work")),
  )
}

/**
 * DuckDB's own SQL.
 * @returns {Contestant}
 */
export function limitOfEvents(events) {
  return eventLoader("limit", "main", events.facts, (_folder, database) => node("peers/limit.mjs", events.path, database))
}

/**
 * dlt reads the NDJSON file.
 * @param {ReturnType<import("../data/event-file.mjs").ensureEventFile>} events
 * @param {{ mode: "defaults" | "tuned", python: string, runs?: number | undefined }} options
 * @returns {Contestant}
 */
export function dltFromFile(events, { mode, python, runs }) {
  const loader = eventLoader(`dlt-${mode}`, "bench", events.facts, (folder, database) =>
    pythonScript(python, "peers/dlt_nested.py", mode, events.path, database, join(folder, "work")),
  )
  return { ...loader, runs }
}

/**
 * Makes the objects of case O and drops them: the part of that case that is not the loader's.
 * @returns {Contestant}
 */
export function generatorAlone(events) {
  return { name: "generator", job: () => node("peers/generator-alone.mjs", String(events.facts.events)) }
}

/**
 * Node that does nothing.
 * @returns {Contestant}
 */
export function bareNode() {
  return { name: "bare-node", job: () => ({ command: process.execPath, args: ["-e", "0"] }) }
}

/**
 * Lading loads one row.
 * @returns {Contestant}
 */
export function oursOneRow() {
  return oneRowLoader("ours", (folder, database) => node("ours/one-row.mjs", database, join(folder, "work")))
}

/**
 * dlt loads one row.
 * @param {string} python the interpreter
 * @returns {Contestant}
 */
export function dltOneRow(python) {
  return oneRowLoader("dlt", (folder, database) => pythonScript(python, "peers/dlt_one_row.py", database, join(folder, "work")))
}

/**
 * A run that leaves the events in a DuckDB file of its folder.
 * @param {string} name
 * @param {string} dataset the schema that they are in
 * @param {import("../data/facts.mjs").Facts} facts
 * @param {(folder: string, database: string) => { command: string, args: string[] }} toJob
 * @returns {Contestant}
 */
export function eventLoader(name, dataset, facts, toJob) {
  const databaseIn = (folder) => join(folder, "events.duckdb")
  return {
    name,
    job: (folder) => toJob(folder, databaseIn(folder)),
    check: (folder) => checkEvents({ ask: askDuckDb(databaseIn(folder)), dataset, facts, columns: eventColumns }),
  }
}

function oneRowLoader(name, toJob) {
  const databaseIn = (folder) => join(folder, "one.duckdb")
  return {
    name,
    job: (folder) => toJob(folder, databaseIn(folder)),
    check: (folder) => checkOneRow({ database: databaseIn(folder), table: "bench.things" }),
  }
}

/** The command that runs a script of this folder with Node. */
export function node(script, ...args) {
  return { command: process.execPath, args: [pathOf(script), ...args] }
}

/** The command that runs a script of this folder with Python. */
export function pythonScript(python, script, ...args) {
  return { command: python, args: [pathOf(script), ...args] }
}

function pathOf(script) {
  return fileURLToPath(new URL(`../${script}`, import.meta.url))
}
