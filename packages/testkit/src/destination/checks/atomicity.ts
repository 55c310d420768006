import assert from "node:assert/strict"
import type { DestinationSession } from "@lading/core"
import { refused } from "../../assert.ts"
import { always } from "../../check.ts"
import { defineState, defineTable } from "../../data/tables.ts"
import type { DestinationCheck, DestinationFixture } from "../fixture.ts"
import { begin, load, sealOf, type UnfencedSeal } from "../load.ts"
import { assertRows, visibleRows } from "../read.ts"

const things = defineTable("things", { a: "bigint" })
const others = defineTable("others", { b: "text" })
const names = [
  { table: "things", column: undefined, path: '["things"]' },
  { table: "things", column: "a", path: '["A"]' },
]

/** A load of two tables in four parts, with state and names. */
async function bigSeal(fixture: DestinationFixture, loadId = "1"): Promise<UnfencedSeal> {
  const parts = [
    await fixture.part(things, [{ a: 1 }, { a: 2 }]),
    await fixture.part(others, [{ b: "x" }]),
    await fixture.part(things, [{ a: 3 }]),
    await fixture.part(others, [{ b: "y" }, { b: "z" }]),
  ]
  return sealOf(loadId, [things, others], parts, { state: defineState("s1", 1, fixture.pipeline), names })
}

async function assertNothing(fixture: DestinationFixture, session: DestinationSession, when: string): Promise<void> {
  for (const table of ["things", "others"]) assert.equal(await visibleRows(fixture, session, table), 0, `rows of ${table} ${when}`)
  const { state, schemas, names: known } = await session.snapshot()
  assert.deepStrictEqual({ state, schemas, known }, { state: undefined, schemas: [], known: [] }, `state, schema or names ${when}`)
  assert.equal((await session.committedLoads(["1"])).size, 0, `a marker ${when}`)
}

async function assertEverything(fixture: DestinationFixture, session: DestinationSession): Promise<void> {
  await assertRows(fixture, session, things, [{ a: 1 }, { a: 2 }, { a: 3 }])
  await assertRows(fixture, session, others, [{ b: "x" }, { b: "y" }, { b: "z" }])
  const { state, schemas, names: known } = await session.snapshot()
  assert.equal(state?.version_hash, "s1", "the state is not there")
  assert.deepStrictEqual([schemas.length, known], [1, names], "schema or names are not there")
  assert.ok((await session.committedLoads(["1"])).has("1"), "the marker is not there")
}

/** All or nothing, seen from outside. */
export const atomicityChecks: readonly DestinationCheck[] = [
  {
    concern: "atomicity",
    name: "shows nothing before the commit and everything after it",
    appliesTo: always,
    async check(fixture) {
      const [writing, reading] = [await fixture.open(), await fixture.open()]
      const seal = await bigSeal(fixture)
      const { writer, epoch } = await begin(writing, "1")
      await assertNothing(fixture, reading, "before anything was staged")
      for (const part of seal.parts) {
        await writer.stage(part, seal.schema.tables)
        await assertNothing(fixture, reading, "after a part was staged, before the commit")
      }
      const { status, tables } = await writer.commit({ ...seal, epoch })
      assert.equal(status, "committed")
      assert.deepStrictEqual([tables.things?.loaded, tables.others?.loaded], [3, 3], "rows that the destination reports")
      await assertEverything(fixture, reading)
    },
  },
  {
    concern: "atomicity",
    name: "stages in the commit what was not staged before, and nothing twice",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const seal = await bigSeal(fixture)
      const { writer, epoch } = await begin(session, "1")
      for (const part of seal.parts.slice(1, 3)) {
        await writer.stage(part, seal.schema.tables)
        await writer.stage(part, seal.schema.tables)
      }
      await writer.commit({ ...seal, epoch })
      await assertEverything(fixture, session)
    },
  },
  {
    concern: "atomicity",
    name: "takes parts that are handed over while earlier ones are still being staged",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const seal = await bigSeal(fixture)
      const { writer, epoch } = await begin(session, "1")
      await Promise.all(seal.parts.map((part) => writer.stage(part, seal.schema.tables)))
      await writer.commit({ ...seal, epoch })
      await assertEverything(fixture, session)
    },
  },
  {
    concern: "atomicity",
    name: "leaves nothing after an abort, and can load the same again",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const seal = await bigSeal(fixture)
      const { writer } = await begin(session, "1")
      for (const part of seal.parts) await writer.stage(part, seal.schema.tables)
      await writer.abort()
      await writer.abort()
      await assertNothing(fixture, session, "after an abort")
      await load(session, seal)
      await assertEverything(fixture, session)
    },
  },
  {
    concern: "atomicity",
    name: "lets nothing happen through a writer that was aborted",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const seal = await bigSeal(fixture)
      const { writer, epoch } = await begin(session, "1")
      await writer.abort()
      await refused(writer.commit({ ...seal, epoch }), "a commit after the abort")
      await assertNothing(fixture, session, "after a commit that followed an abort")
    },
  },
  {
    concern: "atomicity",
    name: "leaves nothing of a load that fails at its last part, and what was there stays",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      await load(session, sealOf("0", [things], [await fixture.part(things, [{ a: 0 }])]))
      const good = await bigSeal(fixture)
      const missing = { ...(await fixture.part(others, [{ b: "lost" }])), path: `${fixture.place.folder}/no-such-part` }
      await refused(load(session, sealOf("1", [things, others], [...good.parts, missing])), "a load with a part that is not there")
      await assertRows(fixture, session, things, [{ a: 0 }])
      assert.equal(await visibleRows(fixture, session, "others"), 0)
      assert.deepStrictEqual(await session.committedLoads(["0", "1"]), new Set(["0"]))
    },
  },
]
