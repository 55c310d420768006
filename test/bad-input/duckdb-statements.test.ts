import { DuckDBInstance } from "@duckdb/node-api"
import { resource } from "@lading/engine"
import { describe, expect, it } from "vitest"
import { anyRejects, createTarget, expectAccounted, type Target } from "../cases/support/target.ts"
import { hostileNames, naughtyNames } from "./support/hostile-names.ts"

/** A target whose database holds somebody else's tables already, one of them in the dataset itself. */
async function targetWithCanaries(options: Parameters<typeof createTarget>[0] = {}): Promise<Target> {
  const target = createTarget({ ...anyRejects, ...options })
  const instance = await DuckDBInstance.create(target.database)
  const connection = await instance.connect()
  await connection.run("create schema public; create schema data; create table public.canary as select 1 as alive")
  await connection.run("create table data.canary as select 2 as alive; create view public.view as select alive from public.canary")
  connection.closeSync()
  instance.closeSync()
  return target
}

/** Fails unless the canaries live and there are no tables but them, the system's, and as many as are named. */
async function expectTables(target: Target, made: number): Promise<void> {
  const canaries =
    "select alive from public.canary union all select alive from data.canary union all select alive from public.view order by 1"
  expect(await target.read(canaries)).toEqual([{ alive: 1 }, { alive: 1 }, { alive: 2 }])
  const tables = await target.read("select table_schema || '.' || table_name as name from information_schema.tables order by 1")
  const others = tables.map(({ name }) => String(name)).filter((name) => !/^data\._(dlt|lading)_/.test(name))
  expect(others.filter((name) => /^(public\.(canary|view)|data\.canary)$/.test(name))).toHaveLength(3)
  expect(others).toHaveLength(3 + made)
}

describe.each(["snake_case", "direct"] as const)("hostile names on DuckDB (%s)", (naming) => {
  it("are columns that hold their values, and nothing else happens", async () => {
    const target = await targetWithCanaries({ naming })
    await target.pipeline.run([Object.fromEntries(naughtyNames.map((key, i) => [key, i]))], { table: "t" })
    const [row = {}] = await target.read("select * exclude (_dlt_id, _dlt_load_id) from t")
    expect(
      Object.values(row)
        .map(Number)
        .toSorted((a, b) => a - b),
    ).toEqual(naughtyNames.map((_, i) => i))
    await expectTables(target, 1)
  })

  it("are tables that hold their rows, or no table's name, and nothing else happens", async () => {
    const target = await targetWithCanaries({ naming })
    const chosen = [...hostileNames, ...naughtyNames.filter((_, i) => i % 5 === 0)]
    const rows = chosen.map((name, i) => ({ name, i }))
    const receipt = await target.pipeline.run(resource("t", { table: (row: { readonly name: string }) => row.name }, [rows]))
    expectAccounted(receipt)
    const tables = await target.read(
      "select table_name as name from information_schema.tables where table_schema = 'data' and table_name <> 'canary' and table_name not similar to '_(dlt|lading)_.*'",
    )
    const list = tables.map(({ name }) => `select name, i from data."${String(name).replaceAll('"', '""')}"`)
    const held = await target.read(list.join(" union all "))
    expect(held.length + receipt.rejects.count).toBe(rows.length)
    for (const { name, i } of held) expect(rows[Number(i)]?.name).toBe(name)
    await expectTables(target, tables.length)
    expect(tables.length).toBeGreaterThan(80)
  })
})

describe("hostile texts on DuckDB", () => {
  it("are keys of a merge that find their rows again, and nothing else happens", async () => {
    const target = await targetWithCanaries()
    const options = { table: "t", writeDisposition: "merge", primaryKey: "k" } as const
    for (const sign of [1, -1])
      await target.pipeline.run(
        naughtyNames.map((k, i) => ({ k, v: sign * (i + 1) })),
        options,
      )
    // As bytes: DuckDB's client takes a U+FEFF at the start of a text for a byte-order mark.
    const rows = await target.read("select hex(encode(k)) as k, v from t order by v desc")
    expect(rows).toEqual(naughtyNames.map((k, i) => ({ k: Buffer.from(k).toString("hex").toUpperCase(), v: -i - 1 })))
    await expectTables(target, 1)
  })
})
