import { spawn } from "node:child_process"
import { mkdir, readFile, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { cases } from "./cases/index.mjs"
import { dltResults } from "./dlt.mjs"
import { judgeCase } from "./judge.mjs"
import { places } from "./places.mjs"
import { prepareCases } from "./prepare.mjs"
import { startRestServer } from "./rest-server.mjs"

const here = dirname(fileURLToPath(import.meta.url))
const cache = join(here, "..", "..", ".cache", "compat")

const usage = `usage: pnpm compat [--json] [--destination NAME] [--case TEXT] [--fresh] [--keep]
  --destination NAME  duckdb or postgres; both when not given
  --case TEXT         only cases whose name holds TEXT
  --fresh             run dlt again even if its outcomes are in the cache
  --keep              keep Lading's DuckDB files and say where
  --json              print one line {"cases", "equal", "deliberate", "different", "order", "later", "duckdb", "postgres"} to stdout: the sums, and
                      the counts of each destination`

/**
 * Runs dlt (or takes its cached outcomes) and Lading on every case and compares, on each destination. Cases that wait for later work are counted
 * under `later` only. Exit code 1 when a case is different.
 */
async function main() {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean" },
      destination: { type: "string" },
      case: { type: "string" },
      fresh: { type: "boolean" },
      keep: { type: "boolean" },
      help: { type: "boolean" },
    },
  })
  if (values.help) return void process.stdout.write(`${usage}\n`)
  const names = Object.keys(places).filter((name) => name === (values.destination ?? name))
  if (names.length === 0) throw new Error(`no destination "${values.destination}": ${Object.keys(places).join(", ")}`)
  const log = (text) => process.stderr.write(text)
  const chosen = cases.filter(({ name }) => name.includes(values.case ?? ""))
  if (chosen.length === 0) throw new Error(`no case has a name with "${values.case}" in it`)
  const api = await startRestServer()
  process.env.LADING_COMPAT_REST = api.url
  // Side by side: either process that loads leaves a core idle.
  const compared = await Promise.allSettled(names.map((name) => compareAt(name, chosen, values, log)))
  await api.close()
  const lines = compared.map((one) => {
    if (one.status === "rejected") throw one.reason
    return one.value
  })
  const line = { ...sumOf(lines), ...Object.fromEntries(names.map((name, index) => [name, lines[index]])) }
  process.stdout.write(values.json ? `${JSON.stringify(line)}\n` : `${summary(line)}\n`)
  process.exitCode = line.different > 0 ? 1 : 0
}

async function compareAt(name, chosen, values, log) {
  const place = await places[name]()
  try {
    return await runAndCompare(
      place,
      chosen.flatMap((entry) => place.caseFor(entry) ?? []),
      values,
      log,
    )
  } finally {
    await place.remove()
  }
}

async function runAndCompare(place, chosen, values, log) {
  const dlt = await dltResults(chosen, join(cache, "dlt", place.name), place, { fresh: values.fresh, log })
  const later = chosen.filter((entry) => entry.later)
  const counted = chosen.filter((entry) => !entry.later)
  const ladingFolder = join(cache, `lading.${place.name}.${process.pid}`)
  try {
    await mkdir(ladingFolder, { recursive: true })
    await runLading(await prepareCases(counted, ladingFolder), ladingFolder, place.address)
    const totals = await judgeAll(place, counted, dlt, ladingFolder, log)
    for (const { name, later: reason } of later) log(`later (${reason}): ${name}\n`)
    return { cases: counted.length, ...totals, later: later.length }
  } finally {
    if (!values.keep) await rm(ladingFolder, { recursive: true, force: true })
    else log(`Lading's files are in ${ladingFolder}\n`)
  }
}

function sumOf(lines) {
  const sum = { cases: 0, equal: 0, deliberate: 0, different: 0, order: 0, later: 0 }
  for (const line of lines) for (const key of Object.keys(sum)) sum[key] += line[key]
  return sum
}

async function judgeAll(place, counted, dlt, ladingFolder, log) {
  const outcomes = JSON.parse(await readFile(join(ladingFolder, "outcomes.json"), "utf8"))
  const totals = { equal: 0, deliberate: 0, different: 0, order: 0 }
  for (const entry of counted) {
    const lading = { open: () => place.openLading(entry.id, ladingFolder), outcomes: outcomes[entry.id] }
    const { verdict, differences, order } = await judgeCase(entry, dlt.get(entry.id), lading)
    totals[verdict]++
    if (order.length > 0) totals.order++
    if (verdict === "different" || order.length > 0)
      log(`${verdict} on ${place.name}: ${entry.name}\n${[...differences, ...order].map(describe).join("")}`)
  }
  return totals
}

const describe = ({ aspect, table, message }) => `  ${[aspect, table].filter(Boolean).join(" ")}: ${message}\n`

function summary({ duckdb, postgres, ...sum }) {
  const { cases: count, equal, deliberate, different, later, order } = sum
  const each = Object.entries({ duckdb, postgres }).flatMap(([name, line]) => (line ? `${line.cases} on ${name}` : []))
  return `${count} cases (${each.join(", ")}): ${equal} equal, ${deliberate} different on purpose, ${different} different; column order differs in ${order}; ${later} wait for later work (left is dlt, right is Lading)`
}

/** Lading runs in a process of its own: its DuckDB files must be closed before they are compared. */
function runLading(prepared, folder, address) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(here, "ours.mjs"), prepared, folder, ...(address ? [address] : [])], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, TZ: "UTC" },
    })
    let tail = ""
    child.stderr.setEncoding("utf8").on("data", (text) => {
      tail = (tail + text).slice(-4000)
    })
    child.on("error", reject)
    child.on("close", (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`running Lading ended with ${code ?? signal}:\n${tail}`)),
    )
  })
}

await main()
