import { join } from "node:path"
import type { ReplaceStrategy } from "@lading/sql"
import { createDestinationFixture, defineTable, destinationChecks, load, readAll, sealOf } from "@lading/testkit"
import { describe, expect, it, onTestFinished } from "vitest"
import plugin from "./plugin.ts"

const checks = destinationChecks.filter(({ concern }) => concern === "replace" || concern === "accounting")

async function fixtureWith(replaceStrategy: ReplaceStrategy) {
  const fixture = await createDestinationFixture({
    plugin,
    makeOptions: ({ folder }) => ({ path: join(folder, "data.duckdb"), threads: 1, replaceStrategy }),
  })
  onTestFinished(() => fixture.dispose())
  return fixture
}

describe("replace, staging-optimized", () => {
  it.each(checks.map((check) => [check.name, check] as const))("%s", async (_, check) => {
    await check.check(await fixtureWith("staging-optimized"))
  })
})

const things = defineTable("things", { id: "bigint" }, { write_disposition: "replace" })

it.each<readonly [ReplaceStrategy, readonly string[]]>([
  ["truncate-and-insert", ["id", "_dlt_load_id", "_dlt_id", "note"]],
  ["insert-from-staging", ["id", "_dlt_load_id", "_dlt_id", "note"]],
  ["staging-optimized", ["id", "_dlt_load_id", "_dlt_id"]],
])("%s counts what went and what came, and leaves these columns of a table that had one more", async (strategy, columns) => {
  const fixture = await fixtureWith(strategy)
  const session = await fixture.open()
  const wider = { ...things, columns: { ...things.columns, note: { name: "note", data_type: "text" as const } } }
  await load(session, sealOf("1", [wider], [await fixture.part(wider, [{ id: 1, note: "a" }, { id: 2 }])]))
  const { tables } = await load(session, sealOf("2", [things], [await fixture.part(things, [{ id: 3 }])]))
  expect(tables).toEqual({ things: { loaded: 1, inserted: 1, deleted: 2 } })
  const found = await readAll(session, "SELECT * FROM things")
  expect(found.columns.map(({ name }) => name)).toEqual(columns)
  expect(found.rows.map(([id]) => id)).toEqual([3])
})
