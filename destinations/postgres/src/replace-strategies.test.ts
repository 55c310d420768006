import { type ReplaceStrategy, replaceStrategies } from "@lading/sql"
import { createDestinationFixture, defineTable, destinationChecks, load, readAll, sealOf } from "@lading/testkit"
import { afterEach, beforeEach, describe, expect, it, onTestFinished, test } from "vitest"
import { createFixture, type Fixture } from "../test/fixture.ts"
import { ask, dropDatasets, testServer } from "../test/server.ts"
import plugin from "./plugin.ts"

const checks = destinationChecks.filter(({ concern }) => concern === "replace" || concern === "accounting")
const others = replaceStrategies.filter((strategy) => strategy !== "insert-from-staging")

describe.each(others)("replace, %s", (replaceStrategy) => {
  it.each(checks.map((check) => [check.name, check] as const))("%s", async (_, check) => {
    const { host, port, user, password, database } = await testServer()
    const options = { host, port, user, password, database, replaceStrategy }
    const fixture = await createDestinationFixture({ plugin, makeOptions: () => options, cleanUp: dropDatasets })
    onTestFinished(() => fixture.dispose())
    await check.check(fixture)
  })
})

let fixture: Fixture
beforeEach(async () => {
  fixture = await createFixture()
})
afterEach(() => fixture.dispose())

const things = defineTable("things", { id: "bigint" }, { write_disposition: "replace" })
const items = defineTable("things__items", { x: "bigint" }, { parent: "things" })
const parts = async (ids: readonly number[]) => [
  await fixture.part(
    things,
    ids.map((id) => ({ id })),
  ),
]

test.each<readonly [ReplaceStrategy, boolean]>([
  ["truncate-and-insert", true],
  ["insert-from-staging", true],
  ["staging-optimized", false],
])("%s keeps the table with its own columns, indexes and grants: %s", async (replaceStrategy, isKept) => {
  const session = await fixture.open({ replaceStrategy })
  const name = `"${fixture.dataset}".things`
  await load(session, sealOf("1", [things, items], await parts([1, 2])))
  await ask(`ALTER TABLE ${name} ADD COLUMN note text; CREATE INDEX ON ${name} (id); GRANT SELECT ON ${name} TO public`)
  const { tables } = await load(session, sealOf("2", [things, items], await parts([3])))
  expect(tables).toEqual({ things: { loaded: 1, inserted: 1, deleted: 2 } })
  expect((await readAll(session, "SELECT id FROM things")).rows).toEqual([[3]])
  const [found] = await ask(
    `SELECT (SELECT count(*)::int FROM pg_attribute WHERE attrelid = c.oid AND attname = 'note') AS columns,
       (SELECT count(*)::int FROM pg_index WHERE indrelid = c.oid) AS indexes, (c.relacl IS NOT NULL)::int AS grants, c.relpersistence AS kind
     FROM pg_class c WHERE c.oid = '${name}'::regclass`,
  )
  const count = isKept ? 1 : 0
  expect(found).toEqual({ columns: count, indexes: count, grants: count, kind: "p" })
  expect(await ask("SELECT 1 FROM pg_tables WHERE schemaname = $1 AND starts_with(tablename, '_lading_stage')", [fixture.dataset])).toEqual(
    [],
  )
})

test("staging-optimized fails on a table that a view needs, says what to do, and changes nothing", async () => {
  const session = await fixture.open({ replaceStrategy: "staging-optimized" })
  await load(session, sealOf("1", [things], await parts([1])))
  await ask(`CREATE VIEW "${fixture.dataset}".seen AS SELECT id FROM "${fixture.dataset}".things`)
  const failed = load(session, sealOf("2", [things], await parts([2])))
  await expect(failed).rejects.toMatchObject({ code: "destination-error", hint: expect.stringContaining("insert-from-staging") })
  expect((await readAll(session, "SELECT id FROM seen")).rows).toEqual([[1]])
})
