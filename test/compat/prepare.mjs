import { mkdir, readFile, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

/** The package exports its build only; the data lie beside it. */
const packages = dirname(dirname(dirname(createRequire(import.meta.url).resolve("vega-datasets"))))

/**
 * Makes the input that both sides read: every `file` and every `lines` becomes a file of JSON lines in `folder` (the number
 * texts of the source are kept), rows stay as they are. Writes `folder/prepared.json` and returns its path.
 */
export async function prepareCases(cases, folder) {
  await mkdir(folder, { recursive: true })
  const prepared = await Promise.all(
    cases.map(async (entry) => ({
      ...entry,
      loads: await Promise.all(entry.loads.map((load, index) => prepare(load, join(folder, `${entry.id}.${index}.ndjson`)))),
    })),
  )
  const path = join(folder, "prepared.json")
  await writeFile(path, JSON.stringify(prepared))
  return path
}

async function prepare(load, path) {
  if (load.rows || load.rest) return load
  const lines = load.lines ?? (await linesOf(load))
  await writeFile(path, lines.map((line) => `${line}\n`).join(""))
  const { lines: _lines, file: _file, ...rest } = load
  return { ...rest, ndjson: path }
}

async function linesOf({ file, list, limit }) {
  const text = await readFile(join(packages, file), "utf8")
  const lines = file.endsWith(".csv") ? csvRows(text) : arrayElements(text, list)
  return lines.slice(0, limit)
}

/** Plain CSV, without quotes: every value is text. */
function csvRows(text) {
  const [header = "", ...rows] = text.trim().split(/\r?\n/)
  const names = header.split(",")
  return rows.map((row) => JSON.stringify(Object.fromEntries(row.split(",").map((value, index) => [names[index], value]))))
}

/** Texts of the elements of the top-level array, or of the array under the key `list`, each on one line. */
function arrayElements(text, list) {
  const elements = []
  let start = text.indexOf("[", list ? text.indexOf(`"${list}":`) : 0) + 1
  let depth = 0
  for (const token of tokensFrom(text, start)) {
    if (token.text === "{" || token.text === "[") depth++
    const closes = token.text === "]" && depth === 0
    if (closes || (token.text === "," && depth === 0)) {
      elements.push(
        text
          .slice(start, token.index)
          .replaceAll(/[\r\n]/g, " ")
          .trim(),
      )
      start = token.index + 1
    }
    if (closes) break
    if (token.text === "}" || token.text === "]") depth--
  }
  return elements
}

function* tokensFrom(text, start) {
  const pattern = /"(?:[^"\\]|\\.)*"|[[\]{},]/g
  pattern.lastIndex = start
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) yield { text: match[0], index: match.index }
}
