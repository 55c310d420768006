import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const scripts = dirname(fileURLToPath(import.meta.url))

it("runs the pnpm that package.json pins, without one on the PATH", () => {
  const manifest = JSON.parse(readFileSync(join(scripts, "..", "package.json"), "utf8"))
  const path = [dirname(process.execPath), "/usr/bin", "/bin"].join(":")
  const version = execFileSync(process.execPath, [join(scripts, "pnpm.mjs"), "--version"], {
    encoding: "utf8",
    env: { ...process.env, PATH: path },
  })
  expect(`pnpm@${version.trim()}`).toBe(manifest.packageManager)
})
