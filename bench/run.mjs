import { readFileSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { runMDuckDb, runMPostgres } from "./cases/merge.mjs"
import { runJ, runO, runW } from "./cases/nested.mjs"
import { runJP } from "./cases/nested-postgres.mjs"
import { runR } from "./cases/rest.mjs"
import { runS } from "./cases/start-up.mjs"
import { ensureAccountFiles } from "./data/account-files.mjs"
import { ensureEventFile } from "./data/event-file.mjs"
import { writeResult } from "./harness/results-file.mjs"
import { toTable } from "./harness/table.mjs"
import { ensurePython } from "./python.mjs"

const cases = { J: runJ, O: runO, S: runS, W: runW, R: runR, JP: runJP, "M-duckdb": runMDuckDb, "M-postgres": runMPostgres }
const cacheFolder = fileURLToPath(new URL("../.cache", import.meta.url))
const options = {
  json: { type: "boolean" },
  write: { type: "boolean" },
  help: { type: "boolean" },
  runs: { type: "string", default: "5" },
  count: { type: "string", default: "200000" },
  skip: { type: "string", multiple: true, default: [] },
  "dlt-defaults-runs": { type: "string", default: "1" },
  "no-dlt-defaults": { type: "boolean" },
  "no-dlt": { type: "boolean" },
}
const usage = `node bench/run.mjs CASE... [options]        CASE: ${Object.keys(cases).join(", ")}
  --json                 one line of JSON a case on stdout
  --runs N               rounds (5); the median counts
  --dlt-defaults-runs N  rounds for dlt with its defaults (1)
  --no-dlt-defaults      leave dlt with its defaults out; likewise --no-dlt for all of dlt
  --skip NAME            leave a contestant out; may be repeated
  --count N              rows (200000): events of J, O, R (500 a page) and JP, changed rows of M; W, and the table that M merges into, have ten times as many
  --write                put the result into bench/RESULTS.md
`

// Servers of a case end when this process does: an exit in due form, not a death by signal.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1))
await main()

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options })
  const unknown = positionals.filter((name) => !Object.hasOwn(cases, name))
  if (values.help || positionals.length === 0 || unknown.length > 0) {
    log(usage)
    process.exitCode = values.help ? 0 : 2
    return
  }
  for (const name of positionals) await runCase(name, values)
}

async function runCase(name, values) {
  log(`case ${name}`)
  const setting = toSetting(values)
  try {
    const line = await cases[name](setting)
    rmSync(setting.folder, { recursive: true, force: true })
    if (line === undefined) return
    log(`\n${toTable(line)}\n`)
    if (values.json) console.log(JSON.stringify(line))
    if (values.write) writeResult(fileURLToPath(new URL("RESULTS.md", import.meta.url)), line, originOf())
  } catch (error) {
    log(`case ${name} failed: ${error instanceof Error ? error.message : error}\nwhat the run left is in ${setting.folder}`)
    process.exitCode = 1
  }
}

/** @returns {import("./cases/nested.mjs").Setting} */
function toSetting(values) {
  const skip = new Set(values.skip)
  if (values["no-dlt-defaults"] || values["no-dlt"]) skip.add("dlt-defaults")
  if (values["no-dlt"]) skip.add("dlt-tuned").add("dlt")
  const folder = join(cacheFolder, "bench")
  return {
    runs: toCount(values.runs),
    defaultsRuns: toCount(values["dlt-defaults-runs"]),
    count: toCount(values.count),
    skip,
    folder: join(folder, "runs", String(process.pid)),
    events: (count) => ensureEventFile(folder, count),
    accounts: (count) => ensureAccountFiles(folder, count),
    python: () => ensurePython(cacheFolder),
    log,
  }
}

function originOf() {
  const duckdb = createRequire(import.meta.url)("@duckdb/node-api/package.json").version
  const pins = readFileSync(new URL("requirements.txt", import.meta.url), "utf8")
    .trim()
    .replaceAll("==", " ")
    .split("\n")
    .join(", ")
  return {
    command: ["node", "bench/run.mjs", ...process.argv.slice(2)].join(" "),
    date: new Date().toISOString().slice(0, 10),
    versions: { Node: process.versions.node, "@duckdb/node-api": duckdb, Python: `with ${pins}` },
  }
}

function toCount(text) {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`not a count: ${text}`)
  return count
}

function log(line) {
  process.stderr.write(`${line}\n`)
}
