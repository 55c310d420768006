import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { projectDependencies } from "../../../packages/cli/src/project-files.ts"
import { readVersion } from "../../../packages/cli/src/version.ts"
import { importUserModule } from "../../../packages/engine/src/index.ts"
import { lading, makeFolder } from "./harness.ts"

const root = makeFolder()
afterAll(() => rm(root, { recursive: true, force: true }))

let count = 0
/** A new folder with these files. */
function folder(files: Readonly<Record<string, string>> = {}): string {
  const path = join(root, `folder-${++count}`)
  mkdirSync(path)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, ".."), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  return path
}

describe("the command line", () => {
  it("shows its version and its help on standard output", async () => {
    const version = await lading(["--version"], { cwd: root })
    expect([version.code, version.stdout]).toEqual([0, `${readVersion()}\n`])
    const help = await lading(["--help"], { cwd: root })
    expect([help.code, help.stderr]).toEqual([0, ""])
    for (const word of ["run", "init", "inspect", "query", "plugins", "75 interrupted"]) expect(help.stdout).toContain(word)
  })

  it.each([
    ...["run", "init", "inspect", "query", "plugins", "doctor", "state", "audit", "rejects list", "schema show", "schema diff"],
    ...["schema export", "packages list", "packages show", "packages drop", "dbt run", "dbt docs", "dbt generate"],
  ])("%s --help explains its options and gives examples", async (name) => {
    const { code, stdout } = await lading([...name.split(" "), "--help"], { cwd: root })
    expect(code).toBe(0)
    expect(stdout).toContain("--json")
    expect(stdout).toMatch(new RegExp(`Examples\\n {2}lading ${name}`))
  })

  it.each([
    [["rum"], "Did you mean run?"],
    [["query"], "missing required argument 'sql'"],
    [["run", "--nonsense"], "unknown option '--nonsense'"],
    [["query", "select 1", "--format", "xml"], "Allowed choices are table, csv, json, markdown."],
    [["inspect", "--loads", "many"], "It must be a whole number."],
    [["run", "--parallel", "0"], "It must be at least 1."],
    [["run", "--resources", "orders,"], "It must be names, separated by commas."],
    [[], "Usage: lading"],
  ])("%j is a usage error: exit code 2, text on standard error", async (argv, text) => {
    const { code, stdout, stderr } = await lading(argv, { cwd: root })
    expect(code).toBe(2)
    expect(stdout).toBe("")
    expect(stderr).toContain(text)
  })

  it("tells machines of a usage error, too", async () => {
    const { code, stdout } = await lading(["run", "--json", "--nonsense"], { cwd: root })
    expect(code).toBe(2)
    expect(JSON.parse(stdout).error).toMatchObject({ code: "usage", message: "unknown option '--nonsense'" })
  })
})

describe("the pipeline file", () => {
  const typescript = `
    interface Options { readonly name: string }
    const options: Options = { name: "typed" }
    const tables = {}
    export default async () => ({
      options,
      dataset: () => undefined,
      configure() {
    return this
  },
  run: async () => ({ pipeline: options.name, destination: "x", dataset: "y", loadId: undefined, status: "nothing-to-load", tables: { t: { filtered: 0, deduplicated: 0 } },
        schemaChanges: [], rejects: { count: 0, byCode: {}, samples: [] }, recovered: [], cursors: {}, warnings: [], bytes: 0, durationMs: 1 }),
    })`

  it("may be TypeScript, and may export a function", async () => {
    const cwd = folder({ "pipeline.ts": typescript })
    const { code, stdout } = await lading(["run"], { cwd, module: importUserModule })
    expect([code, stdout]).toEqual([0, "typed → x · dataset y\n  nothing new\n"])
  })

  it("is looked for under its usual names, and the error says which", async () => {
    const { code, stderr } = await lading(["run"], { cwd: folder() })
    expect(code).toBe(2)
    expect(stderr).toContain(
      "error pipeline-not-found: no pipeline file here: looked for pipeline.ts, pipeline.mts, pipeline.js, pipeline.mjs",
    )
  })

  it.each([
    ["a default export that is no pipeline", {}, "not-a-pipeline"],
    ["no default export", { default: undefined }, "not-a-pipeline"],
    ["an empty list", { default: [] }, "not-a-pipeline"],
    ["a list with something else in it", { default: [{ options: { name: "a" }, run() {}, dataset() {} }, 7] }, "not-a-pipeline"],
  ])("with %s is refused", async (_what, module, code) => {
    const answer = await lading(["run"], { cwd: folder({ "pipeline.ts": "" }), module })
    expect([answer.code, answer.stderr.split(":")[0]]).toEqual([1, `error ${code}`])
  })

  it("that fails while it is loaded is told apart from a defect of Lading, and a missing package names the remedy", async () => {
    const cwd = folder({ "pipeline.mjs": 'import "a-package-that-is-not-there"' })
    const { code, stderr } = await lading(["run"], {
      cwd,
      module: () => Promise.reject(new Error("Cannot find package 'a-package' imported from x")),
    })
    expect(code).toBe(1)
    expect(stderr).toContain("error pipeline-failed: pipeline.mjs failed while it was loaded: Cannot find package 'a-package'")
    expect(stderr).toContain("do  npm install")
  })

  it("with several pipelines needs a name where one dataset is meant", async () => {
    const fake = (name: string) => ({
      options: { name },
      run() {},
      configure() {
        return this
      },
    })
    const circumstances = { cwd: folder({ "pipeline.ts": "" }), module: { default: [fake("a"), fake("b")] } }
    const several = await lading(["query", "select 1"], circumstances)
    expect([several.code, several.stderr.split("\n")[0]]).toEqual([2, "error usage: the file exports several pipelines: a, b"])
    const unknown = await lading(["run", "--pipeline", "c"], circumstances)
    expect([unknown.code, unknown.stderr.split("\n")[1]]).toEqual([2, "  do  it exports a, b"])
  })
})

