// Runs scenarios of the crash matrix and counts what is wrong after them.
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { check } from "./check.mjs"
import { runAndKill } from "./kill.mjs"
import { duckdbPlaces, postgresPlaces } from "./places.mjs"
import { createRunner } from "./runner.mjs"
import { isIncremental } from "./source.mjs"
import { truthAfter } from "./truth.mjs"
import { visibleStep } from "./visible.mjs"

const job = fileURLToPath(new URL("job.mjs", import.meta.url))
/** A run takes about a second; one that takes so long hangs. */
const hangsAfterMs = 90_000
const faultKinds = ["lost", "duplicated", "wrong", "unmarked"]

/**
 * Runs the scenarios, two at a time. Resolves to `{ scenarios, kills, lost, duplicated, wrong, wedged, unmarked, notReached, postgresVersion }`; `notReached` are
 * the names of the scenarios that could not be proven, because a run did not die where it should have.
 * @param options.keep leave the folder of a scenario that failed, and say where it is
 * @param options.log takes lines for people
 */
export async function runMatrix(scenarios, { keep = false, log = () => undefined, environment = process.env } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "lading-crash-"))
  const total = { scenarios: 0, kills: 0, lost: 0, duplicated: 0, wrong: 0, wedged: 0, unmarked: 0, notReached: [] }
  const kinds = new Set(scenarios.map(({ destination }) => destination))
  const places = {}
  if (kinds.has("duckdb")) places.duckdb = duckdbPlaces(folder)
  if (kinds.has("postgres")) places.postgres = await postgresPlaces(environment)
  total.postgresVersion = places.postgres?.version
  const world = { folder, places, templates: new Map(), progress: { done: 0 }, total, log, keep }
  const queue = scenarios.map((scenario, index) => ({ ...scenario, id: `s${index + 1}` }))
  try {
    await Promise.all([work(world, queue), work(world, queue)])
  } finally {
    for (const place of Object.values(places)) await place.close()
    const isClean = total.wedged + faultKinds.reduce((sum, kind) => sum + total[kind], 0) === 0
    if (keep && !isClean) log(`kept: ${folder}`)
    else await rm(folder, { recursive: true, force: true })
  }
  return total
}

async function work(shared, queue) {
  const runner = createRunner(hangsAfterMs)
  const world = { ...shared, runner }
  try {
    await workOn(world, queue)
  } finally {
    runner.stop()
  }
}

async function workOn(world, queue) {
  for (let scenario = queue.shift(); scenario !== undefined; scenario = queue.shift()) {
    const findings = await runScenario(world, scenario)
    const { total, log, progress } = world
    for (const finding of findings) log(`${scenario.name}: ${finding}`)
    progress.done++
    if (progress.done % 20 === 0 || queue.length === 0) log(`${progress.done} scenarios, ${total.kills} kills, ${queue.length} to go`)
  }
}

/** One scenario; adds to the totals and returns what it found, as text. */
async function runScenario(world, scenario) {
  const { folder, places, total, keep } = world
  const { disposition, destination, id, disk, kills, commitEvery } = scenario
  const place = await places[destination].copy(await template(world, scenario), id)
  const spec = { ...place.spec, disposition, commitEvery, workDir: join(folder, id, "work") }
  for (const kill of kills) {
    const { wasKilled, output, durationMs } = await runAndKill(process.execPath, [job, JSON.stringify({ ...spec, steps: [2] })], {
      cwd: folder,
      env: { LADING_FAULT: kill },
      killAfterMs: hangsAfterMs,
    })
    if (!wasKilled || durationMs >= hangsAfterMs) {
      total.notReached.push(scenario.name)
      return [`not reached: ${output}`]
    }
    total.kills++
  }
  total.scenarios++
  const findings = []
  const isSplit = commitEvery !== undefined
  const visible = isSplit ? undefined : await visibleStep(place, disposition)
  if (visible === "torn") {
    total.wrong++
    findings.push("wrong: after the kill a part of the load is visible")
  }
  const healed = await heal(world.runner, spec, disk, join(folder, id, "fresh"))
  if (healed.at(-1).status === undefined) {
    total.wedged++
    return [...findings, `wedged: ${JSON.stringify(healed)}`]
  }
  const wasThere = visible === 2 || healed[0].recovered.some(({ outcome }) => outcome === "committed")
  const result = check(await place.read(), truthAfter(disposition), {
    isSplit,
    extraLoads: wasThere && !isIncremental(disposition) ? 1 : 0,
  })
  for (const kind of faultKinds) total[kind] += result[kind]
  if (result.findings.length === 0 || !keep) {
    await place.remove()
    await rm(join(folder, id), { recursive: true, force: true })
  }
  return [...findings, ...result.findings]
}

/** The run that heals, and the load after it; a disk that returns held the package of a run that another one has made up for. */
async function heal(runner, spec, disk, fresh) {
  if (disk === "same") return runner.run({ ...spec, steps: [2, 3] })
  if (disk === "fresh") return runner.run({ ...spec, workDir: fresh, steps: [2, 3] })
  const healed = await runner.run({ ...spec, workDir: fresh, steps: [2] })
  return healed.at(-1).status === undefined ? healed : [...healed, ...(await runner.run({ ...spec, steps: [3] }))]
}

/** The place after the first load, made once for each kind of pipeline. */
function template({ folder, places, templates, runner }, { destination, disposition, commitEvery }) {
  const key = `t_${destination}_${disposition}${commitEvery === undefined ? "" : "_split"}`
  if (!templates.has(key)) templates.set(key, makeTemplate(places[destination], key, { disposition, commitEvery, folder, runner }))
  return templates.get(key)
}

async function makeTemplate(places, name, { folder, runner, ...spec }) {
  const place = await places.create(name)
  const [{ status, message }] = await runner.run({ ...place.spec, ...spec, workDir: join(folder, `${name}-work`), steps: [1] })
  if (status === undefined) throw new Error(`the undisturbed first load of ${name} failed: ${message}`)
  const { findings } = check(await place.read(), truthAfter(spec.disposition, 1), { isSplit: spec.commitEvery !== undefined })
  if (findings.length > 0) throw new Error(`the undisturbed first load of ${name} is wrong: ${findings.join("; ")}`)
  return place
}
