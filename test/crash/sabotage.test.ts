import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { saboteurs } from "./sabotage.mjs"

const script = fileURLToPath(new URL("run.mjs", import.meta.url))

function crash(words: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...words], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: `${stderr}${stdout}` }),
    )
  })
}

describe("the crash tests notice a load protocol", () => {
  it.concurrent.each(Object.entries(saboteurs))("that %s", async (name, { words, finds }) => {
    const { code, output } = await crash([...(words.includes("--network") ? [] : ["--network", "0"]), ...words, "--sabotage", name])
    expect(output).toMatch(finds)
    expect(code).toBe(1)
  })
})
