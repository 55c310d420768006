import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { cpus, release, totalmem } from "node:os"
import { toTable } from "./table.mjs"

const heading = `# Results

Written by \`node bench/run.mjs CASE --write\`; each case is replaced when it is run again. Ratios count, absolute times do not: they belong to one
machine in one hour. What is measured, and how, is in README.md.
`

/**
 * Puts the result of a case into the results file, in place of an older one.
 * @param {string} path of RESULTS.md
 * @param {ReturnType<import("./case-line.mjs").toCaseLine>} line
 * @param {{ command: string, date: string, versions: Record<string, string> }} origin
 */
export function writeResult(path, line, origin) {
  const sections = existsSync(path) ? readSections(readFileSync(path, "utf8")) : new Map()
  sections.set(line.case, toSection(line, origin))
  const ordered = [...sections.entries()].sort(([left], [right]) => left.localeCompare(right)).map(([, text]) => text)
  writeFileSync(path, `${heading}\n${ordered.join("\n\n")}\n`)
}

function readSections(text) {
  const parts = text.split(/^(?=## Case )/m).slice(1)
  return new Map(parts.map((part) => [part.slice("## Case ".length).split("\n", 1)[0], part.trimEnd()]))
}

function toSection(line, { command, date, versions }) {
  const cores = cpus()
  const machine = `${cores.length} x ${cores[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const fewer = line.peers.filter(({ runs }) => runs < line.runs).map(({ name, runs }) => `${name} ran ${runs} of ${line.runs} times`)
  return [
    `## Case ${line.case}\n`,
    `\`${command}\`, ${date}. ${machine}. ${software.join(", ")}.${fewer.length > 0 ? ` ${fewer.join(", ")}.` : ""}\n`,
    toTable(line),
  ].join("\n")
}
