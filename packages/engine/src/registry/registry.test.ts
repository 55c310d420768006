import { join } from "node:path"
import type { PluginContext } from "@lading/core"
import { describe, expect, it } from "vitest"
import { createContext } from "../context.ts"
import { errorOf, makeProject } from "../testing/make-project.ts"
import { listPlugins } from "./manifest.ts"
import { createRegistry } from "./registry.ts"

const context = (baseDirectory: string): PluginContext => createContext({ name: "p", destination: "x", baseDirectory }, undefined)

/** Text of a plugin module whose one option is required. */
const module = (kind: string, name: string, spec = 1): string => {
  const facts = `kind: ${JSON.stringify(kind)}, name: ${JSON.stringify(name)}`
  return [
    'const validate = (value) => value.path === undefined ? { issues: [{ message: "expected a path", path: ["path"] }] } : { value }',
    'const options = { "~standard": { version: 1, vendor: "test", validate } }',
    `const create = (options, context) => ({ ${facts}, options, base: context.baseDirectory })`,
    `export default { ${facts}, specVersion: ${spec}, options, create }`,
  ].join("\n")
}

/** Files of an installed plugin package. */
function installed(name: string, lading: object | undefined, text: string, manifest: object = {}): Record<string, string | object> {
  const folder = `node_modules/${name}`
  return {
    [`${folder}/package.json`]: { name, version: "1.2.3", type: "module", exports: "./index.js", lading, ...manifest },
    [`${folder}/index.js`]: text,
  }
}

const destination = (name: string, spec = 1) => ({ kind: "destination", name, spec })
const mustNotRun = 'globalThis.ladingTestRan = true\nthrow new Error("plugin code ran")\n'

describe("a plugin by name", () => {
  it.each([
    ["duck", "@lading/destination-duck"],
    ["duck", "lading-destination-duck"],
    ["@acme/lading-duck", "@acme/lading-duck"],
  ])("%s is the package %s", async (name, packageName) => {
    const folder = makeProject({ "package.json": {}, ...installed(packageName, destination("duck"), module("destination", "duck")) })
    expect((await createRegistry({ baseDirectory: folder }).load("destination", name)).name).toBe("duck")
  })

  it("is the scoped package of Lading before an unscoped one", async () => {
    const folder = makeProject({
      ...installed("@lading/source-api", { kind: "source", name: "api", spec: 1 }, module("source", "scoped")),
      ...installed("lading-source-api", { kind: "source", name: "api", spec: 1 }, module("source", "unscoped")),
    })
    expect((await createRegistry({ baseDirectory: folder }).load("source", "api")).name).toBe("scoped")
  })

  it("is found from a folder below the project", async () => {
    const folder = makeProject({
      "src/deep/.keep": "",
      ...installed("lading-destination-duck", destination("duck"), module("destination", "duck")),
    })
    expect((await createRegistry({ baseDirectory: join(folder, "src", "deep") }).load("destination", "duck")).name).toBe("duck")
  })

  it("may be a package that can only be imported", async () => {
    const exports = { ".": { types: "./index.d.ts", import: { default: "./index.js" } } }
    const folder = makeProject(installed("lading-destination-duck", destination("duck"), module("destination", "duck"), { exports }))
    expect((await createRegistry({ baseDirectory: folder }).load("destination", "duck")).name).toBe("duck")
  })

  it.each(["./plugins/mine.ts", "./plugins/mine.mjs"])("may be a file of the project: %s", async (name) => {
    const text = module("destination", "mine")
    const folder = makeProject({ [name]: name.endsWith(".ts") ? text.replace("(value) =>", "(value: any) =>") : text })
    expect((await createRegistry({ baseDirectory: folder }).load("destination", name)).name).toBe("mine")
    expect((await createRegistry({ baseDirectory: "/" }).load("destination", join(folder, name))).name).toBe("mine")
  })
})

describe("a plugin that cannot be used", () => {
  it("of another kind is refused before its code runs", async () => {
    const folder = makeProject(installed("lading-destination-odd", { kind: "source", name: "odd", spec: 1 }, mustNotRun))
    const error = await errorOf(() => createRegistry({ baseDirectory: folder }).load("destination", "odd"))
    expect(error).toMatchObject({ code: "plugin-wrong-kind", message: "lading-destination-odd is a source, not a destination" })
    expect("ladingTestRan" in globalThis).toBe(false)
  })

  it("of a newer contract is refused before its code runs", async () => {
    const folder = makeProject(installed("lading-destination-new", destination("new", 2), mustNotRun))
    const error = await errorOf(() => createRegistry({ baseDirectory: folder }).load("destination", "new"))
    expect(error).toMatchObject({
      code: "plugin-wrong-spec",
      message: "lading-destination-new 1.2.3 speaks plugin contract 2; this engine speaks 1",
    })
    expect("ladingTestRan" in globalThis).toBe(false)
  })

  it.each([
    ["not-a-plugin", installed("lading-destination-x", undefined, mustNotRun), "x"],
    ["not-a-plugin", installed("lading-destination-x", destination("x"), "export default {}"), "x"],
    ["not-a-plugin", { "x.mjs": "export const a = 1" }, "./x.mjs"],
    ["plugin-wrong-kind", { "x.mjs": module("source", "x") }, "./x.mjs"],
    ["plugin-wrong-spec", { "x.mjs": module("destination", "x", 2) }, "./x.mjs"],
  ])("is refused as %s: %j", async (code, files, name) => {
    const error = await errorOf(() => createRegistry({ baseDirectory: makeProject(files) }).load("destination", name))
    expect(error.code).toBe(code)
  })

  it("because it is not installed: says what was looked for, what is there, and how to install it", async () => {
    const folder = makeProject({
      "package.json": { dependencies: { "lading-destination-a": "*" }, devDependencies: { "@lading/source-s": "*" } },
      ...installed("lading-destination-a", destination("a"), mustNotRun),
      ...installed("@lading/source-s", { kind: "source", name: "s", spec: 1 }, mustNotRun),
    })
    expect(await errorOf(() => createRegistry({ baseDirectory: folder }).load("destination", "nowhere"))).toMatchObject({
      code: "plugin-not-found",
      message:
        'no destination "nowhere": looked for @lading/destination-nowhere, then lading-destination-nowhere; installed destinations: a',
      hint: "npm install @lading/destination-nowhere",
      details: { candidates: ["@lading/destination-nowhere", "lading-destination-nowhere"], installed: ["a"] },
    })
  })
})

