import { existsSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { duckdb } from "@lading/destination-duckdb"
import { type DbtProgress, type DbtResult, dbt, generate } from "@lading/transformer-dbt"
import { pipeline } from "lading"
import { describe, expect, it } from "vitest"
import { readDatabase } from "../cases/support/read-database.ts"
import { makeFolder } from "../cases/support/target.ts"
import { copyProject, filesIn, holdDatabase, realDbt, startDbt } from "./support/dbt.ts"
import { failureOf, leftovers, openShop, order } from "./support/shop.ts"

const slow = "select count(*) as n from range(100000000000) as a(i) where i % 7 = 3"

describe("dbt after a load, on DuckDB", () => {
  // Case dbt-holds-the-file (dbt-labs/dbt-core#11980), first half.
  it("builds sources, a seed, an incremental model, a snapshot and tests twice, each time on what was just loaded", async () => {
    const shop = openShop()
    const before = filesIn(shop.project)
    const events: DbtProgress[] = []
    const transform = dbt({ project: "dbt", ...realDbt, threads: 2 })

    const first = await shop.load([order(1), order(2, "de")])
    const afterFirst = await transform.runAfter(shop.pipeline, first, { onProgress: (event) => void events.push(event) })
    expect(await shop.read("select n from order_count")).toEqual([{ n: 2 }])
    const second = await shop.load([order(3), order(4), order(5)], "Paris")
    await transform.runAfter(shop.pipeline, second)

    expect(await shop.read("select n from order_count")).toEqual([{ n: 5 }])
    expect(await shop.read("select country, orders from orders_by_country order by 1")).toEqual([
      { country: "France", orders: 4 },
      { country: "Germany", orders: 1 },
    ])
    expect(await shop.read("select id, built_for = _dlt_load_id as own_load from new_orders order by id")).toEqual(
      [1, 2, 3, 4, 5].map((id) => ({ id, own_load: true })),
    )
    expect(await shop.read("select city, dbt_valid_to is null as is_current from customers_history order by 2")).toEqual([
      { city: "Lyon", is_current: false },
      { city: "Paris", is_current: true },
    ])

    expect(afterFirst.dbt.status).toBe("succeeded")
    expect(afterFirst.toString()).toContain("dbt build → dataset data:")
    const results = await shop.read(
      `select load_ids, count(*) as nodes, count(distinct invocation_id) as runs, min(started_at) > timestamp '2020-01-01' as has_times
       from dbt_results group by 1 order by 1`,
    )
    expect(results).toEqual([first.loadId, second.loadId].map((id) => ({ load_ids: `["${id}"]`, nodes: 8, runs: 1, has_times: true })))
    expect(await shop.read("select distinct resource_type, status from dbt_results order by 1, 2")).toEqual([
      { resource_type: "model", status: "success" },
      { resource_type: "seed", status: "success" },
      { resource_type: "snapshot", status: "success" },
      { resource_type: "test", status: "pass" },
    ])

    const finished = events.filter((event) => event.kind === "node-finished")
    expect(finished).toHaveLength(8)
    expect(finished).toContainEqual(expect.objectContaining({ name: "order_count", resourceType: "model", status: "success", total: 8 }))
    expect(filesIn(shop.project)).toEqual(before)
    expect(leftovers()).toEqual([])
  })

  // Case dbt-holds-the-file (dbt-labs/dbt-core#11980), second half.
  it("does not start while another process holds the file, and says which one", async () => {
    const shop = openShop()
    const receipt = await shop.load([order(1), order(2)])
    const holder = await holdDatabase(shop.database)
    const events: DbtProgress[] = []
    const transform = dbt({ project: "dbt", ...realDbt })
    try {
      const after = await transform.runAfter(shop.pipeline, receipt, {
        onFailure: "report",
        onProgress: (event) => void events.push(event),
      })
      expect(after.status).toBe("committed")
      expect(after.dbt).toMatchObject({ status: "did-not-run", error: { code: "database-locked" } })
      expect(after.toString()).toContain(
        `dbt did not run: database-locked: The database ${shop.database} is in use by process ${holder.pid}`,
      )
      expect(after.warnings.join()).toContain("dbt did not run")
      const error = await failureOf(transform.runAfter(shop.pipeline, receipt))
      expect(error).toMatchObject({ code: "database-locked", details: { receipt: { loadId: receipt.loadId } } })
      expect(events.filter(({ kind }) => kind === "command-started")).toEqual([])
    } finally {
      await holder.stop()
    }
    expect(await shop.read("select count(*) as n from orders")).toEqual([{ n: 2 }])
  })

  it("does not start while this process reads from the file", async () => {
    const shop = openShop()
    await shop.load([order(1), order(2)])
    const rows = shop.pipeline.dataset().table("orders").rows()[Symbol.asyncIterator]()
    await rows.next()
    const run = dbt({ project: "dbt", ...realDbt }).run({ destination: duckdb(shop.database), dataset: "data", baseDirectory: shop.folder })
    expect(await failureOf(run)).toMatchObject({
      code: "database-locked",
      message: expect.stringContaining("an open session of this process"),
    })
    await rows.return?.()
  })
})

describe("dbt that cannot do its work", () => {
  it("names the models that failed, keeps the results, and leaves the load committed", async () => {
    const shop = openShop({ "models/broken.sql": "select no_such_column from {{ source('shop', 'orders') }}" })
    const receipt = await shop.load([order(1)])
    const error = await failureOf(dbt({ project: "dbt", ...realDbt }).runAfter(shop.pipeline, receipt))
    expect(error).toMatchObject({ code: "dbt-model-failed", hint: expect.stringContaining('select: ["broken"]') })
    expect(error.message).toMatch(/model broken \(models\/broken\.sql\): .*no_such_column/)
    expect(await shop.read("select name, status from dbt_results where status in ('error', 'fail')")).toEqual([
      { name: "broken", status: "error" },
    ])
    expect(await shop.read("select n from order_count")).toEqual([{ n: 1 }])
  })

  it("tells a fault of the project from a model that failed", async () => {
    const shop = openShop({ "models/lost.sql": "select * from {{ ref('nowhere') }}" })
    const receipt = await shop.load([order(1)])
    const error = await failureOf(dbt({ project: "dbt", ...realDbt }).runAfter(shop.pipeline, receipt))
    expect(error).toMatchObject({ code: "dbt-failed", message: expect.stringContaining("nowhere") })
  })

  it("says what to do about a destination that dbt cannot reach", async () => {
    const shop = openShop()
    await shop.load([order(1)])
    const settings = { path: join(shop.folder, "no-such-folder", "x.duckdb"), schema: "data" }
    const destination = { ...duckdb(shop.database), dbtProfile: () => ({ type: "duckdb", settings }) }
    const run = dbt({ project: "dbt", ...realDbt }).run({ destination, dataset: "data", baseDirectory: shop.folder })
    expect(await failureOf(run)).toMatchObject({ code: "dbt-profile", hint: expect.stringContaining("destination") })
  })

  it.each([
    ["no dbt", { project: "dbt", dbt: { venv: "nowhere" } }, "dbt-missing", /pip install "dbt-core==/],
    ["no project", { project: "nowhere" }, "dbt-project-missing", /folder/],
  ] as const)("says what to do when there is %s", async (_what, options, code, hint) => {
    const shop = openShop()
    const run = dbt(options).run({ destination: duckdb(shop.database), dataset: "data", baseDirectory: shop.folder })
    expect(await failureOf(run)).toMatchObject({ code, hint: expect.stringMatching(hint) })
    expect(leftovers()).toEqual([])
  })

  it("is stopped after its time, says what it worked on, and the file is free again", async () => {
    const shop = openShop({ "models/slow.sql": slow })
    const receipt = await shop.load([order(1)])
    const events: DbtProgress[] = []
    const transform = dbt({ project: "dbt", ...realDbt, select: "slow", timeoutMs: 20_000 })
    const error = await failureOf(transform.runAfter(shop.pipeline, receipt, { onProgress: (event) => void events.push(event) }))
    expect(error).toMatchObject({ code: "dbt-timeout", hint: expect.stringContaining("timeoutMs") })
    // A machine under load may need all that time to start dbt.
    const isStarted = events.some(({ kind }) => kind === "node-started")
    expect(error.message.includes("while it worked on model.shop.slow")).toBe(isStarted)
    expect(await shop.read("select count(*) as n from orders")).toEqual([{ n: 1 }])
    expect(leftovers()).toEqual([])
  })

  it("is stopped by a signal to abort, and the file is free again", async () => {
    const shop = openShop({ "models/slow.sql": slow })
    const receipt = await shop.load([order(1)])
    const controller = new AbortController()
    const onProgress = (event: DbtProgress): void => {
      if (event.kind === "node-started") controller.abort()
    }
    const transform = dbt({ project: "dbt", ...realDbt, select: "slow" })
    const run = transform.run({
      destination: duckdb(shop.database),
      dataset: "data",
      baseDirectory: shop.folder,
      signal: controller.signal,
      onProgress,
    })
    expect(await failureOf(run)).toMatchObject({ code: "interrupted" })
    expect((await shop.pipeline.run([order(2)], { table: "orders" })).status).toBe("committed")
    expect(receipt.status).toBe("committed")
    expect(leftovers()).toEqual([])
  })
})

describe("what dbt leaves behind", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("is nothing after %s: no profile, no folder, no process", async (signal) => {
    const shop = openShop({ "models/slow.sql": slow })
    await shop.load([order(1)])
    const program = startDbt(shop.folder, { project: "dbt", ...realDbt, select: "slow" })
    await program.saw("node-started")
    expect(readdirSync(join(shop.folder, "tmp"))).toEqual([expect.stringMatching(/^lading-dbt-/)])
    program.child.kill(signal)
    expect(await program.end).toMatchObject({ exitCode: null, signal })
    expect(readdirSync(join(shop.folder, "tmp"))).toEqual([])
    expect((await shop.pipeline.run([order(2)], { table: "orders" })).status).toBe("committed")
  })

  it("holds no secret of others: a project that prints its whole environment shows none", async () => {
    const folder = makeFolder()
    copyProject("environment", join(folder, "dbt"))
    await pipeline({
      name: "case",
      destination: duckdb(join(folder, "target.duckdb")),
      dataset: "data",
      workDir: join(folder, "work"),
    }).run([order(1)], { table: "orders" })
    const canary = "canary-7f3a91"
    const names = [
      "AWS_SECRET_ACCESS_KEY",
      "PGPASSWORD",
      "SOURCES__REST__TOKEN",
      "DBT_ENV_SECRET_OTHER",
      "DBT_PASSWORD",
      "NODE_OPTIONS_SECRET",
    ]
    const program = startDbt(
      folder,
      { project: "dbt", ...realDbt, artifacts: "kept", env: { DBT_ENV_SECRET_NAMED: "named-by-the-user" } },
      Object.fromEntries(names.map((name) => [name, canary])),
    )
    const { output, exitCode } = await program.end
    expect(exitCode, output).toBe(0)
    const [row] = await readDatabase(join(folder, "target.duckdb"), "select environment from printed")
    const seen = JSON.parse(String(row?.environment))
    expect(seen).toMatchObject({
      PATH: expect.any(String),
      DBT_ENV_SECRET_NAMED: "named-by-the-user",
      DBT_SEND_ANONYMOUS_USAGE_STATS: "false",
    })
    for (const name of names) expect(Object.keys(seen)).not.toContain(name)
    expect(output).toContain("DBT_ENV_SECRET_NAMED")
    expect(output + String(row?.environment)).not.toContain(canary)
    expect(existsSync(join(folder, "kept", "target", "run_results.json"))).toBe(true)
    expect(readdirSync(join(folder, "tmp"))).toEqual([])
  })
})

describe("single commands of dbt", () => {
  it("run in order with what a local package and variables bring, and keep their documentation where that is asked for", async () => {
    const shop = openShop({
      "packages.yml": "packages:\n  - local: shared\n",
      "shared/dbt_project.yml": "name: shared\nversion: '1.0'\n",
      "shared/macros/label.sql": "{% macro label() %}{{ var('label') }}{% endmacro %}",
      "models/labelled.sql": "select $${{ shared.label() }}$$ as label, '{{ target.name }}' as target",
    })
    await shop.load([order(1)])
    const result = await dbt({
      ...{ project: "dbt", ...realDbt, artifacts: "kept", target: "prod", schema: "marts", vars: { label: "it's" } },
      commands: ["deps", "run", "docs generate"],
      select: "labelled",
      fullRefresh: true,
    }).run({ destination: duckdb(shop.database), dataset: "data", baseDirectory: shop.folder })
    expect(result.commands).toEqual(["deps", "run", "docs generate"])
    expect(result.nodes.filter(({ command }) => command === "run").map(({ name, relation }) => [name, relation])).toEqual([
      ["labelled", '"target"."marts"."labelled"'],
    ])
    expect(await readDatabase(shop.database, "select label, target from labelled", "marts")).toEqual([{ label: "it's", target: "prod" }])
    expect(filesIn(join(shop.folder, "kept", "target"))).toEqual(expect.arrayContaining(["catalog.json", "index.html", "run_results.json"]))
    expect(filesIn(join(shop.folder, "kept"))).toContain("logs/dbt.log")
  })
})

describe("a generated project", () => {
  it("builds on the dataset that it was generated from, without a warning of dbt", async () => {
    const shop = openShop()
    rmSync(shop.project, { recursive: true })
    await shop.load([order(1), order(2)])
    const [stored] = await shop.read("select schema from _dlt_version order by version desc limit 1")
    const files = await generate({ schema: JSON.parse(String(stored?.schema)), folder: shop.project, dataset: "data" })
    expect(files.map(({ action }) => action)).toEqual(files.map(() => "created"))
    const result: DbtResult = await dbt({ project: "dbt", ...realDbt }).run({
      ...{ destination: duckdb(shop.database), dataset: "data", baseDirectory: shop.folder },
    })
    expect(result.warnings).toEqual([])
    expect(new Set(result.nodes.map(({ status }) => status))).toEqual(new Set(["success", "pass"]))
    expect(await shop.read("select count(*) as n from stg_shop__orders")).toEqual([{ n: 2 }])
  })
})
