import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"

const run = fileURLToPath(new URL("./run.mjs", import.meta.url))

async function compat(): Promise<{ stdout: string; stderr: string }> {
  try {
    return await promisify(execFile)(process.execPath, [run, "--json"], { maxBuffer: 64 * 1024 * 1024 })
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string }
    return { stdout, stderr }
  }
}

describe("the comparison with dlt", () => {
  it("finds no case in which Lading differs from dlt without a stated reason", async () => {
    const { stdout, stderr } = await compat()
    expect(stdout, stderr.slice(-4000)).not.toBe("")
    const totals = JSON.parse(stdout)
    expect(totals.different, stderr.slice(-20_000)).toBe(0)
    expect(totals.duckdb.cases).toBeGreaterThanOrEqual(120)
    expect(totals.postgres.cases).toBeGreaterThanOrEqual(120)
    expect(totals.equal + totals.deliberate).toBe(totals.duckdb.cases + totals.postgres.cases)
  }, 1_200_000)
})
