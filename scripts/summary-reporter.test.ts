import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, expect, it } from "vitest"

const root = join(dirname(fileURLToPath(import.meta.url)), "..")
mkdirSync(join(root, ".cache"), { recursive: true })
const folder = mkdtempSync(join(root, ".cache", "reporter-"))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

it("counts what passed, failed and was skipped, with reasons, and files that cannot be loaded as failures", async () => {
  const mixed = `
    import { beforeAll, describe, expect, it } from "vitest"
    it("passes", () => {})
    it("fails", () => expect(1).toBe(2))
    it("cannot run here", (context) => context.skip("no such service"))
    describe("a broken set-up", () => { beforeAll(() => { throw new Error("not ready") }); it("never runs", () => {}) })`
  writeFileSync(join(folder, "mixed.test.mjs"), mixed)
  writeFileSync(join(folder, "broken.test.mjs"), `import "./missing.mjs"`)
  const summaryPath = join(folder, "summary.json")
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs")
  const reporter = join(root, "scripts", "summary-reporter.ts")
  writeFileSync(join(folder, "vitest.config.mjs"), `export default { test: { reporters: [${JSON.stringify(reporter)}] } }`)
  const args = [vitest, "run", "--root", folder]
  const run = promisify(execFile)(process.execPath, args, { cwd: folder, env: { ...process.env, LADING_TEST_SUMMARY: summaryPath } })
  await expect(run).rejects.toMatchObject({ code: 1 })
  const summary = JSON.parse(readFileSync(summaryPath, "utf8"))
  expect(summary.passed).toBe(1)
  expect(summary.failed).toEqual([
    expect.stringMatching(/mixed\.test\.mjs > fails$/),
    expect.stringMatching(/broken\.test\.mjs could not be run/),
    expect.stringMatching(/a broken set-up: not ready$/),
  ])
  expect(summary.skipped).toContainEqual({ name: expect.stringContaining("cannot run here"), reason: "no such service" })
})