describe("the list of plugins", () => {
  it("is read from the manifests of direct dependencies, without running code", () => {
    const folder = makeProject({
      "package.json": {
        dependencies: { "lading-destination-a": "*", plain: "*", missing: "*" },
        devDependencies: { "@lading/source-s": "*" },
      },
      "src/.keep": "",
      ...installed("lading-destination-a", destination("a"), mustNotRun),
      ...installed("@lading/source-s", { kind: "source", name: "s", spec: 1 }, mustNotRun),
      ...installed("lading-destination-indirect", destination("indirect"), mustNotRun),
      ...installed("plain", undefined, mustNotRun),
    })
    const expected = [
      { package: "@lading/source-s", version: "1.2.3", kind: "source", name: "s", spec: 1 },
      { package: "lading-destination-a", version: "1.2.3", kind: "destination", name: "a", spec: 1 },
    ]
    expect(listPlugins(folder)).toEqual(expected)
    expect(createRegistry({ baseDirectory: join(folder, "src") }).list()).toEqual(expected)
  })

  it("is empty without plugins", () => {
    expect(listPlugins(makeProject({ "package.json": {} }))).toEqual([])
  })
})

describe("creating a plugin", () => {
  const files = {
    "package.json": {},
    "mine.mjs": module("destination", "mine"),
    "lading.config.mjs":
      'export default { destinations: { mine: { path: "file", other: { a: 1 } } }, pipelines: { chess: { destinations: { mine: { path: "own" } } } } }',
  }
  const environment = { DESTINATION__MINE__PATH: "env", CHESS__DESTINATION__MINE__PATH: "env-own", DESTINATION__MINE__OTHER__B: "2" }

  async function create(given: unknown, from: { readonly environment?: object; readonly pipeline?: string } = {}) {
    const { readConfiguration } = await import("../config/configuration.ts")
    const baseDirectory = makeProject(files)
    const configuration = await readConfiguration(baseDirectory, { ...from.environment })
    const pipeline = from.pipeline === undefined ? {} : { pipeline: from.pipeline }
    const registry = createRegistry({ baseDirectory, configuration, ...pipeline })
    return (await registry.create("destination", "./mine.mjs", given, context(baseDirectory))) as unknown as { options: unknown }
  }

  it.each([
    [{ path: "code" }, { environment, pipeline: "chess" }, { path: "code", other: { a: 1, b: "2" } }],
    [{}, { environment, pipeline: "chess" }, { path: "env-own", other: { a: 1, b: "2" } }],
    [undefined, { environment, pipeline: "other" }, { path: "env", other: { a: 1, b: "2" } }],
    [undefined, { pipeline: "chess" }, { path: "own", other: { a: 1 } }],
    [undefined, {}, { path: "file", other: { a: 1 } }],
  ])("takes options from code, environment and file: %j %j", async (given, from, options) => {
    expect((await create(given, from)).options).toEqual(options)
  })

  it("without an option that it needs tells every place that was looked at", async () => {
    const baseDirectory = makeProject({ "package.json": {}, "mine.mjs": module("source", "mine") })
    const { readConfiguration } = await import("../config/configuration.ts")
    const configuration = await readConfiguration(baseDirectory, {})
    const registry = createRegistry({ baseDirectory, configuration, pipeline: "chess" })
    const toml = (name: string): string => `.lading/${name}.toml (there is none in ${baseDirectory})`
    const file = `lading.config.ts (there is none in ${baseDirectory})`
    expect(await errorOf(() => registry.create("source", "./mine.mjs", {}, context(baseDirectory)))).toMatchObject({
      code: "config-missing",
      message: [
        "source mine: path is missing: expected a path",
        "  looked at, in order:",
        "    option path",
        "    environment variable CHESS__SOURCES__MINE__PATH",
        `    ${toml("secrets")} chess.sources.mine.path`,
        `    ${toml("config")} chess.sources.mine.path`,
        `    ${file} pipelines.chess.sources.mine.path`,
        "    environment variable SOURCES__MINE__PATH",
        `    ${toml("secrets")} sources.mine.path`,
        `    ${toml("config")} sources.mine.path`,
        `    ${file} sources.mine.path`,
      ].join("\n"),
    })
  })
})
