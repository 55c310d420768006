// `npm test`: sets everything up and runs every check, cheapest first. The last line is `N passed, N failed, N skipped`.
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { build, install, requireNode } from "./lib/steps.mjs"
import { readJson } from "./lib/workspace.mjs"
import { tool } from "./pnpm.mjs"

const summaryFolder = mkdtempSync(join(tmpdir(), "lading-test-"))

/** Counts over everything that ran; a check that is not a test (types, build, ...) counts as one failure when it fails. */
const total = { passed: 0, failed: 0, skipped: 0 }
const failedChecks = []
const failedTests = []
const skippedTests = []

async function check(title, action) {
  console.log(`\n> ${title}`)
  const startedAt = Date.now()
  const code = await action()
  console.log(`  ${code === 0 ? "ok" : "failed"} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
  if (code !== 0) failedChecks.push(title)
  return code === 0
}

function addSummary(project, code) {
  const path = join(summaryFolder, `${project}.json`)
  if (!existsSync(path)) {
    failedChecks.push(`${project} tests: the run ended with exit code ${code} and without a summary`)
    return
  }
  const summary = readJson(path)
  total.passed += summary.passed
  total.failed += summary.failed.length
  total.skipped += summary.skipped.length
  failedTests.push(...summary.failed)
  skippedTests.push(...summary.skipped)
  if (code !== 0 && summary.failed.length === 0) failedChecks.push(`${project} tests: exit code ${code} although no test failed`)
}

async function suite(project) {
  console.log(`\n> ${project} tests`)
  const code = await tool("vitest", ["run", "--project", project], { env: { LADING_TEST_SUMMARY: join(summaryFolder, `${project}.json`) } })
  addSummary(project, code)
}

function report() {
  total.failed += failedChecks.length
  console.log("")
  for (const title of failedChecks) console.log(`failed   ${title}`)
  for (const test of failedTests) console.log(`failed   ${test}`)
  for (const test of skippedTests) console.log(`skipped  ${test.name}: ${test.reason}`)
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
}

async function runEverything() {
  if (!(await check("install", install))) return
  await check("lint and format (biome)", () =>
    tool("biome", [
      "ci",
      "--error-on-warnings",
      "--diagnostic-level=warn",
      "--max-diagnostics=60",
      ...(process.stdout.isTTY ? [] : ["--colors=off"]),
    ]),
  )
  await check("types (tsc)", () => tool("tsc", ["--noEmit", "-p", "tsconfig.json"]))
  await suite("unit")
  if (await check("build", build)) await suite("e2e")
  else failedChecks.push("e2e tests: not run, because the build failed")
}

requireNode()
try {
  await runEverything()
} catch (error) {
  failedChecks.push(`stopped: ${error.message}`)
} finally {
  rmSync(summaryFolder, { recursive: true, force: true })
}
report()
process.exitCode = total.failed > 0 ? 1 : 0
