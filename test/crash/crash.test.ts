import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { describeRuns } from "./guarantees.mjs"
import { networkFaults } from "./network.mjs"
import { saboteurs } from "./sabotage.mjs"
import { allScenarios } from "./scenarios.mjs"

const script = fileURLToPath(new URL("run.mjs", import.meta.url))
const nothing = { lost: 0, duplicated: 0, wrong: 0, wedged: 0, unmarked: 0 }

/** Runs the crash tests; they end with an error when a scenario did not die where it should have. */
async function crash(...words: string[]): Promise<Record<string, number>> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--json", ...words])
  return JSON.parse(stdout) as Record<string, number>
}

it.concurrent("loses, doubles and wedges nothing when a load is killed at a fault point: a slice of the matrix, every disposition, both destinations", async () => {
  const { scenarios, ...faults } = await crash("--slice", "7", "--network", "0")
  expect(faults).toEqual(nothing)
  expect(scenarios).toBeGreaterThanOrEqual(40)
})

it.concurrent("loses, doubles and wedges nothing when the network to PostgreSQL breaks at any byte", async () => {
  expect(await crash("--only", "network", "--network", "20")).toEqual({ scenarios: 20, ...nothing })
})

it.concurrent("loses and doubles no row when the main job is killed at any moment, again and again", async () => {
  const { scenarios, ...faults } = await crash("--only", "nothing of the matrix", "--main-job", "12")
  expect(faults).toEqual(nothing)
  expect(scenarios).toBeGreaterThanOrEqual(2)
})

it("lists every fault point with every disposition, disk and destination", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--list", "--network", "100"])
  const names = stdout.trim().split("\n")
  for (const destination of ["duckdb", "postgres"])
    for (const disposition of ["append", "replace", "merge", "scd2"])
      for (const disk of ["same", "fresh"])
        expect(names.filter((name) => name.startsWith(`${destination} · ${disposition} · ${disk} disk`)).length).toBeGreaterThanOrEqual(12)
  expect(names.filter((name) => name.startsWith("network"))).toHaveLength(100)
})

it("docs/guarantees.md tells of what there is to run; when this fails, `pnpm crash --write` is due", () => {
  const page = readFileSync(new URL("../../docs/guarantees.md", import.meta.url), "utf8")
  const { scenarios, points, faults } = describeRuns(allScenarios(), networkFaults(120, 1))
  for (const part of [scenarios, points, faults]) expect(page).toContain(part)
  for (const name of Object.keys(saboteurs)) expect(page).toContain(name)
  const results = page.split("\n").filter((line) => /^\| (kills at|network faults|kills of)/.test(line))
  expect(results).toHaveLength(3)
  for (const line of results) expect(line).toMatch(/\| \d+ \| \d+ (\| 0 ){6}\|$/)
})
