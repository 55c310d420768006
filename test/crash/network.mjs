// Breaks the network between the pipeline and PostgreSQL at chosen bytes, lets the pipeline run again, and checks what is there.
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { check } from "./check.mjs"
import { postgresPlaces } from "./places.mjs"
import { startFaultProxy } from "./proxy.mjs"
import { createRandom } from "./random.mjs"
import { createRunner } from "./runner.mjs"
import { dispositions, isIncremental } from "./source.mjs"
import { truthAfter } from "./truth.mjs"
import { visibleStep } from "./visible.mjs"

const hangsAfterMs = 120_000
const faultKinds = ["lost", "duplicated", "wrong", "unmarked"]

/** The faults of one disposition; `share` says how far into the traffic of a load, 0 to 1. */
const kinds = [
  ({ share, of }) => ({ kind: "cut", direction: "up", at: Math.floor(share * of.up) }),
  ({ share, of }) => ({ kind: "cut", direction: "up", at: Math.floor((0.5 + share / 2) * of.up) }),
  ({ share, of }) => ({ kind: "cut", direction: "down", at: Math.floor(share * of.down) }),
  ({ share, of }) => ({ kind: "cut", direction: "down", at: Math.floor((0.5 + share / 2) * of.down) }),
  ({ share, of }) => ({ kind: "strand", direction: "up", at: Math.floor(share * of.up) }),
  ({ share, of }) => ({ kind: "stall", direction: share < 0.5 ? "up" : "down", at: Math.floor(share * (share < 0.5 ? of.up : of.down)) }),
  ({ share }) => ({ kind: "copy", at: Math.floor(share * 2_000) }),
  ({ of }) => ({ kind: "commit", loses: "answer", time: of.commits }),
  ({ of }) => ({ kind: "commit", loses: "request", time: of.commits }),
  ({ share }) => ({ kind: "refuse", time: 1 + Math.floor(share * 2) }),
]

/** `count` faults, spread over the dispositions, each with the seed that repeats it. */
export function networkFaults(count, seed) {
  return Array.from({ length: count }, (_, i) => {
    const disposition = dispositions[i % dispositions.length]
    const make = kinds[Math.floor(i / dispositions.length) % kinds.length]
    return { name: `network · ${disposition} · seed ${seed + i}`, disposition, make, seed: seed + i }
  })
}

/** Runs the faults one after another; the result is that of `runMatrix`, `kills` counting the faults that struck. */
export async function runNetwork(faults, { keep = false, log = () => undefined, environment = process.env } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "lading-network-"))
  const places = await postgresPlaces(environment)
  const proxy = await startFaultProxy(places.server)
  const world = { folder, places, proxy, runner: createRunner(hangsAfterMs), templates: new Map() }
  const total = { scenarios: 0, kills: 0, lost: 0, duplicated: 0, wrong: 0, wedged: 0, unmarked: 0, notReached: [] }
  try {
    for (const [index, fault] of faults.entries()) {
      for (const finding of await runFault(world, { ...fault, id: `n${index + 1}` }, total)) log(`${fault.name}: ${finding}`)
      if ((index + 1) % 20 === 0 || index + 1 === faults.length) log(`${index + 1} of ${faults.length} network faults`)
    }
  } finally {
    world.runner.stop()
    await proxy.close()
    await places.close()
    if (keep) log(`kept: ${folder}`)
    else await rm(folder, { recursive: true, force: true })
  }
  return total
}

async function runFault({ folder, places, proxy, runner, templates }, { id, disposition, make, seed }, total) {
  if (!templates.has(disposition)) templates.set(disposition, await makeTemplate({ folder, places, proxy, runner }, disposition))
  const { from, of } = templates.get(disposition)
  const place = await places.copy(from, id)
  const spec = { postgres: { ...place.spec.postgres, port: proxy.port }, disposition, workDir: join(folder, id) }
  const fault = make({ share: createRandom(seed)() * 0.95, of })
  proxy.arm(fault)
  const [struck] = await runner.run({ ...spec, steps: [2] })
  if (!proxy.fired) {
    total.notReached.push(`${id} ${JSON.stringify(fault)}`)
    return [`not reached: ${JSON.stringify(fault)}`]
  }
  proxy.arm(undefined)
  total.kills++
  total.scenarios++
  const findings = []
  const report = (kind, text) => {
    total[kind]++
    findings.push(`${kind} after ${JSON.stringify(fault)}: ${text}`)
  }
  if (struck.status === undefined && (!struck.retryable || typeof struck.code !== "string"))
    report(
      struck.code === "hangs" ? "wedged" : "wrong",
      `the run did not end with an error that says to try again: ${JSON.stringify(struck)}`,
    )
  const visible = await visibleStep(place, disposition)
  if (visible === "torn") report("wrong", "a part of the load is visible")
  const [second] = await runner.run({ ...spec, steps: [2] })
  proxy.release()
  const [third] = second.status === undefined ? [second] : await runner.run({ ...spec, steps: [3] })
  if (third.status === undefined) {
    report("wedged", JSON.stringify(third))
    return findings
  }
  const wasThere = visible === 2 || second.recovered.some(({ outcome }) => outcome === "committed")
  const result = check(await place.read(), truthAfter(disposition), { extraLoads: wasThere && !isIncremental(disposition) ? 1 : 0 })
  for (const kind of faultKinds) total[kind] += result[kind]
  await place.remove()
  return [...findings, ...result.findings.map((finding) => `${finding} after ${JSON.stringify(fault)}`)]
}

/** A database after the first load, and how many bytes and COMMITs the second load takes. */
async function makeTemplate({ folder, places, proxy, runner }, disposition) {
  const from = await places.create(`net_${disposition}`)
  const load = async (place, step) => {
    const spec = { postgres: { ...place.spec.postgres, port: proxy.port }, disposition, workDir: join(folder, place.name), steps: [step] }
    proxy.arm(undefined)
    const [{ status, message }] = await runner.run(spec)
    if (status === undefined) throw new Error(`the undisturbed load of step ${step}, ${disposition}, failed: ${message}`)
    return { ...proxy.bytes, commits: proxy.commits }
  }
  await load(from, 1)
  const trial = await places.copy(from, `trial_${disposition}`)
  return { from, of: await load(trial, 2) }
}
