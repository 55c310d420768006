import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createContext, Script } from "node:vm"
import { build } from "tsup"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { codeFiles, importsOf, isTest, publishedPackages, readText, root } from "./support/workspace.ts"

/** What every browser has beside the language itself, and the core may therefore use: the WHATWG encoding interfaces. */
const browserGlobals = { TextEncoder, TextDecoder }

const workFolder = mkdtempSync(join(tmpdir(), "lading-core-"))
let bundle: Script

beforeAll(async () => {
  await build({
    entry: { core: join(root, "packages/core/src/index.ts") },
    outDir: workFolder,
    format: ["iife"],
    globalName: "core",
    platform: "neutral",
    target: "es2023",
    outExtension: () => ({ js: ".js" }),
    config: false,
    dts: false,
    silent: true,
  })
  bundle = new Script(readFileSync(join(workFolder, "core.js"), "utf8"), { filename: "core.js" })
})

afterAll(() => rmSync(workFolder, { recursive: true, force: true }))

/** Runs `code` with the bundled core in a context that has the language and `browserGlobals`, and nothing of Node. */
function inBareContext(code: string): unknown {
  const context = createContext({ ...browserGlobals })
  bundle.runInContext(context)
  return new Script(code).runInContext(context)
}

describe("the core", () => {
  it("has no dependency of any kind", () => {
    const core = publishedPackages().find(({ manifest }) => manifest.name === "@lading/core")
    expect(core?.manifest.dependencies ?? {}).toEqual({})
    expect(core?.manifest.peerDependencies ?? {}).toEqual({})
    expect(core?.manifest.optionalDependencies ?? {}).toEqual({})
  })

  it("imports only its own files", () => {
    const foreign = codeFiles()
      .filter((path) => path.startsWith("packages/core/src/") && !isTest(path))
      .flatMap((path) => importsOf(readText(path)).map((specifier) => `${path} imports ${specifier}`))
      .filter((line) => !/ imports \.\.?\//.test(line))
    expect(foreign).toEqual([])
  })

  it("is a bundle that asks for no module", () => {
    const text = readFileSync(join(workFolder, "core.js"), "utf8")
    expect(importsOf(text)).toEqual([])
    expect(text).not.toMatch(/\brequire\(/)
  })

  it("evaluates without Node, and every export is defined", () => {
    const names = inBareContext("Object.keys(core)") as readonly string[]
    expect(names.length).toBeGreaterThan(0)
    expect(inBareContext("Object.entries(core).filter(([, value]) => value === undefined).map(([name]) => name).join()")).toBe("")
  })

  it("really is alone in that context", () => {
    const globals = ["process", "Buffer", "require", "setTimeout", "fetch", "URL"]
    expect(globals.filter((name) => inBareContext(`typeof ${name} !== "undefined"`))).toEqual([])
  })
})
