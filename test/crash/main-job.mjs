// Kills the main example at any moment, several times in a row, and compares what is there in the end with an undisturbed run.
import { mkdtemp, rm } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { isDeepStrictEqual } from "node:util"
import { runAndKill } from "./kill.mjs"
import { createRandom } from "./random.mjs"
import { readDuckdb } from "./read.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))
const require = createRequire(import.meta.url)
const cli = join(dirname(require.resolve("lading/package.json")), "bin", "lading.js")
const job = [cli, "run", join(root, "examples/public-data/pipeline.mjs")]
const killsInARow = 6

/** Resolves to `{ scenarios, kills, lost, duplicated, wrong, wedged, unmarked, notReached }`; a scenario is some kills and one run that heals. */
export async function killMainJob(kills, { seed, log }) {
  const random = createRandom(seed)
  const total = { scenarios: 0, kills: 0, lost: 0, duplicated: 0, wrong: 0, wedged: 0, unmarked: 0, notReached: [] }
  const expected = await inFolder(undisturbed)
  let longest = expected.durationMs
  while (total.kills < kills) {
    await inFolder(async (folder) => {
      for (let i = 0; i < killsInARow; i++) {
        const { wasKilled, durationMs } = await runAndKill(process.execPath, job, { cwd: folder, killAfterMs: random() * longest })
        if (wasKilled) total.kills++
        // It has loaded everything: what would be killed now is a run that finds nothing new.
        else longest = Math.min(longest, durationMs)
        if (!wasKilled) break
      }
      const { code, output } = await runAndKill(process.execPath, job, { cwd: folder })
      total.scenarios++
      if (code === 0) compare(await look(folder), expected.tables, total)
      else {
        total.wedged++
        log(`the main job is wedged: exit ${code}\n${output}`)
      }
    })
    log(`${total.kills} kills of the main job`)
  }
  return total
}

async function undisturbed(folder) {
  const { code, durationMs, output } = await runAndKill(process.execPath, job, { cwd: folder })
  if (code !== 0) throw new Error(`the undisturbed run failed:\n${output}`)
  return { tables: await look(folder), durationMs }
}

/** Rows of each table of data as sorted texts without what depends on the run, and how many have no marker. */
async function look(folder) {
  const dataset = await readDuckdb(join(folder, "public-data.duckdb"), "public_data")
  const markers = new Set(
    dataset
      .get("_dlt_loads")
      .rows.filter(({ status }) => status === "0")
      .map(({ load_id }) => load_id),
  )
  const tables = {}
  for (const [name, { rows }] of dataset) {
    if (name.startsWith("_")) continue
    const values = rows.map((row) => JSON.stringify(Object.entries(row).filter(([column]) => !column.startsWith("_dlt_"))))
    const unmarked = rows.filter(({ _dlt_load_id: load }) => load !== undefined && !markers.has(load)).length
    tables[name] = { values: values.toSorted(), unmarked }
  }
  return tables
}

function compare(actual, expected, total) {
  const count = (tables) => Object.values(tables).reduce((sum, { values }) => sum + values.length, 0)
  const difference = count(actual) - count(expected)
  if (difference < 0) total.lost -= difference
  if (difference > 0) total.duplicated += difference
  if (!isDeepStrictEqual(actual, expected)) total.wrong++
  total.unmarked += Object.values(actual).reduce((sum, { unmarked }) => sum + unmarked, 0)
}

async function inFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), "lading-crash-"))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
