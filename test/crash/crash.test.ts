import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, it } from "vitest"

const script = fileURLToPath(new URL("run.mjs", import.meta.url))

it("loses and doubles no row when the main job is killed at every fault point and 30 times at any moment, and run again", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--full", "--kills", "30", "--json"])
  const { kills, ...faults } = JSON.parse(stdout) as Record<string, number>
  expect(kills).toBeGreaterThanOrEqual(39)
  expect(faults).toMatchObject({ lost: 0, duplicated: 0, wrong: 0, wedged: 0, unmarked: 0 })
})
