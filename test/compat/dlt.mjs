import { execFile, spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { availableParallelism } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { openKept } from "./places.mjs"
import { prepareCases } from "./prepare.mjs"
import { pythonWithDlt, requirementsFile } from "./python/environment.mjs"

const here = dirname(fileURLToPath(import.meta.url))
const script = join(here, "python", "run_dlt.py")

/**
 * What dlt makes of every case at a place (see `places.mjs`): a Map from case id to what `judgeCase` takes, the DuckDB file or what opens the kept
 * dataset, and one outcome a load. Kept under `cacheFolder` by the hash of the case, of what prepares and runs it, and of the requirements. Cases that are not there yet
 * (all of them with `fresh`) run in one Python process, or in one a core if there are many: a case takes a second. With an
 * interpreter from LADING_COMPAT_PYTHON its versions of dlt and duckdb are part of the hash. `log` gets the progress.
 */
export async function dltResults(cases, cacheFolder, target, { fresh = false, log = () => {} } = {}) {
  const folder = join(cacheFolder, await keyOfRunner())
  await mkdir(folder, { recursive: true })
  const place = ({ id, loads, settings, deliberate = [] }) => {
    const queries = target.name === "duckdb" ? undefined : deliberate.flatMap(({ dlt }) => dlt.query ?? [])
    return join(folder, createHash("sha256").update(JSON.stringify({ id, loads, settings, queries })).digest("hex").slice(0, 24))
  }
  const missing = fresh ? cases : cases.filter((entry) => !existsSync(`${place(entry)}.json`))
  if (missing.length > 0) {
    const python = await pythonWithDlt()
    const makingOf = (index) => join(folder, `making.${process.pid}.${index}`)
    await Promise.all(sharesOf(missing).map((share, index) => runCases(python, share, makingOf(index), { target, place, log })))
  }
  const results = new Map()
  for (const entry of cases) {
    const at = place(entry)
    const { kept, outcomes } = JSON.parse(await readFile(`${at}.json`, "utf8"))
    results.set(entry.id, kept ? { open: async () => openKept(kept), outcomes } : { file: `${at}.duckdb`, outcomes })
  }
  return results
}

function sharesOf(cases) {
  const count = cases.length < 40 ? 1 : Math.min(availableParallelism(), 4)
  return Array.from({ length: count }, (_, share) => cases.filter((_, index) => index % count === share)).filter(
    (share) => share.length > 0,
  )
}

async function runCases(python, cases, making, { target, place, log }) {
  await mkdir(making, { recursive: true })
  log(`dlt runs ${cases.length} cases on ${target.name} that are not in the cache\n`)
  try {
    await runPython(python, [script, await prepareCases(cases, making), making, ...(target.address ? [target.address] : [])], making, log)
    const outcomes = JSON.parse(await readFile(join(making, "outcomes.json"), "utf8"))
    for (const entry of cases) {
      const made = join(making, `${entry.id}.duckdb`)
      if (existsSync(made)) await rename(made, `${place(entry)}.duckdb`)
      await writeFile(`${place(entry)}.json`, JSON.stringify({ outcomes: outcomes[entry.id], kept: await target.keep(entry) }))
    }
  } finally {
    await rm(making, { recursive: true, force: true })
  }
}

async function keyOfRunner() {
  const hash = createHash("sha256")
  const others = ["prepare.mjs", "rest-server.mjs", "read-dataset.mjs", "read-postgres.mjs"].map((name) => join(here, name))
  for (const path of [requirementsFile, script, ...others]) hash.update(await readFile(path))
  const given = process.env.LADING_COMPAT_PYTHON
  if (given)
    hash.update((await promisify(execFile)(given, ["-c", "import dlt, duckdb; print(dlt.__version__, duckdb.__version__)"])).stdout)
  return hash.digest("hex").slice(0, 24)
}

/** The working directory is the empty folder, so that no configuration of dlt's is found by accident. */
function runPython(python, args, cwd, log) {
  return new Promise((resolve, reject) => {
    const child = spawn(python, args, { cwd, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, TZ: "UTC" } })
    let tail = ""
    child.stderr.setEncoding("utf8").on("data", (text) => {
      tail = (tail + text).slice(-4000)
      log(text)
    })
    child.on("error", reject)
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`run_dlt.py ended with ${code}:\n${tail}`))))
  })
}
