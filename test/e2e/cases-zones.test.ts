import { execFileSync } from "node:child_process"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { sharedPostgres } from "@lading/testkit"
import pg from "pg"
import { describe, expect, it } from "vitest"
import { readDatabase } from "../cases/support/read-database.ts"
import { makeFolder } from "../cases/support/target.ts"
import { input, runLoad } from "./cases/run-load.ts"

const zones = ["UTC", "America/New_York", "Asia/Jakarta", "Europe/Rome"]

describe("json-edge-timestamps (notatallshaw/nab#947)", () => {
  it("gives the same table in every time zone of the process", async () => {
    const tables = await Promise.all(
      zones.map(async (TZ) => {
        const folder = makeFolder()
        expect(await runLoad(folder, input("json-edge-timestamps.ndjson"), { env: { TZ } })).toMatchObject({ exitCode: 0 })
        return readDatabase(join(folder, "target.duckdb"), 'select id, "at"::varchar as "at", at__v_text as text from t order by id')
      }),
    )
    expect(tables[0]).toHaveLength(8)
    expect(tables[0]?.[1]).toEqual({ id: 2, at: "2024-03-31 01:30:00+00", text: null })
    for (const table of tables.slice(1)) expect(table).toEqual(tables[0])
  })

  it("gives the same table on PostgreSQL in every time zone of the process and of the server", async () => {
    const { url } = await sharedPostgres(process.env)
    const script = join(dirname(fileURLToPath(import.meta.url)), "cases", "load-postgres.mjs")
    const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => String } })
    await client.connect()
    const tables: unknown[] = []
    try {
      for (const [i, TZ] of zones.entries()) {
        const dataset = `zones_${process.pid}_${i}`
        await client.query(`ALTER ROLE CURRENT_USER SET TimeZone = '${zones[zones.length - 1 - i]}'`)
        execFileSync(process.execPath, [script, makeFolder(), input("json-edge-timestamps.ndjson"), dataset, url], {
          env: { ...process.env, TZ },
        })
        await client.query("SET TimeZone = 'UTC'")
        tables.push((await client.query(`SELECT id, "at", at__v_text FROM ${dataset}.t ORDER BY id`)).rows)
        await client.query(`DROP SCHEMA ${dataset} CASCADE`)
      }
    } finally {
      await client.query("ALTER ROLE CURRENT_USER RESET TimeZone")
      await client.end()
    }
    expect(tables[0]).toHaveLength(8)
    expect(tables[0]).toContainEqual({ id: "2", at: "2024-03-31 01:30:00+00", at__v_text: null })
    for (const table of tables.slice(1)) expect(table).toEqual(tables[0])
  })
})

describe("inc-offset-strings (airbytehq/airbyte#7962)", () => {
  it.each(["UTC", "Asia/Jakarta"])("compares cursors with different offsets as instants under TZ=%s", async (TZ) => {
    const folder = makeFolder()
    const load = (part: number) =>
      runLoad(folder, input(`inc-offsets.${part}.ndjson`), { env: { TZ }, hints: { incremental: { cursor: "updated_at" } } })
    const first = await load(1)
    expect(new Date(String(first.receipt.cursors?.["t"])).toISOString()).toBe("2023-03-01T17:00:00.000Z")
    const second = await load(2)
    expect(second.receipt.tables?.["t"]).toMatchObject({ extracted: 5, loaded: 2, deduplicated: 1, filtered: 2 })
    expect(new Date(String(second.receipt.cursors?.["t"])).toISOString()).toBe("2023-03-01T18:00:00.000Z")
    const rows = await readDatabase(join(folder, "target.duckdb"), "select id, updated_at::varchar as updated_at from t order by id")
    expect(rows).toEqual([
      { id: 1, updated_at: "2023-03-01 17:00:00+00" },
      { id: 2, updated_at: "2023-03-01 16:00:00+00" },
      { id: 3, updated_at: "2023-03-01 18:00:00+00" },
      { id: 4, updated_at: "2023-03-01 17:30:00+00" },
    ])
  })
})
