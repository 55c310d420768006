// Writes docs/guarantees.md: what is promised, and what the crash tests found.
import { readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import os from "node:os"
import { version as duckdbVersion } from "@duckdb/node-api"
import { duckdb } from "@lading/destination-duckdb"
import { postgres } from "@lading/destination-postgres"
import { faultPoints } from "@lading/engine"
import { saboteurs } from "./sabotage.mjs"
import { dispositions } from "./source.mjs"

const here = (path) => new URL(path, import.meta.url)
const file = here("../../docs/guarantees.md")
const command = "node scripts/pnpm.mjs crash --write"
const titles = { duckdb: "DuckDB", postgres: "PostgreSQL" }
const names = { merge: "merge, delete-insert", upsert: "merge, upsert", scd2: "merge, scd2" }
const faultKinds = ["lost", "duplicated", "wrong", "wedged", "unmarked"]

/** What a destination declares, as its `capabilities.guarantee`. */
const classes = [
  [
    "A",
    "atomic",
    "exactly-once append, replace and merge: a package is visible wholly or not at all, together with the state to continue from",
  ],
  ["B", "idempotent publish", "the visible result is exactly once; staging may hold orphans"],
  ["C", "keyed", "effectively once, for rows with a key"],
  ["D", "at least once", "a row may arrive twice; said before the run starts"],
]

/** Where a load dies, in the words of somebody who watches it. */
const moments = {
  "package.after-part": "a part of the rows is on the disk, the rest is still to be read",
  "package.before-manifest": "all rows are on the disk, and the package has no seal yet: it does not exist",
  "package.after-manifest": "the package is sealed, and nothing of it is committed",
  "publish.before-begin": "the destination is about to be asked for a transaction",
  "publish.after-stage": "all rows are staged",
  "publish.before-commit": "everything is written, nothing is committed",
  "publish.after-commit": "everything is committed, and nobody here knows it yet",
  "publish.after-archive": "the package is cleared away, and the run has not ended",
  "recover.after-discard": "a run is clearing up after an earlier one",
}

const columns = [
  ["same disk", ({ disk, kills, commitEvery }) => disk === "same" && kills.length === 1 && commitEvery === undefined],
  ["fresh disk", ({ disk, commitEvery }) => disk === "fresh" && commitEvery === undefined],
  ["disk returns", ({ disk }) => disk === "returning"],
  ["killed while healing", ({ kills }) => kills.length > 1],
  ["second package", ({ commitEvery }) => commitEvery !== undefined],
]

const table = (head, rows) => [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

/** Tables of what is run, whatever comes of it: `{ scenarios, points, faults }`. */
export function describeRuns(scenarios, faults) {
  const rows = Object.keys(titles).flatMap((destination) =>
    dispositions.map((disposition) => {
      const own = scenarios.filter((scenario) => scenario.destination === destination && scenario.disposition === disposition)
      return [titles[destination], names[disposition] ?? disposition, ...columns.map(([, isIn]) => own.filter(isIn).length || "-")]
    }),
  )
  const kinds = new Set(faults.map(({ words }) => words))
  return {
    scenarios: table(["destination", "write disposition", ...columns.map(([title]) => title)], rows),
    points: table(
      ["the process dies at", "then"],
      faultPoints.map((point) => [`\`${point}\``, momentOf(point)]),
    ),
    faults: table(
      ["the network to PostgreSQL", "faults"],
      [...kinds].map((words) => [words, faults.filter((fault) => fault.words === words).length]),
    ),
  }
}

function momentOf(point) {
  if (moments[point] === undefined) throw new Error(`guarantees.mjs has no words for the fault point ${point}`)
  return moments[point]
}

/** Writes the page after a whole run; `results` are those of the matrix, the network and the main job. */
export function writeGuarantees({ scenarios, faults, results }) {
  const values = {
    ...describeRuns(scenarios, faults),
    command,
    classes: describeClasses(),
    mainJobKills: results.mainJob.kills,
    results: describeResults(results),
    versions: describeVersions(results.matrix),
    damages: textOf("check.test.ts").match(/^ {4}\[(\n\s*)?"(lost|duplicated|wrong|unmarked)",/gm).length,
    saboteurs: Object.keys(saboteurs)
      .map((name) => `- one that ${name}`)
      .join("\n"),
    conformanceSaboteurs: textOf("../../destinations/duckdb/test/saboteurs.ts").match(/^ {2}"[^"]+": \[/gm).length,
  }
  writeFileSync(file, fill(textOf("guarantees.template.md"), values))
}

const textOf = (path) => readFileSync(here(path), "utf8")

function fill(template, values) {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => {
    if (values[name] === undefined) throw new Error(`guarantees.template.md wants ${name}`)
    return String(values[name])
  })
}

/** The classes, with the destinations that declare them. */
function describeClasses() {
  const declared = [duckdb("any.duckdb"), postgres("postgres://loader@localhost/any")]
  const namesOf = (letter) => declared.filter(({ capabilities }) => capabilities.guarantee === letter).map(({ name }) => titles[name])
  return table(
    ["class", "what may be said", "destinations"],
    classes.map(([letter, title, words]) => [`${letter}, ${title}`, words, namesOf(letter).join(", ") || "none yet"]),
  )
}

function describeResults({ matrix, network, mainJob }) {
  const row = (title, { scenarios, kills, notReached, ...counts }) => [
    title,
    scenarios,
    kills,
    ...faultKinds.map((kind) => counts[kind]),
    notReached.length,
  ]
  return table(
    ["", "scenarios", "faults that struck", ...faultKinds, "not reached"],
    [row("kills at fault points", matrix), row("network faults", network), row("kills of the main example", mainJob)],
  )
}

function describeVersions({ postgresVersion }) {
  const { version } = createRequire(import.meta.url)("lading/package.json")
  const [cpu] = os.cpus()
  const machine = `${os.cpus().length} x ${cpu.model.trim().replace(/\s+/g, " ")}, ${os.type()} ${os.release()}`
  const date = new Date().toISOString().slice(0, 10)
  return `${date}, lading ${version}, Node ${process.versions.node}, DuckDB ${duckdbVersion().replace(/^v/, "")}, PostgreSQL ${postgresVersion}; ${machine}.`
}
