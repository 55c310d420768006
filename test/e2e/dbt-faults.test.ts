import { execFileSync } from "node:child_process"
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { delimiter, dirname, join } from "node:path"
import { duckdb } from "@lading/destination-duckdb"
import { postgres } from "@lading/destination-postgres"
import { type DbtOptions, dbt } from "@lading/transformer-dbt"
import { secret } from "lading"
import { afterEach, describe, expect, it, vi } from "vitest"
import { duckdbPython, realDbt } from "./support/dbt.ts"
import { failureOf, leftovers, openShop, order, type Shop } from "./support/shop.ts"

const venv = dirname(dirname(duckdbPython))

const run = (shop: Shop, options: Partial<DbtOptions> = {}) =>
  dbt({ project: "dbt", ...realDbt, ...options }).run({ destination: duckdb(shop.database), dataset: "data", baseDirectory: shop.folder })

afterEach(() => {
  vi.unstubAllEnvs()
  expect(leftovers()).toEqual([])
})

describe("a real dbt that cannot do its work names the remedy", () => {
  it("when a test fails: the test, how many rows, and how to run only it again", async () => {
    const shop = openShop({ "tests/no_second_order.sql": "select * from {{ ref('order_count') }} where n > 1" })
    await shop.load([order(1), order(2)])
    const error = await failureOf(run(shop, { select: ["order_count", "no_second_order"] }))
    expect(error).toMatchObject({ code: "dbt-model-failed", hint: expect.stringContaining('select: ["no_second_order"]') })
    expect(error.message).toMatch(/1 of the tests failed:\s+test no_second_order \(tests\/no_second_order\.sql\): Got 1 result/)
    expect(await shop.read("select n from order_count")).toEqual([{ n: 2 }])
  })

  it.each<[string, Readonly<Record<string, string>>, Partial<DbtOptions>, RegExp, RegExp]>([
    [
      "a package is not there",
      { "packages.yml": "packages:\n  - local: nowhere\n" },
      {},
      /dbt deps .*No dbt_project\.yml found/,
      /packages\.yml/,
    ],
    [
      "packages were not fetched",
      { "packages.yml": "packages:\n  - local: shared\n" },
      { commands: ["run"] },
      /dbt run /,
      /"deps", "build"/,
    ],
    ["a variable is not given to it", { "models/r.sql": "select '{{ env_var('REGION') }}' as r" }, {}, /'REGION'/, /env: \{ REGION/],
    ["a model does not compile", { "models/lost.sql": "select * from {{ ref('nowhere') }}" }, {}, /nowhere/, /Correct the project/],
    ["the project file is no YAML", { "dbt_project.yml": "name: [" }, {}, /Runtime Error.*Syntax error near line/, /Correct the project/],
  ])("when %s", async (_what, files, options, message, hint) => {
    const shop = openShop(files)
    expect(await failureOf(run(shop, options))).toMatchObject({
      code: "dbt-failed",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
  })

  it("when the environment that was made, with exact versions, lacks the adapter of another destination", async () => {
    const shop = openShop({ "packages.yml": "packages: []\n" })
    await run(shop, { commands: ["deps"] })
    const frozen = execFileSync(duckdbPython, ["-m", "pip", "freeze", "--disable-pip-version-check"], { encoding: "utf8" }).split("\n")
    expect(frozen).toEqual(expect.arrayContaining(["dbt-core==1.11.16", "dbt-duckdb==1.11.1", "duckdb==1.5.6"]))
    const destination = postgres("postgres://loader@localhost/shop")
    const wrong = dbt({ project: "dbt", dbt: { venv } }).run({ destination, dataset: "data", baseDirectory: shop.folder })
    expect(await failureOf(wrong)).toMatchObject({
      code: "dbt-missing",
      message: expect.stringContaining(`${venv} lacks dbt-postgres`),
      hint: expect.stringContaining('pip install "dbt-core==1.11.16" "dbt-postgres==1.11.0"'),
    })
  })

  it("when there is none on PATH", async () => {
    const shop = openShop()
    vi.stubEnv("PATH", shop.folder)
    expect(await failureOf(run(shop, { dbt: "path" }))).toMatchObject({
      code: "dbt-missing",
      message: "There is no dbt on PATH",
      hint: expect.stringMatching(/pip install .*dbt: "managed"/),
    })
  })
})

describe("the environment of the dbt program itself", () => {
  it("is the allowlist, what the user names and what keeps dbt quiet: a dbt that writes it all down shows no foreign secret", async () => {
    const shop = openShop()
    await shop.load([order(1)])
    const bin = join(shop.folder, "bin")
    const seen = join(shop.folder, "seen.json")
    mkdirSync(bin)
    const script = `import json, os, sys; json.dump(dict(os.environ), open(${JSON.stringify(seen)}, "w")); os.execv(sys.argv[1], sys.argv[1:])`
    writeFileSync(join(bin, "dbt"), `#!/bin/sh\nexec '${duckdbPython}' -c '${script}' '${join(venv, "bin", "dbt")}' "$@"\n`)
    chmodSync(join(bin, "dbt"), 0o755)
    vi.stubEnv("PATH", `${bin}${delimiter}${process.env.PATH}`)
    const foreign = ["AWS_SECRET_ACCESS_KEY", "PGPASSWORD", "SOURCES__REST__TOKEN", "DBT_ENV_SECRET_OTHER", "NPM_TOKEN", "NODE_OPTIONS_X"]
    for (const name of foreign) vi.stubEnv(name, "canary-7f3a91")

    const result = await run(shop, { dbt: "path", select: "order_count", env: { REGION: "eu", DBT_ENV_SECRET_NAMED: secret("named-one") } })

    expect(result.nodes).toMatchObject([{ name: "order_count", status: "success" }])
    const environment: Readonly<Record<string, string>> = JSON.parse(readFileSync(seen, "utf8"))
    expect(environment).toMatchObject({ REGION: "eu", DBT_ENV_SECRET_NAMED: "named-one", DBT_SEND_ANONYMOUS_USAGE_STATS: "false" })
    expect(Object.keys(environment).filter((name) => foreign.includes(name))).toEqual([])
    expect(JSON.stringify(environment)).not.toContain("canary")
    const allowed =
      /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|NO_COLOR|.*_PROXY|SSL_\w+|\w+_CA_BUNDLE|XDG_CACHE_HOME)$/i
    const own = /^(DBT_SEND_ANONYMOUS_USAGE_STATS|DO_NOT_TRACK|PYTHON\w+|REGION|DBT_ENV_SECRET_NAMED|PWD|SHLVL|OLDPWD|_)$/
    expect(Object.keys(environment).filter((name) => !allowed.test(name) && !own.test(name))).toEqual([])
  })
})

describe("a project from elsewhere, run by a real dbt", () => {
  it("is a git repository at a revision, of which nothing is left", async () => {
    const shop = openShop()
    await shop.load([order(1), order(2)])
    const repository = join(shop.folder, "repository")
    cpSync(shop.project, join(repository, "warehouse"), { recursive: true })
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-C", repository, ...args])
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "first")
    git("tag", "v1")
    writeFileSync(join(repository, "warehouse", "models", "order_count.sql"), "select -1 as n")
    git("commit", "--quiet", "-am", "second")
    const project = { git: "repository", revision: "v1", folder: "warehouse" }
    await run(shop, { project, select: "order_count", commands: ["run"] })
    expect(await shop.read("select n from order_count")).toEqual([{ n: 2 }])
  })

  it("is an installed npm package", async () => {
    const shop = openShop()
    await shop.load([order(1), order(2), order(3)])
    const installed = join(shop.folder, "node_modules", "@acme", "shop-models")
    cpSync(shop.project, join(installed, "dbt"), { recursive: true })
    writeFileSync(join(installed, "package.json"), '{ "name": "@acme/shop-models", "version": "1.0.0" }')
    await run(shop, { project: { package: "@acme/shop-models" }, select: "order_count", commands: ["run"] })
    expect(await shop.read("select n from order_count")).toEqual([{ n: 3 }])
  })
})
