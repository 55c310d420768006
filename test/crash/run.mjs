// The crash tests: `pnpm crash`. `--help` says what there is.
import { parseArgs } from "node:util"
import { writeGuarantees } from "./guarantees.mjs"
import { killMainJob } from "./main-job.mjs"
import { runMatrix } from "./matrix.mjs"
import { networkFaults, runNetwork } from "./network.mjs"
import { sabotage } from "./sabotage.mjs"
import { allScenarios } from "./scenarios.mjs"

const help = `Kills a pipeline with SIGKILL at every named fault point, breaks its network, lets it run again, and counts what is wrong.

  pnpm crash                 the small matrix and 120 network faults
  pnpm crash --json          { scenarios, lost, duplicated, wrong, wedged, unmarked } on standard output, nothing else
  pnpm crash --only "scd2"   only scenarios whose name holds the text; may be given more than once, then all of them must be there
  pnpm crash --list          names of the scenarios
  pnpm crash --slice 9       every ninth scenario
  pnpm crash --network 200   so many network faults; 0: none
  pnpm crash --seed 7        other network faults; a fault's name holds the seed that repeats it
  pnpm crash --main-job 30   kills the main example so often at any moment as well
  pnpm crash --keep          leaves the folder of a scenario that failed
  pnpm crash --write         everything, with 24 kills of the main example; writes docs/guarantees.md
  pnpm crash --sabotage NAME with a deliberate bug of sabotage.mjs, which must be found

Fault point: where the second load dies. Same disk: the work folder is still there; fresh disk: it is not, as in a new container.
Exit code 0: nothing was wrong, and every scenario died where it should have.
`

const { values } = parseArgs({
  options: {
    help: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    slice: { type: "string", default: "1" },
    network: { type: "string", default: "120" },
    seed: { type: "string", default: "1" },
    "main-job": { type: "string" },
    write: { type: "boolean", default: false },
    sabotage: { type: "string" },
  },
})

const keys = ["scenarios", "lost", "duplicated", "wrong", "wedged", "unmarked"]
const isChosen = ({ name }) => values.only.every((text) => name.includes(text))
const log = (line) => process.stderr.write(`${line}\n`)

/** Every n-th, with an offset that moves on, so that a slice does not always meet the same fault point. */
const slice = (all, every) => all.filter((_, i) => (i + Math.floor(i / every)) % every === 0)

async function main() {
  if (values.help) return process.stdout.write(help)
  const scenarios = slice(allScenarios().filter(isChosen), Number(values.slice))
  const faults = networkFaults(Number(values.network), Number(values.seed)).filter(isChosen)
  if (values.sabotage !== undefined) sabotage(values.sabotage, process.env)
  if (values.write && (values.only.length > 0 || values.slice !== "1"))
    throw new Error("--write tells of everything: leave --only and --slice away")
  if (values.list) return process.stdout.write(`${[...scenarios, ...faults].map(({ name }) => name).join("\n")}\n`)
  const options = { keep: values.keep, log }
  const startedAt = performance.now()
  const mainJobKills = Number(values["main-job"] ?? (values.write ? 24 : 0))
  const [matrix, network, mainJob] = await Promise.all([
    scenarios.length > 0 ? runMatrix(scenarios, options) : undefined,
    faults.length > 0 ? runNetwork(faults, options) : undefined,
    mainJobKills > 0 ? killMainJob(mainJobKills, { seed: Number(values.seed), log }) : undefined,
  ])
  report([matrix, network, mainJob].filter(Boolean), (performance.now() - startedAt) / 1000)
  if (values.write) writeGuarantees({ scenarios, faults, results: { matrix, network, mainJob } })
}

function report(results, seconds) {
  const total = Object.fromEntries(keys.map((key) => [key, results.reduce((sum, result) => sum + result[key], 0)]))
  const kills = results.reduce((sum, result) => sum + result.kills, 0)
  const notReached = results.flatMap((result) => result.notReached)
  for (const name of notReached) log(`not reached: ${name}`)
  log(`${kills} faults struck in ${seconds.toFixed(0)} s, ${notReached.length} scenarios not reached`)
  process.stdout.write(values.json ? `${JSON.stringify(total)}\n` : `${keys.map((key) => `${key} ${total[key]}`).join("   ")}\n`)
  const { scenarios: _, ...wrong } = total
  process.exitCode = notReached.length + Object.values(wrong).reduce((sum, count) => sum + count, 0) === 0 && total.scenarios > 0 ? 0 : 1
}

await main()
