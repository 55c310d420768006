import { spawnSync } from "node:child_process"
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { makeFolder } from "../cases/support/target.ts"
import { root, strangersEnvironment } from "./support/consumer.ts"
import { copyProject, realDbt } from "./support/dbt.ts"

const bin = join(root, "packages/cli/bin/lading.js")
const modules = join(import.meta.dirname, "node_modules")

const pipelineFile = `
  import { duckdb } from "@lading/destination-duckdb"
  import { pipeline, resource } from "lading"
  const orders = resource("orders", [{ id: 1, country: "fr" }, { id: 2, country: "de" }])
  const customers = resource("customers", { writeDisposition: "merge", primaryKey: "id" }, [{ id: 1, city: "Lyon" }])
  export default pipeline({ name: "shop", destination: duckdb("target.duckdb"), dataset: "data" }).with([orders, customers])
`

/** A project with a dbt project in its folder `dbt`; `packages` are those of its node_modules. */
function makeProject(packages: readonly string[]): (...argv: readonly string[]) => { code: number | null; stdout: string; stderr: string } {
  const cwd = makeFolder()
  const config = `[transformers.dbt]\ndbt = "${realDbt.dbt}"\ncache_folder = "${realDbt.cacheFolder}"\n`
  mkdirSync(join(cwd, ".lading"))
  mkdirSync(join(cwd, "node_modules/@lading"), { recursive: true })
  writeFileSync(join(cwd, ".lading/config.toml"), config)
  writeFileSync(join(cwd, "package.json"), '{ "type": "module" }')
  writeFileSync(join(cwd, "pipeline.js"), pipelineFile)
  for (const name of packages) symlinkSync(join(modules, name), join(cwd, "node_modules", name))
  copyProject("shop", join(cwd, "dbt"))
  const { NODE_PATH: _, ...environment } = strangersEnvironment()
  return (...argv) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...argv], { cwd, env: environment, encoding: "utf8" })
    return { code: status, stdout, stderr }
  }
}

const always = ["lading", "@lading/destination-duckdb"]

describe("lading dbt", () => {
  it("names the package to install when the transformer is not there", () => {
    const lading = makeProject(always)
    for (const command of ["run", "docs", "generate"]) {
      const { code, stderr } = lading("dbt", command)
      expect([command, code]).toEqual([command, 1])
      expect(stderr).toContain('error plugin-not-found: no transformer "dbt"')
      expect(stderr).toContain("do  npm install @lading/transformer-dbt")
    }
  })

  it("builds a project with selectors, variables and a full refresh, and tells of each node", async () => {
    const lading = makeProject([...always, "@lading/transformer-dbt"])
    expect(lading("run").code).toBe(0)
    const build = lading("dbt", "build")
    expect([build.code, build.stdout]).toEqual([0, expect.stringMatching(/^dbt build → dataset data: .*success.*\n/)])
    expect(build.stderr).toMatch(/^dbt: \d of \d success model order_count in /m)
    const { stdout, code } = lading(
      "dbt",
      "run",
      "--select",
      "order_count",
      "--full-refresh",
      "--threads",
      "1",
      "--vars",
      '{"a": 1}',
      "--json",
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout).dbt).toMatchObject({
      dataset: "data",
      commands: ["run"],
      nodes: [{ name: "order_count", status: "success" }],
    })
  })

  it("ends with exit code 1 and names what failed, with the results as JSON", () => {
    const lading = makeProject([...always, "@lading/transformer-dbt"])
    lading("run")
    const { code, stdout, stderr } = lading("dbt", "test", "--json")
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error dbt-/m)
    expect(JSON.parse(stdout).error).toMatchObject({ code: "dbt-model-failed", details: { result: { commands: ["test"] } } })
  })
})
