import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { measure } from "./measure.mjs"
import { median, round } from "./statistics.mjs"

/**
 * One thing to measure.
 * @typedef {object} Contestant
 * @property {string} name
 * @property {number} [runs] fewer runs than the others, for the very slow
 * @property {(folder: string) => Promise<void> | void} [prepare] puts into the empty folder, or elsewhere, what the run finds there; outside its time
 * @property {(folder: string) => { command: string, args: string[], env?: Record<string, string> }} job the command, given its empty folder
 * @property {(folder: string) => Promise<void>} [check] throws when what the run left in the folder is wrong
 *
 * @typedef {{ name: string, medianS: number, peakMb: number, runs: number, seconds: number[], processes: number }} Outcome
 *   `peakMb` is the highest peak of all runs
 */

/**
 * Runs the contestants in turn, round after round, each time in an empty folder of its own, and prepares and checks each run outside its time.
 * @param {readonly Contestant[]} contestants
 * @param {{ runs: number, folder: string, log: (line: string) => void }} options
 * @returns {Promise<Outcome[]>} in the order of the contestants
 */
export async function alternate(contestants, { runs, folder, log }) {
  const results = new Map(contestants.map(({ name }) => [name, []]))
  for (let index = 0; index < runs; index++) {
    for (const contestant of contestants) {
      if (index >= (contestant.runs ?? runs)) continue
      const result = await runOnce(contestant, join(folder, contestant.name))
      results.get(contestant.name).push(result)
      log(`  run ${index + 1} ${contestant.name.padEnd(16)} ${result.seconds.toFixed(2)} s  ${result.peakMb.toFixed(0)} MB`)
    }
  }
  return contestants.map(({ name }) => summarize(name, results.get(name)))
}

async function runOnce(contestant, folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await contestant.prepare?.(folder)
  const result = await measure({ cwd: folder, ...contestant.job(folder) })
  // A failed check leaves the folder behind, to be looked at.
  await contestant.check?.(folder)
  rmSync(folder, { recursive: true, force: true })
  return result
}

function summarize(name, results) {
  return {
    name,
    medianS: round(median(results.map(({ seconds }) => seconds)), 3),
    peakMb: round(Math.max(...results.map(({ peakMb }) => peakMb)), 1),
    runs: results.length,
    seconds: results.map(({ seconds }) => round(seconds, 3)),
    processes: Math.max(...results.map(({ processes }) => processes)),
  }
}
