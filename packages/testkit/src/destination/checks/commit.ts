import assert from "node:assert/strict"
import { noRows } from "@lading/core"
import { refused } from "../../assert.ts"
import { always } from "../../check.ts"
import { defineState, defineTable } from "../../data/tables.ts"
import type { DestinationCheck, DestinationFixture } from "../fixture.ts"
import { begin, load, sealOf, type UnfencedSeal } from "../load.ts"
import { assertRows, visibleRows } from "../read.ts"

const things = defineTable("things", { a: "bigint" })

async function oneRow(fixture: DestinationFixture, loadId: string, a: number, more: Partial<UnfencedSeal> = {}): Promise<UnfencedSeal> {
  return sealOf(loadId, [things], [await fixture.part(things, [{ a }])], more)
}

function staleCheck(name: string, parentStateHash: string | undefined, hasState: boolean): DestinationCheck {
  return {
    concern: "state chain",
    name: `refuses a load that was extracted from ${name}`,
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      await load(session, await oneRow(fixture, "1", 1, hasState ? { state: defineState("s1", 1, fixture.pipeline) } : {}))
      const stale = await oneRow(fixture, "2", 2, { parentStateHash, state: defineState("s2", 2, fixture.pipeline) })
      await refused(load(session, stale), "a load of another state", { codes: ["stale-package"], needsHint: true })
      await assertRows(fixture, session, things, [{ a: 1 }])
      assert.equal((await session.snapshot()).state?.version_hash, hasState ? "s1" : undefined)
      assert.deepStrictEqual(await session.committedLoads(["1", "2"]), new Set(["1"]))
    },
  }
}

function mismatchCheck(name: string, spoil: (seal: UnfencedSeal) => UnfencedSeal): DestinationCheck {
  return {
    concern: "accounting",
    name: `refuses ${name}`,
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const good = sealOf("1", [things], [await fixture.part(things, [{ a: 1 }, { a: 2 }])])
      await refused(load(session, spoil(good)), name, { codes: ["accounting-mismatch"], needsHint: true })
      assert.equal(await visibleRows(fixture, session, "things"), 0)
      assert.equal((await session.committedLoads(["1"])).size, 0)
      await load(session, good)
      await assertRows(fixture, session, things, [{ a: 1 }, { a: 2 }])
    },
  }
}

/** Once and only once: marker, state chain, accounting. */
export const commitChecks: readonly DestinationCheck[] = [
  {
    concern: "marker",
    name: "does not load again what is committed already, and tells the same counts",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const seal = await oneRow(fixture, "1", 1, { state: defineState("s1", 1, fixture.pipeline) })
      const first = await load(session, seal)
      const second = await load(await fixture.open(), seal)
      assert.equal(second.status, "already-committed")
      assert.equal(second.tables.things?.loaded, first.tables.things?.loaded)
      await assertRows(fixture, session, things, [{ a: 1 }])
    },
  },
  {
    concern: "marker",
    name: "knows exactly the committed ones among load ids",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      for (const [index, id] of ["1700000000.5", "b", "it's"].entries()) await load(session, await oneRow(fixture, id, index))
      const asked = ["it's", "c", "1700000000.5", "1700000000"]
      assert.deepStrictEqual(await session.committedLoads(asked), new Set(["it's", "1700000000.5"]))
      await assertRows(fixture, session, things, [{ a: 0 }, { a: 1 }, { a: 2 }])
    },
  },
  staleCheck("no state, although there is one", undefined, true),
  staleCheck("a state that is not the current one", "s0", true),
  staleCheck("a state, although there is none", "s0", false),
  {
    concern: "state chain",
    name: "takes as newest the state that was committed last, whatever load ids and clocks say",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const state = (hash: string, version: number) => ({ state: defineState(hash, version, fixture.pipeline) })
      await load(session, await oneRow(fixture, "9", 9, state("s1", 1)))
      await load(
        session,
        await oneRow(fixture, "1", 1, { ...state("s2", 2), parentStateHash: "s1", sealedAt: new Date("2020-01-01T00:00:00Z") }),
      )
      await load(session, await oneRow(fixture, "5", 5, { parentStateHash: "s2" }))
      assert.equal((await session.snapshot()).state?.version_hash, "s2", "the newest state; a load without state keeps it")
    },
  },
  {
    concern: "state chain",
    name: "keeps the states of pipelines apart",
    appliesTo: always,
    async check(fixture) {
      const [one, other] = [await fixture.open({ pipeline: "one" }), await fixture.open({ pipeline: "other" })]
      await load(one, await oneRow(fixture, "1", 1, { state: defineState("s1", 1, "one") }))
      await load(other, await oneRow(fixture, "2", 2, { state: defineState("t1", 1, "other") }))
      assert.equal((await one.snapshot()).state?.version_hash, "s1")
      assert.equal((await other.snapshot()).state?.version_hash, "t1")
    },
  },
  mismatchCheck("a part with fewer rows than were sealed", (seal) => ({
    ...seal,
    parts: seal.parts.map((part) => ({ ...part, rowCount: 3 })),
    counters: { things: { ...noRows, extracted: 3, normalized: 3, loaded: 3 } },
  })),
  mismatchCheck("a part with more rows than were sealed", (seal) => ({
    ...seal,
    parts: seal.parts.map((part) => ({ ...part, rowCount: 1 })),
    counters: { things: { ...noRows, extracted: 1, normalized: 1, loaded: 1 } },
  })),
  mismatchCheck("counters that say more rows than the parts", (seal) => ({
    ...seal,
    counters: { things: { ...noRows, extracted: 3, normalized: 3, loaded: 3 } },
  })),
  mismatchCheck("counters of a table without parts", (seal) => ({
    ...seal,
    counters: { ...seal.counters, others: { ...noRows, extracted: 1, normalized: 1, loaded: 1 } },
  })),
  mismatchCheck("a table without counters", (seal) => ({ ...seal, counters: {} })),
  {
    concern: "accounting",
    name: "refuses a load with a part that was staged, but is not sealed",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const seal = await oneRow(fixture, "1", 1)
      const { writer, epoch } = await begin(session, "1")
      await writer.stage(await fixture.part(things, [{ a: 9 }]), { things })
      await refused(writer.commit({ ...seal, epoch }), "a part that is not sealed", { codes: ["accounting-mismatch"] })
      await writer.abort()
      assert.equal(await visibleRows(fixture, session, "things"), 0)
    },
  },
]
