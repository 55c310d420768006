// Kills the main job again and again, lets it finish, and compares what is there with an undisturbed run.
//   node test/crash/run.mjs [--kills 30] [--in-a-row 6] [--seed 1] [--full] [--json]
// --full first kills it at every named fault point of the engine and the destination.
import { mkdtemp, rm } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { isDeepStrictEqual, parseArgs } from "node:util"
import { faultPoints } from "@lading/engine"
import { inspectDataset } from "./checker.mjs"
import { runAndKill } from "./kill.mjs"

const require = createRequire(import.meta.url)
const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..")
const cli = join(dirname(require.resolve("lading/package.json")), "bin", "lading.js")
const job = [cli, "run", join(root, "examples/public-data/pipeline.mjs")]

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "30" },
    "in-a-row": { type: "string", default: "6" },
    seed: { type: "string", default: "1" },
    full: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
})

/** A small deterministic generator of numbers from 0 to 1 (mulberry32, T. Ettinger). */
function createRandom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

async function inFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), "lading-crash-"))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const look = (folder) => inspectDataset(join(folder, "public-data.duckdb"), "public_data")

async function undisturbed() {
  return inFolder(async (folder) => {
    const { code, durationMs, output } = await runAndKill(process.execPath, job, { cwd: folder })
    if (code !== 0) throw new Error(`the undisturbed run failed:\n${output}`)
    return { tables: await look(folder), durationMs }
  })
}

const sum = (tables, key) => Object.values(tables).reduce((total, table) => total + table[key], 0)

const random = createRandom(Number(values.seed))
const expected = await undisturbed()
const result = { kills: 0, rounds: 0, lost: 0, duplicated: 0, wrong: 0, wedged: 0, unmarked: 0 }

/** Kills the job as `kill` does, lets it finish in the same folder, and adds what is wrong with the outcome to the result. */
async function round(kill) {
  await inFolder(async (folder) => {
    await kill(folder)
    const { code, output } = await runAndKill(process.execPath, job, { cwd: folder })
    result.rounds++
    if (code !== 0) {
      result.wedged++
      process.stderr.write(`wedged: exit ${code}\n${output}\n`)
      return
    }
    const tables = await look(folder)
    const difference = sum(tables, "rows") - sum(expected.tables, "rows")
    if (difference < 0) result.lost -= difference
    if (difference > 0) result.duplicated += difference
    if (!isDeepStrictEqual(tables, expected.tables)) result.wrong++
    result.unmarked += sum(tables, "unmarked")
  })
  process.stderr.write(`${result.kills} kills, ${result.rounds} rounds, ${result.wrong} wrong, ${result.wedged} wedged\n`)
}

for (const point of values.full ? faultPoints : []) {
  await round(async (folder) => {
    const { wasKilled } = await runAndKill(process.execPath, job, { cwd: folder, env: { LADING_FAULT: point } })
    if (wasKilled) result.kills++
    process.stderr.write(`${point}: ${wasKilled ? "killed" : "not reached by this job"}\n`)
  })
}
const enough = result.kills + Number(values.kills)
while (result.kills < enough) {
  await round(async (folder) => {
    for (let i = 0; i < Number(values["in-a-row"]); i++) {
      const killAfterMs = random() * expected.durationMs
      if ((await runAndKill(process.execPath, job, { cwd: folder, killAfterMs })).wasKilled) result.kills++
    }
  })
}
console.log(values.json ? JSON.stringify(result) : result)
process.exitCode = result.lost + result.duplicated + result.wrong + result.wedged + result.unmarked === 0 ? 0 : 1
