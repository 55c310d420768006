import assert from "node:assert/strict"
import { always } from "../../check.ts"
import { defineTable } from "../../data/tables.ts"
import type { DestinationCheck } from "../fixture.ts"
import { begin, load, sealOf } from "../load.ts"
import { assertRows, visibleRows } from "../read.ts"

const things = defineTable("things", { a: "bigint" })

/** What a session does between `open` and `close`. */
export const sessionChecks: readonly DestinationCheck[] = [
  {
    concern: "session",
    name: "sees nothing in a dataset that does not exist, and does not fail",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      assert.deepStrictEqual(await session.snapshot(), { exists: false, schemas: [], state: undefined, names: [] })
      assert.equal((await session.committedLoads(["1"])).size, 0)
      assert.equal((await session.committedLoads([])).size, 0)
      assert.equal((await session.inexactIntegerColumns(things)).size, 0)
    },
  },
  {
    concern: "session",
    name: "finds everything again after it was closed and opened anew",
    appliesTo: always,
    async check(fixture) {
      const first = await fixture.open()
      await load(first, sealOf("1", [things], [await fixture.part(things, [{ a: 1 }])]))
      await first.close()
      const second = await fixture.open()
      await assertRows(fixture, second, things, [{ a: 1 }])
      assert.deepStrictEqual(await second.committedLoads(["1"]), new Set(["1"]))
    },
  },
  {
    concern: "session",
    name: "shows a commit to other sessions that are open",
    appliesTo: always,
    async check(fixture) {
      const [writing, reading] = [await fixture.open(), await fixture.open()]
      await load(writing, sealOf("1", [things], [await fixture.part(things, [{ a: 1 }])]))
      await assertRows(fixture, reading, things, [{ a: 1 }])
    },
  },
  {
    concern: "session",
    name: "leaves nothing of a load that was open when it was closed",
    appliesTo: always,
    async check(fixture) {
      const first = await fixture.open()
      const { writer } = await begin(first, "1")
      await writer.stage(await fixture.part(things, [{ a: 1 }]), { things })
      await first.close()
      const second = await fixture.open()
      assert.equal(await visibleRows(fixture, second, "things"), 0)
      assert.equal((await second.committedLoads(["1"])).size, 0)
    },
  },
  {
    concern: "session",
    name: "keeps datasets apart",
    appliesTo: always,
    async check(fixture) {
      const here = await fixture.open()
      const there = await fixture.open({ dataset: `${fixture.place.dataset}_other` })
      await load(here, sealOf("1", [things], [await fixture.part(things, [{ a: 1 }])]))
      assert.equal(await visibleRows(fixture, there, "things"), 0)
      assert.equal((await there.snapshot()).exists, false)
      assert.equal((await there.committedLoads(["1"])).size, 0)
    },
  },
]
