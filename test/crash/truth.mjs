// The arithmetic truth: what must be in the destination after the source has lived through some steps.
import { isIncremental, journalOf, steps, thingsOf } from "./source.mjs"

/**
 * Tables as lists of `{ key, content, from, to }`: `content` is the row with its nested rows as canonical text, `from` and `to` are the
 * steps that opened and closed a version where versions are kept. `rejects` counts the refused rows, `state` is what the pipeline must remember.
 */
export function truthAfter(disposition, lastStep = steps.length) {
  const lived = steps.filter((step) => step <= lastStep)
  const journal = lived.flatMap(journalOf)
  const good = journal.filter(({ bad }) => !bad)
  const things = lived.flatMap((step) => thingsOf(disposition, step))
  return {
    disposition,
    lastStep,
    tables: { journal: good.map((row) => ({ key: String(row.seq), content: contentOf(row) })), things: fold(disposition, lived) },
    rejects: journal.length - good.length,
    state: {
      cursors: { journal: Math.max(...good.map(({ seq }) => seq)), ...(isIncremental(disposition) ? { things: things.at(-1).rev } : {}) },
      seen: journal.length,
    },
    journalStep: new Map(lived.flatMap((step) => journalOf(step).map(({ seq }) => [String(seq), step]))),
  }
}

function fold(disposition, lived) {
  if (disposition === "scd2") return versions(lived)
  if (disposition === "append") return lived.flatMap((step) => thingsOf(disposition, step)).map(toEntry)
  if (disposition === "replace") return thingsOf(disposition, lived.at(-1)).map(toEntry)
  const kept = new Map()
  for (const row of lived.flatMap((step) => thingsOf(disposition, step))) {
    if (row.gone) kept.delete(row.id)
    else kept.set(row.id, row)
  }
  return [...kept.values()].map(toEntry)
}

/** Every content of a key is valid from the snapshot that brought it to the one that no longer held it. */
function versions(lived) {
  const all = []
  let open = new Map()
  for (const step of lived) {
    const now = new Map(thingsOf("scd2", step).map((row) => [String(row.id), contentOf(row)]))
    for (const version of open.values()) if (now.get(version.key) !== version.content) version.to = step
    open = new Map([...now].map(([key, content]) => [key, continued(open.get(key), { key, content, from: step, to: null })]))
    for (const version of open.values()) if (version.from === step) all.push(version)
  }
  return all
}

const continued = (before, version) => (before?.content === version.content ? before : version)

const toEntry = (row) => ({ key: String(row.id), content: contentOf(row) })

/** Canonical text of a document: keys in order, scalars as the databases print them, empty lists left out. */
export function contentOf(row) {
  return JSON.stringify(canonical(row))
}

function canonical(value) {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== "object") return scalar(value)
  const entries = Object.entries(value).filter(([, entry]) => !(Array.isArray(entry) && entry.length === 0))
  return Object.fromEntries(entries.map(([key, entry]) => [key, canonical(entry)]).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function scalar(value) {
  const isTime = typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)
  return isTime ? `${value.slice(0, 10)} ${value.slice(11, 19)}+00` : String(value)
}
