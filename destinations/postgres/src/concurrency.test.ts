import { begin, defineState, defineTable, load, readAll, sealOf } from "@lading/testkit"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createFixture, type Fixture } from "../test/fixture.ts"
import { ask } from "../test/server.ts"

let fixture: Fixture
beforeEach(async () => {
  fixture = await createFixture()
})
afterEach(() => fixture.dispose())

const things = defineTable("things", { a: "bigint" })
const numbers = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ a: from + index }))

test("pipelines that create one dataset and one table at the same moment all succeed", async () => {
  const loads = Array.from({ length: 6 }, async (_, index) => {
    const session = await fixture.open({}, `p${index}`)
    const seal = sealOf(`${index}`, [things], [await fixture.part(things, numbers(index * 100, 100))], {
      state: defineState(`s${index}`, 1, `p${index}`),
    })
    return load(session, seal)
  })
  expect((await Promise.all(loads)).map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => "committed"))
  const session = await fixture.open()
  expect((await readAll(session, "SELECT count(*), count(DISTINCT a) FROM things")).rows).toEqual([[600, 600]])
})

test("pipelines that add columns to one table at the same moment all succeed", async () => {
  await load(await fixture.open(), sealOf("0", [things], [await fixture.part(things, numbers(0, 1))]))
  const loads = Array.from({ length: 4 }, async (_, index) => {
    const grown = defineTable("things", { a: "bigint", shared: "text", [`own_${index}`]: "text" })
    const part = await fixture.part(grown, [{ a: index + 1, shared: "x", [`own_${index}`]: "y" }])
    return load(await fixture.open({}, `p${index}`), sealOf(`${index + 1}`, [grown], [part]))
  })
  await Promise.all(loads)
  const { rows } = await readAll(await fixture.open(), "SELECT a, shared, own_0, own_3 FROM things ORDER BY a")
  expect(rows).toEqual([
    [0, null, null, null],
    [1, "x", "y", null],
    [2, "x", null, null],
    [3, "x", null, null],
    [4, "x", null, "y"],
  ])
})

test("pipelines that merge the same keys at the same moment leave each key once", async () => {
  const merged = defineTable(
    "things",
    { a: { data_type: "bigint", primary_key: true, nullable: false } },
    { write_disposition: "merge", "x-merge-strategy": "upsert" },
  )
  await load(await fixture.open(), sealOf("0", [merged], [await fixture.part(merged, numbers(0, 5))]))
  const loads = Array.from({ length: 4 }, async (_, index) =>
    load(await fixture.open({}, `p${index}`), sealOf(`${index + 1}`, [merged], [await fixture.part(merged, numbers(0, 200))])),
  )
  await Promise.all(loads)
  expect((await readAll(await fixture.open(), "SELECT count(*), count(DISTINCT a) FROM things")).rows).toEqual([[200, 200]])
})

test("a load that waits too long for somebody's lock says so, and can be run again", async () => {
  const session = await fixture.open({ lockTimeoutMs: 200 })
  const grown = defineTable("things", { a: "bigint", b: "text" })
  await load(session, sealOf("0", [things], [await fixture.part(things, numbers(0, 1))]))
  const other = await fixture.open()
  const reading = other.query("SELECT 1, pg_sleep(2) FROM things")[Symbol.asyncIterator]().next()
  await untilLocked()
  const seal = sealOf("1", [grown], [await fixture.part(grown, [{ a: 1, b: "x" }])])
  await expect(load(session, seal)).rejects.toMatchObject({ code: "destination-busy", retryable: true, details: { sqlstate: "55P03" } })
  await reading
  await other.close()
  expect((await load(session, seal)).status).toBe("committed")
})

async function untilLocked(): Promise<void> {
  for (;;) {
    const rows = await ask("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT 1, pg_sleep%' AND state = 'active'")
    if (rows.length > 0) return
  }
}

test("nothing is locked, and no transaction is open, while a load is being staged", async () => {
  const session = await fixture.open()
  await load(session, sealOf("0", [things], [await fixture.part(things, numbers(0, 1))]))
  const { writer } = await begin(session, "1")
  await writer.stage(await fixture.part(things, numbers(1, 10)), { things })
  const open = await ask("SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'lading %' AND xact_start IS NOT NULL")
  expect(open).toEqual([])
  await writer.abort()
})

test("staging tables of runs that are over are swept, those of a living one are not", async () => {
  const stagingTables = async () =>
    (await ask("SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename LIKE '%stage%'", [fixture.dataset])).length
  const [dead, living] = [await fixture.open({}, "dead"), await fixture.open({}, "living")]
  await (await begin(dead, "1")).writer.stage(await fixture.part(things, numbers(0, 1)), { things })
  await (await begin(living, "2")).writer.stage(await fixture.part(things, numbers(1, 1)), { things })
  expect(await stagingTables()).toBe(2)
  const third = await fixture.open({}, "third")
  await third.takeLease({ owner: "a:b:1", takeOver: false })
  expect(await stagingTables()).toBe(2)
  await ask(`UPDATE "${fixture.dataset}"._lading_lease SET "owner" = NULL WHERE pipeline = 'dead'`)
  await third.takeLease({ owner: "a:b:1", takeOver: true })
  expect(await stagingTables()).toBe(1)
  await living.takeLease({ owner: "a:b:2", takeOver: true })
  expect(await stagingTables()).toBe(0)
})

test("a staged load whose lease was taken over ends as fenced, although its staging table is gone", async () => {
  const [old, next] = [await fixture.open(), await fixture.open()]
  const { writer } = await begin(old, "1")
  await writer.stage(await fixture.part(things, numbers(0, 1)), { things })
  await next.takeLease({ owner: "elsewhere:boot:7", takeOver: true })
  await expect(writer.stage(await fixture.part(things, numbers(1, 1)), { things })).rejects.toMatchObject({ code: "fenced" })
})
