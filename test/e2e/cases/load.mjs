// Loads one file, or what comes in on standard input, into a DuckDB file and prints the receipt as JSON: node load.mjs <folder> <input> [hints as JSON]
import { createInterface } from "node:readline"
import { duckdb } from "@lading/destination-duckdb"
import { files } from "@lading/source-files"
import { isLadingError, pipeline, resource } from "lading"

const [, , folder, input, hintsText = "{}"] = process.argv
const { dataset = "data", ...hints } = JSON.parse(hintsText)
const rejects = { maxShare: 1 }
const target = pipeline({ name: "case", destination: duckdb(`${folder}/target.duckdb`), dataset, workDir: `${folder}/work`, rejects })

async function* lines() {
  for await (const line of createInterface({ input: process.stdin })) yield JSON.parse(line)
}

const exitCodes = { fenced: 3, "database-locked": 3 }
let peak = 0
const sample = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss())
}, 100)
const samples = []
const trend = setInterval(() => samples.push(process.memoryUsage.rss()), 500)
try {
  const data = input === "-" ? resource(hints.table ?? "t", hints, lines) : files({ path: input, name: "t", table: "t", ...hints })
  const { tables, cursors, rejects } = await target.run(data)
  const maxRss = process.resourceUsage().maxRSS * 1024
  console.log(
    JSON.stringify({ tables, cursors, rejects, peak: Math.max(peak, maxRss), samples }, (_, value) =>
      typeof value === "bigint" ? `${value}` : value,
    ),
  )
} catch (error) {
  if (!isLadingError(error)) throw error
  console.log(JSON.stringify({ code: error.code, message: error.message }))
  process.exitCode = exitCodes[error.code] ?? 1
} finally {
  clearInterval(sample)
  clearInterval(trend)
}
