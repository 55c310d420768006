import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeFileSync, writeSync } from "node:fs"
import { join } from "node:path"
import { eventBatches, eventsVersion } from "./events.mjs"
import { addToFacts, emptyFacts } from "./facts.mjs"

/**
 * Writes the events as NDJSON once, and what a load of them must hold beside it; later calls find both and only check the size.
 * @param {string} folder where `events-<count>.ndjson` and `events-<count>.json` go; created if missing
 * @param {number} count number of events
 * @returns {{ path: string, bytes: number, facts: import("./facts.mjs").Facts }}
 */
export function ensureEventFile(folder, count) {
  const path = join(folder, `events-${count}.ndjson`)
  const manifestPath = join(folder, `events-${count}.json`)
  const known = existsSync(manifestPath) ? JSON.parse(readFileSync(manifestPath, "utf8")) : undefined
  if (known?.version === eventsVersion && existsSync(path) && statSync(path).size === known.bytes) {
    return { path, bytes: known.bytes, facts: known.facts }
  }
  mkdirSync(folder, { recursive: true })
  const { bytes, facts } = writeEvents(`${path}.partial`, count)
  renameSync(`${path}.partial`, path)
  writeFileSync(manifestPath, JSON.stringify({ version: eventsVersion, bytes, facts }))
  return { path, bytes, facts }
}

function writeEvents(path, count) {
  const facts = emptyFacts()
  let bytes = 0
  const file = openSync(path, "w")
  for (const batch of eventBatches(count)) {
    addToFacts(facts, batch)
    const text = Buffer.from(`${batch.map((event) => JSON.stringify(event)).join("\n")}\n`)
    for (let written = 0; written < text.length; ) written += writeSync(file, text, written)
    bytes += text.length
  }
  closeSync(file)
  return { bytes, facts }
}
