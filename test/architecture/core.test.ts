import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createContext, Script } from "node:vm"
import { build } from "tsup"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { codeFiles, importsOf, isTest, publishedPackages, readText, root } from "./support/workspace.ts"

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

/** Runs `code` with the bundled core in a context that has the language and nothing else. */
function inBareContext(code: string): unknown {
  const context = createContext({})
  bundle.runInContext(context)
  return new Script(code).runInContext(context)
}

/** A program for the bare context: a naming convention and a normalizer; good and bad rows as objects and as bytes. */
const normalizeBothLanes = String.raw`
  const naming = core.createNaming("snake_case", undefined)
  const ledger = core.createLedger([], naming)
  const schema = core.createSchema("shop")
  const capabilities = {
    guarantee: "A", writeDispositions: ["append"], mergeStrategies: [], partFormats: ["parquet"], maxIdentifierLength: 63,
    hasCaseSensitiveIdentifiers: true, decimal: { precision: 38, scale: 9 }, wei: { precision: 78, scale: 0 }, supportsNulInText: false,
  }
  core.applyResourceHints(schema, "events", {}, { naming, ledger, capabilities })
  const normalizer = new core.Normalizer({ schema, naming, ledger, loadId: "1", capabilities, nowSeconds: 0 })
  const target = normalizer.target({ name: "events" })
  normalizer.pushRows(target, [
    { userId: 1, at: "2024-02-29T12:00:00Z", place: { "Länge": 1.5 }, tags: ["a", "b"] },
    { userId: () => 1 },
  ])
  const lines = ['{"userId": 9007199254740993, "note": "gr\\u00fc\\u00dfe"}', '{"userId": 3}', '{"userId": 4'].join("\n")
  normalizer.pushJsonLines(target, Uint8Array.from(lines, (character) => character.charCodeAt(0)))
  const columns = ({ columns }) => columns.map(({ name, dataType }) => name + " " + dataType)
  JSON.stringify({
    tables: Object.fromEntries(normalizer.takeBatches(0).map((batch) => [batch.table, [batch.rowCount, ...columns(batch)]])),
    rejects: normalizer.takeRejects().map(({ code }) => code),
    hashLength: core.schemaHash(normalizer.schema).length,
  })
`

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

  it("normalizes objects and bytes there", () => {
    expect(JSON.parse(inBareContext(normalizeBothLanes) as string)).toEqual({
      tables: {
        events: [3, "user_id bigint", "at timestamp", "place__l_nge double", "_dlt_load_id text", "_dlt_id text", "note text"],
        events__tags: [2, "value text", "_dlt_parent_id text", "_dlt_list_idx bigint", "_dlt_id text"],
      },
      rejects: ["unsupported-value", "invalid-json"],
      hashLength: 44,
    })
  })

  it("really is alone in that context", () => {
    const globals = [
      "process",
      "Buffer",
      "require",
      "setTimeout",
      "fetch",
      "URL",
      "TextEncoder",
      "TextDecoder",
      "structuredClone",
      "performance",
    ]
    expect(globals.filter((name) => inBareContext(`typeof ${name} !== "undefined"`))).toEqual([])
  })
})
