import { execFileSync } from "node:child_process"
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { sharedPostgres } from "@lading/testkit"
import { afterAll, describe, expect, it } from "vitest"
import { duckdb } from "../../../destinations/duckdb/src/index.ts"
import { postgres } from "../../../destinations/postgres/src/index.ts"
import { pipeline, resource } from "../../../packages/cli/src/index.ts"
import { type Check, checkPipeline, checkProject } from "../../../packages/engine/src/index.ts"
import { lading, makeFolder } from "./harness.ts"
import { holdLease, openShop, type Shop } from "./shop.ts"

const root = makeFolder()
afterAll(() => rm(root, { recursive: true, force: true }))

async function checksOf(shop: Shop): Promise<{ readonly code: number; readonly checks: readonly Check[] }> {
  const { code, stdout } = await shop.lading("doctor", "--json")
  return { code, checks: JSON.parse(stdout).checks }
}

function write(folder: string, name: string, text: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

const named = (checks: readonly Check[], name: string) => checks.filter((check) => check.name === name)
const things = resource("things", [[{ id: 1 }]])

describe("lading doctor", () => {
  it("finds a healthy project healthy, before and after its first load, and changes nothing", async () => {
    const shop = openShop(root, "healthy")
    const before = await checksOf(shop)
    expect([before.code, before.checks.filter(({ status }) => status === "fail")]).toEqual([0, []])
    expect(named(before.checks, "connection")[0]?.message).toBe("nothing is loaded yet")
    expect(readdirSync(shop.cwd).sort()).toEqual(["package.json", "pipeline.ts"])
    await shop.load(things)
    const { code, checks } = await checksOf(shop)
    expect(code).toBe(0)
    const facts = Object.fromEntries(checks.map(({ name, status, message }) => [name, `${status} ${message}`]))
    expect(facts).toMatchObject({
      node: `ok Node ${process.versions.node}`,
      lading: expect.stringMatching(/^ok lading \d+\.\d+\.\d+ speaks plugin contract 1$/),
      configuration: "ok loads into duckdb shop.duckdb, dataset shop_data",
      "work folder": expect.stringMatching(/^ok .*\.lading may be written$/),
      packages: "ok no packages of earlier runs are left",
      connection: expect.stringMatching(/^ok connected to duckdb shop\.duckdb, version v1\./),
      lease: "ok no run holds the pipeline",
      clock: expect.stringMatching(/^ok differs from the destination's by 0\.\d s$/),
      "write access": "ok shop.duckdb may be written",
    })
    expect((await shop.lading("doctor")).stdout).toMatch(/\n\d+ ok, \d warnings, 0 failed\n$/)
  })

  it("says who holds the pipeline, and that a silent holder seems to be gone", async () => {
    const shop = openShop(root, "held")
    await shop.load(things)
    const owner = await holdLease(shop)
    expect(named((await checksOf(shop)).checks, "lease")).toMatchObject([
      {
        status: "warn",
        message: expect.stringContaining(`held by ${owner} (host:boot:process)`),
        remedy: expect.stringContaining("--take-over"),
      },
    ])
    await holdLease(shop, 600)
    expect(named((await checksOf(shop)).checks, "lease")[0]?.message).toMatch(/last heard of 60\d s ago; it seems to be gone$/)
  })

  it("measures the clock of this machine against that of the destination", async () => {
    const shop = openShop(root, "clock")
    await shop.load(things)
    const ahead = { ...shop.pipeline.options, context: { now: () => new Date(Date.now() + 90_000) } }
    expect(named(await checkPipeline(ahead), "clock")).toMatchObject([
      { status: "warn", message: expect.stringMatching(/^this machine's clock is (89|90)\.\d s ahead of the destination's$/) },
    ])
  })

  it("fails with exit code 1 and a remedy when the destination cannot be written", async () => {
    const shop = openShop(root, "no-folder", { destination: duckdb("missing/shop.duckdb") })
    const { code, stdout, stderr } = await shop.lading("doctor")
    expect(code).toBe(1)
    expect(stdout).toMatch(/fail {2}write access +The folder of missing\/shop\.duckdb does not exist\n +do {2}mkdir -p /)
    expect(stderr).toMatch(/^error checks-failed: 1 of \d+ checks failed: write access\n/)
  })

  it("fails when a package is corrupt, and warns of one that is left", async () => {
    const shop = openShop(root, "corrupt")
    await shop.load(things)
    const [pipelineFolder = ""] = readdirSync(join(shop.cwd, ".lading/pipelines"))
    const left = join(".lading/pipelines", pipelineFolder, "packages/1700000000.5")
    mkdirSync(join(shop.cwd, left), { recursive: true })
    expect(named((await checksOf(shop)).checks, "packages")).toMatchObject([{ status: "warn", message: "1700000000.5 is unfinished" }])
    write(shop.cwd, join(left, "manifest.json"), "{}")
    expect(await checksOf(shop)).toMatchObject({ code: 1 })
    rmSync(join(shop.cwd, left), { recursive: true })
    expect(await checksOf(shop)).toMatchObject({ code: 0 })
  })

  it("says what is missing in the configuration, and every place that was looked at", async () => {
    const cwd = join(root, "missing")
    mkdirSync(cwd)
    const module = { default: pipeline({ name: "shop", destination: "@lading/destination-postgres", baseDirectory: import.meta.dirname }) }
    writeFileSync(join(cwd, "pipeline.ts"), "")
    const { code, stdout } = await lading(["doctor"], { cwd, module })
    expect(code).toBe(1)
    expect(stdout).toMatch(/fail {2}configuration +config-missing: destination postgres: user is missing/)
    expect(stdout).toContain("environment variable SHOP__DESTINATION__POSTGRES__USER or SHOP__DESTINATION__POSTGRES__CREDENTIALS__USER")
  })

  it("says that there is no pipeline file, and what is wrong with one", async () => {
    const cwd = join(root, "alone")
    mkdirSync(cwd)
    const alone = await lading(["doctor"], { cwd })
    expect([alone.code, alone.stdout]).toEqual([0, expect.stringMatching(/warn {2}pipeline file +there is none here/)])
    writeFileSync(join(cwd, "pipeline.ts"), "")
    const broken = await lading(["doctor", "--json"], { cwd, module: () => Promise.reject(new Error("Cannot find package 'x'")) })
    expect(broken.code).toBe(1)
    expect(named(JSON.parse(broken.stdout).checks, "pipeline file")).toMatchObject([{ status: "fail", remedy: "npm install" }])
  })
})

describe("the checks of a project", () => {
  const check = async (folder: string, more: { readonly node?: string } = {}) =>
    checkProject({ baseDirectory: folder, version: "0.1.0", environment: {}, ...more })
  const project = (name: string): string => dirname(write(root, `${name}/package.json`, "{}"))

  it("refuse a Node that is too old", async () => {
    expect(named(await check(project("old"), { node: "20.18.3" }), "node")).toMatchObject([
      { status: "fail", remedy: expect.stringContaining("20.19") },
    ])
    expect(named(await check(project("new"), { node: "24.0.0" }), "node")).toMatchObject([{ status: "ok" }])
  })

  it("refuse a plugin of a newer contract, without running it", async () => {
    const folder = project("plugins")
    write(folder, "package.json", JSON.stringify({ dependencies: { "lading-source-new": "1", "lading-source-ok": "1" } }))
    for (const [name, spec] of [
      ["lading-source-new", 2],
      ["lading-source-ok", 1],
    ] as const) {
      const manifest = { name, version: "3.0.0", lading: { kind: "source", name, spec } }
      write(folder, `node_modules/${name}/package.json`, JSON.stringify(manifest))
      write(folder, `node_modules/${name}/index.js`, "throw new Error('plugin code ran')")
    }
    expect(named(await check(folder), "plugin").map(({ subject, status }) => [subject, status])).toEqual([
      ["lading-source-new", "fail"],
      ["lading-source-ok", "ok"],
    ])
  })

  it("refuse a configuration file with a mistake, with its line", async () => {
    const folder = project("mistake")
    write(folder, ".lading/config.toml", "[pipelines]\ndataset = \n")
    const [failed] = named(await check(folder), "configuration")
    expect(failed).toMatchObject({ status: "fail", message: expect.stringMatching(/^config-invalid: .*config\.toml:2:\d+: /) })
  })

  it("warn of secrets.toml that others may read or that git tracks", async () => {
    const folder = project("secrets")
    const path = write(folder, ".lading/secrets.toml", '[destination.postgres]\npassword = "c4n4ry"\n')
    expect(named(await check(folder), "secrets")).toMatchObject([{ status: "ok", subject: path }])
    chmodSync(path, 0o644)
    expect(named(await check(folder), "secrets")).toMatchObject([
      { status: "warn", message: "everybody on this machine may read it (mode 644)", remedy: `chmod 600 ${path}` },
    ])
    chmodSync(path, 0o640)
    expect(named(await check(folder), "secrets")[0]?.message).toBe("its group may read it (mode 640)")
    chmodSync(path, 0o600)
    const git = (...argv: string[]) => execFileSync("git", argv, { cwd: folder, stdio: "pipe" })
    git("init", "-q")
    expect(named(await check(folder), "secrets").map(({ status }) => status)).toEqual(["ok"])
    git("add", "-f", ".lading/secrets.toml")
    expect(named(await check(folder), "secrets")[1]).toMatchObject({ status: "warn", message: "it is tracked by git" })
  })

  it("warn of what looks like a secret in config.toml, and name it without its value", async () => {
    const folder = project("open")
    const text =
      '[destination.postgres]\nhost = "db"\npassword = "c4n4ry"\ncredentials = "postgres://u:c4n4ry@h/d"\n[sources.x]\napi_key = "c4n4ry"\n'
    write(folder, ".lading/config.toml", text)
    const checks = await check(folder)
    expect(named(checks, "secrets")).toMatchObject([
      {
        status: "warn",
        message: "it holds what looks like a secret: destination.postgres.password, destination.postgres.credentials, sources.x.api_key",
      },
    ])
    expect(JSON.stringify(checks)).not.toContain("c4n4ry")
  })
})

describe("the checks of a pipeline into PostgreSQL", () => {
  it("tell a wrong password, a server that is not there, and a user without rights apart", async () => {
    const { host, port, user, password, database, url } = await sharedPostgres(process.env)
    const { default: pg } = await import("pg")
    const admin = new pg.Client({ connectionString: url })
    await admin.connect()
    try {
      await admin.query("DROP ROLE IF EXISTS lading_reader; CREATE ROLE lading_reader LOGIN PASSWORD 'reader'")
      const checksWith = async (options: object) => {
        const destination = postgres({ host, port, user, password, database, ...options })
        return checkPipeline({ name: "doctor", destination, dataset: "doctor_test", baseDirectory: root, environment: {} })
      }
      const fine = await checksWith({})
      expect(fine.filter(({ status }) => status !== "ok")).toEqual([])
      expect(named(fine, "connection")[0]?.message).toMatch(/version PostgreSQL \d+/)
      expect(named(fine, "write access")[0]?.message).toBe("schema doctor_test does not exist yet; user postgres may create it")
      expect(named(fine, "clock")[0]?.message).toMatch(/^differs from the destination's by [0-4]\.\d s$/)
      expect(named(await checksWith({ password: "wrong" }), "connection")[0]).toMatchObject({
        status: "fail",
        message: expect.stringMatching(/^login-refused: /),
      })
      expect(named(await checksWith({ port: 1 }), "connection")[0]).toMatchObject({
        status: "fail",
        message: expect.stringMatching(/^connection-failed: /),
      })
      expect(named(await checksWith({ user: "lading_reader", password: "reader" }), "write access")[0]).toMatchObject({
        status: "fail",
        message: "user lading_reader may not create schema doctor_test",
        remedy: expect.stringContaining("GRANT CREATE ON DATABASE"),
      })
    } finally {
      await admin.query("DROP ROLE IF EXISTS lading_reader")
      await admin.end()
    }
  })
})
