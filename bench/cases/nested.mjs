import { alternate } from "../harness/alternate.mjs"
import { toCaseLine } from "../harness/case-line.mjs"
import { round } from "../harness/statistics.mjs"
import { dltFromFile, generatorAlone, limitOfEvents, oursFromFile, oursFromObjects } from "./contestants.mjs"

/**
 * What every case is given.
 * @typedef {object} Setting
 * @property {number} runs rounds
 * @property {number} defaultsRuns rounds for dlt with its defaults
 * @property {number} count events of case J
 * @property {ReadonlySet<string>} skip names of contestants to leave out
 * @property {string} folder where runs put their output
 * @property {(count: number) => ReturnType<import("../data/event-file.mjs").ensureEventFile>} events makes or finds the input
 * @property {(count: number) => ReturnType<import("../data/account-files.mjs").ensureAccountFiles>} accounts makes or finds the input of a merge
 * @property {() => string} python finds the interpreter that has dlt
 * @property {(line: string) => void} log
 */

/** Case J: a file of nested events to a DuckDB file, beside DuckDB's own SQL and dlt. @param {Setting} setting */
export async function runJ(setting) {
  const events = setting.events(setting.count)
  const outcomes = await compete([limitOfEvents(events), oursFromFile(events), ...dltPeers(events, setting)], setting)
  return toCaseLine("J", outcomes, { rows: rowsOf(events), inputMb: round(events.bytes / 1e6, 0) })
}

/**
 * Case O: the same events as objects of the language: ours come from a generator, those of dlt from orjson, which makes them faster.
 * @param {Setting} setting
 */
export async function runO(setting) {
  const events = setting.events(setting.count)
  const contestants = [limitOfEvents(events), oursFromObjects(events), generatorAlone(events), ...dltPeers(events, setting)]
  const outcomes = await compete(contestants, setting)
  const generator = outcomes.find(({ name }) => name === "generator")
  const rest = outcomes.filter((outcome) => outcome !== generator)
  return toCaseLine("O", rest, { rows: rowsOf(events), generatorS: generator?.medianS ?? null })
}

/** Case W: case J and ten times as much, alternating; how time and memory grow. @param {Setting} setting */
export async function runW(setting) {
  const small = setting.events(setting.count)
  const large = setting.events(setting.count * 10)
  const base = [limitOfEvents(small), oursFromFile(small)].map((contestant) => ({ ...contestant, name: `${contestant.name}-base` }))
  const outcomes = await compete([...base, limitOfEvents(large), oursFromFile(large)], setting)
  const byName = new Map(outcomes.map((outcome) => [outcome.name, outcome]))
  const tenfold = outcomes.filter(({ name }) => !name.endsWith("-base"))
  return toCaseLine("W", tenfold, {
    rows: rowsOf(large),
    timeRatio: growth(byName.get("ours"), byName.get("ours-base")),
    baseS: byName.get("ours-base")?.medianS ?? null,
    basePeakMb: byName.get("ours-base")?.peakMb ?? null,
    limitTimeRatio: growth(byName.get("limit"), byName.get("limit-base")),
    limitBaseS: byName.get("limit-base")?.medianS ?? null,
    limitBasePeakMb: byName.get("limit-base")?.peakMb ?? null,
  })
}

/** Measures those contestants that are wanted. */
export function compete(contestants, { runs, folder, log, skip }) {
  const isWanted = ({ name }) => !skip.has(name.replace(/-base$/, ""))
  return alternate(contestants.filter(isWanted), { runs, folder, log })
}

function dltPeers(events, { skip, python, defaultsRuns }) {
  const modes = ["tuned", "defaults"].filter((mode) => !skip.has(`dlt-${mode}`))
  return modes.map((mode) => dltFromFile(events, { mode, python: python(), runs: mode === "defaults" ? defaultsRuns : undefined }))
}

/** Rows of each table that the events become. */
export function rowsOf({ facts }) {
  return { events: facts.events, events__items: facts.items, events__tags: facts.tags }
}

function growth(large, small) {
  return large && small ? round(large.medianS / small.medianS, 2) : null
}
