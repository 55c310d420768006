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

const cut = (direction, from, words) => ({
  words,
  make: ({ share, of }) => ({ kind: "cut", direction, at: Math.floor((from + share * (1 - from)) * of[direction]) }),
})

/** Kinds of faults, in words and as a function; `share` says how far into the traffic `of` a load, 0 to 1. */
const kinds = [
  cut("up", 0, "the connection is cut at any byte on the way to the server"),
  cut("up", 0.5, "the same in the second half of a load, where the commit is"),
  cut("down", 0, "the connection is cut at any byte on the way back"),
  cut("down", 0.5, "the same in the second half of a load"),
  {
    words: "the client is cut off and the server never learns of it, as when a network dies",
    make: ({ share, of }) => ({ kind: "strand", direction: "up", at: Math.floor(share * of.up) }),
  },
  {
    words: "nothing passes for a while, then the link breaks",
    make: ({ share, of }) => {
      const direction = share < 0.5 ? "up" : "down"
      return { kind: "stall", direction, at: Math.floor(share * of[direction]) }
    },
  },
  { words: "the connection is cut in the middle of a COPY", make: ({ share }) => ({ kind: "copy", at: Math.floor(share * 2_000) }) },
  { words: "COMMIT arrives and its answer is lost", make: ({ of }) => ({ kind: "commit", loses: "answer", time: of.commits }) },
  { words: "COMMIT is lost on its way", make: ({ of }) => ({ kind: "commit", loses: "request", time: of.commits }) },
  { words: "a connection is refused", make: ({ share }) => ({ kind: "refuse", time: 1 + Math.floor(share * 2) }) },
]

/** `count` faults, spread over kinds and dispositions, each with the seed that repeats it; fifty meet each kind with each disposition. */
export function networkFaults(count, seed) {
  return Array.from({ length: count }, (_, i) => {
    const { words, make } = kinds[i % kinds.length]
    const disposition = dispositions[(i + Math.floor(i / kinds.length)) % dispositions.length]
    return { name: `network · ${disposition} · seed ${seed + i}`, disposition, words, make, seed: seed + i }
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
  if (visible === 1 && struck.status === "committed") report("lost", "the run said that it was committed, and nothing of it is visible")
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
