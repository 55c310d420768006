import assert from "node:assert/strict"
import { type CommitResult, type DestinationCapabilities, type DestinationSession, onFault } from "@lading/core"
import { defineState, defineTable } from "../../data/tables.ts"
import type { DestinationCheck, DestinationFixture } from "../fixture.ts"
import { begin, load, sealOf, type UnfencedSeal } from "../load.ts"
import { assertRows, readAll, visibleRows } from "../read.ts"

const things = defineTable("things", { a: "bigint" })
const isAtomic = ({ guarantee }: DestinationCapabilities) => guarantee === "A"

async function twoTables(fixture: DestinationFixture): Promise<UnfencedSeal> {
  const others = defineTable("others", { a: "bigint" })
  const parts = [await fixture.part(things, [{ a: 1 }, { a: 2 }]), await fixture.part(others, [{ a: 3 }])]
  return sealOf("1", [things, others], parts, { state: defineState("s1", 1, fixture.pipeline) })
}

/** What a reader sees of the load: rows of both tables, state, marker; each as 0 or 1. */
async function seen(fixture: DestinationFixture, session: DestinationSession): Promise<readonly number[]> {
  const rows = [(await visibleRows(fixture, session, "things")) / 2, await visibleRows(fixture, session, "others")]
  const hasState = (await session.snapshot()).state?.version_hash === "s1"
  const isMarked = (await session.committedLoads(["1"])).has("1")
  return [...rows, Number(hasState), Number(isMarked)]
}

/** Loads with an error thrown at the `failAt`-th fault point that is passed; resolves to the names of the points passed. */
async function loadWithFault(session: DestinationSession, seal: UnfencedSeal, failAt: number): Promise<readonly string[]> {
  const points: string[] = []
  onFault((point) => {
    points.push(point)
    if (points.length - 1 === failAt) throw new Error(`fault injected at ${point}`)
  })
  try {
    await load(session, seal, { stageFirst: true })
  } catch {
    // What matters is what is there afterwards.
  } finally {
    onFault(undefined)
  }
  return points
}

/** The criteria of guarantee class A. */
export const guaranteeChecks: readonly DestinationCheck[] = [
  {
    concern: "guarantee A",
    name: "leaves all or nothing when it fails at any of its fault points, and the same load run again gives it exactly once",
    appliesTo: isAtomic,
    async check(fixture) {
      const seal = await twoTables(fixture)
      const all = await loadWithFault(await fixture.open({ dataset: `${fixture.place.dataset}_all` }), seal, -1)
      for (const point of ["publish.before-commit", "publish.after-commit"])
        assert.ok(all.includes(point), `a destination of class A calls fault("${point}")`)
      for (const [index, point] of all.entries()) {
        const session = await fixture.open({ dataset: `${fixture.place.dataset}_${index}` })
        await loadWithFault(session, seal, index)
        const outcome = await seen(fixture, session)
        assert.equal(new Set(outcome).size, 1, `after a failure at ${point}: rows, rows, state, marker are ${outcome.join(", ")}`)
        const again = await load(session, seal)
        assert.equal(again.status, outcome[0] === 1 ? "already-committed" : "committed", `run again after a failure at ${point}`)
        assert.deepStrictEqual(await seen(fixture, session), [1, 1, 1, 1], `run again after a failure at ${point}`)
      }
    },
  },
  {
    concern: "guarantee A",
    name: "shows a reader who looks all the time the old or the new rows, never a mixture",
    appliesTo: isAtomic,
    async check(fixture) {
      const [writing, reading] = [await fixture.open(), await fixture.open()]
      const replaced = { ...things, write_disposition: "replace" as const }
      const part = (a: number) =>
        fixture.part(
          replaced,
          Array.from({ length: 500 }, () => ({ a })),
        )
      await load(writing, sealOf("1", [replaced], [await part(1)]))
      const seal = sealOf("2", [replaced], [await part(2), await part(2)])
      let isDone = false
      const looked = (async () => {
        const outcomes = new Set<string>()
        for (let after = 0; after < 2; after += Number(isDone)) {
          const { rows } = await readAll(reading, `SELECT count(*), min(${fixture.quote("a")}), max(${fixture.quote("a")}) FROM things`)
          outcomes.add(String(rows[0]))
        }
        return outcomes
      })()
      await load(writing, seal, { stageFirst: true }).finally(() => {
        isDone = true
      })
      const outcomes = await looked
      for (const outcome of outcomes) assert.ok(["500,1,1", "1000,2,2"].includes(outcome), `count, min, max were ${outcome}`)
      assert.ok(outcomes.has("1000,2,2"), "the new rows were never seen")
    },
  },
  {
    concern: "guarantee A",
    name: "lets one of two writers of the same load commit, and the other find it done",
    appliesTo: isAtomic,
    async check(fixture) {
      const [first, second] = [await fixture.open(), await fixture.open()]
      await load(first, sealOf("0", [things], [await fixture.part(things, [{ a: 0 }])]))
      const { writer, epoch } = await begin(first, "1")
      const writers = [writer, await second.begin({ loadId: "1", epoch })]
      const seal = sealOf("1", [things], [await fixture.part(things, [{ a: 1 }])])
      const results = await Promise.allSettled(writers.map((one) => one.commit({ ...seal, epoch })))
      for (const one of writers) await one.abort()
      const statuses = results
        .filter((result): result is PromiseFulfilledResult<CommitResult> => result.status === "fulfilled")
        .map(({ value }) => value.status)
      assert.equal(statuses.filter((status) => status === "committed").length, 1, `commits: ${statuses.join(", ")}`)
      assert.equal((await load(first, seal)).status, "already-committed")
      await assertRows(fixture, first, things, [{ a: 0 }, { a: 1 }])
    },
  },
]
