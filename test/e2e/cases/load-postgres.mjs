// Loads one file into PostgreSQL: node load-postgres.mjs <folder> <input> <dataset> <connection string>. Prints what happened as JSON, with the
// highest resident memory and how it went, in bytes.
import { postgres } from "@lading/destination-postgres"
import { files } from "@lading/source-files"
import { isLadingError, pipeline } from "lading"

const [, , folder, input, dataset, url] = process.argv
const samples = []
const trend = setInterval(() => samples.push(process.memoryUsage.rss()), 500)
try {
  const target = pipeline({ name: "case", destination: postgres(url), dataset, workDir: `${folder}/work` })
  const { tables } = await target.run(files({ path: input, name: "t", table: "t" }))
  console.log(JSON.stringify({ tables, peak: process.resourceUsage().maxRSS * 1024, samples }))
} catch (error) {
  if (!isLadingError(error)) throw error
  console.log(JSON.stringify({ code: error.code, message: error.message }))
  process.exitCode = error.code === "fenced" ? 3 : 1
} finally {
  clearInterval(trend)
}