describe("an error that nobody expected", () => {
  it("is called a defect", async () => {
    const broken = {
      options: { name: "broken" },
      run() {},
      configure() {
        throw new TypeError("configure is broken")
      },
    }
    const { code, stdout, stderr } = await lading(["run", "--json"], { cwd: folder({ "pipeline.ts": "" }), module: { default: broken } })
    expect(code).toBe(1)
    expect(JSON.parse(stdout).error.code).toBe("unexpected")
    expect(stderr).toContain("this is a defect of Lading")
  })
})

describe("lading init", () => {
  it("writes a project that depends on this release and ignores what it makes", async () => {
    const cwd = folder()
    const { code, stdout } = await lading(["init", "My Shop"], { cwd })
    expect(code).toBe(0)
    expect(stdout).toContain("next\n  cd My Shop\n  npm install\n  npx lading run\n")
    const project = join(cwd, "My Shop")
    expect(readdirSync(project).sort()).toEqual([".gitignore", "README.md", "data", "package.json", "pipeline.ts", "tsconfig.json"])
    const ignored = (path: string): boolean => {
      execFileSync("git", ["init", "-q"], { cwd: project })
      return spawnSync("git", ["check-ignore", "-q", path], { cwd: project }).status === 0
    }
    expect([".lading/secrets.toml", ".lading/pipelines/a", ".lading/config.toml"].map(ignored)).toEqual([true, true, false])
    const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8"))
    expect(manifest).toMatchObject({
      name: "my-shop",
      type: "module",
      scripts: { start: "lading run" },
      dependencies: { lading: `^${readVersion()}` },
    })
    expect(readFileSync(join(project, "pipeline.ts"), "utf8")).toContain('duckdb("my_shop.duckdb")')
    const rows = readFileSync(join(project, "data/orders.ndjson"), "utf8").trim().split("\n")
    expect(rows.map((line) => JSON.parse(line).items.length)).toEqual([1, 2, 1, 1, 2])
  })

  it("names things so that SQL needs no quotes", async () => {
    const cwd = folder()
    await lading(["init", "2024-Q1!"], { cwd })
    expect(readFileSync(join(cwd, "2024-Q1!", "pipeline.ts"), "utf8")).toContain('dataset: "project_2024_q1_data"')
  })

  it("overwrites nothing", async () => {
    const cwd = folder({ "taken/notes.txt": "mine", file: "" })
    const taken = await lading(["init", "taken", "--json"], { cwd })
    expect([taken.code, JSON.parse(taken.stdout).error.code]).toEqual([1, "folder-not-empty"])
    expect(existsSync(join(cwd, "taken", "package.json"))).toBe(false)
    expect((await lading(["init", "file"], { cwd })).stderr).toContain("error folder-not-empty: file is a file")
  })

  it("depends on versions of the plugins that are in this repository", () => {
    const versions = {
      lading: "packages/cli",
      "@lading/destination-duckdb": "destinations/duckdb",
      "@lading/source-files": "sources/files",
    }
    for (const [name, path] of Object.entries(versions)) {
      const { version } = JSON.parse(readFileSync(new URL(`../../../${path}/package.json`, import.meta.url), "utf8"))
      expect(projectDependencies()[name], name).toBe(`^${version}`)
    }
  })
})

describe("lading plugins", () => {
  const plugin = { name: "lading-source-sheets", version: "1.2.3", lading: { kind: "source", name: "sheets", spec: 1 } }
  const files = {
    "package.json": JSON.stringify({ dependencies: { "lading-source-sheets": "1", other: "1" } }),
    "node_modules/lading-source-sheets/package.json": JSON.stringify(plugin),
    "node_modules/lading-source-sheets/index.js": "throw new Error('plugin code ran')",
    "node_modules/other/package.json": JSON.stringify({ name: "other", version: "1.0.0" }),
  }

  it("lists the plugins of the project without running them", async () => {
    const cwd = folder(files)
    const { stdout } = await lading(["plugins"], { cwd })
    expect(stdout).toBe("kind    name    package               version\nsource  sheets  lading-source-sheets  1.2.3\n")
    const document = JSON.parse((await lading(["plugins", "--json"], { cwd })).stdout)
    expect(document).toEqual({ plugins: [{ package: "lading-source-sheets", version: "1.2.3", kind: "source", name: "sheets", spec: 1 }] })
  })

  it("says how to get one when there is none", async () => {
    const { code, stdout } = await lading(["plugins"], { cwd: folder({ "package.json": "{}" }) })
    expect([code, stdout]).toEqual([0, expect.stringContaining("npm install @lading/destination-duckdb")])
  })
})
