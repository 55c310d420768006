// `npm start`: sets everything up on a fresh machine, then runs the main job on the embedded default, DuckDB.
import { build, install, requireNode } from "./lib/steps.mjs"
import { tool } from "./pnpm.mjs"

const mainJob = "examples/public-data/main.mjs"

requireNode()
for (const step of [install, build]) {
  const code = await step()
  if (code !== 0) process.exit(code)
}
process.exitCode = await tool(process.execPath, [mainJob, ...process.argv.slice(2)], { env: { CI: process.env.CI ?? "" } })
