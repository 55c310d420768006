import assert from "node:assert/strict"
import { refused } from "../../assert.ts"
import { always } from "../../check.ts"
import { defineTable } from "../../data/tables.ts"
import type { DestinationCheck } from "../fixture.ts"
import { load, sealOf } from "../load.ts"
import { visibleRows } from "../read.ts"

const things = defineTable("things", { a: "bigint" })
const anna = "host-a:boot-a:1"
const bert = "host-b:boot-b:2"
const fenced = { codes: ["fenced"], needsHint: true }

/** The lease and the fence that it is for. */
export const leaseChecks: readonly DestinationCheck[] = [
  {
    concern: "lease",
    name: "gives a higher epoch each time the lease is taken, across sessions too",
    appliesTo: always,
    async check(fixture) {
      const first = await fixture.open()
      const epochs = [await first.takeLease({ owner: anna, takeOver: true }), await first.takeLease({ owner: anna, takeOver: true })]
      await first.close()
      epochs.push(await (await fixture.open()).takeLease({ owner: bert, takeOver: true }))
      const [one, two, three] = epochs.map(({ epoch }) => epoch)
      assert.ok(one !== undefined && two !== undefined && three !== undefined && one < two && two < three, `${one}, ${two}, ${three}`)
      assert.deepStrictEqual(
        epochs.map(({ owner }) => owner),
        [anna, anna, bert],
      )
    },
  },
  {
    concern: "lease",
    name: "refuses the lease of a living owner, unless it is taken over",
    appliesTo: always,
    async check(fixture) {
      const [first, second] = [await fixture.open(), await fixture.open()]
      await first.takeLease({ owner: anna, takeOver: false })
      const error = await refused(second.takeLease({ owner: bert, takeOver: false }), "a lease that somebody holds", fenced)
      assert.ok(error.message.includes(anna), "the refusal must name the owner")
      await second.takeLease({ owner: bert, takeOver: true })
    },
  },
  {
    concern: "lease",
    name: "gives a released lease to the next at once, with a higher epoch",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const lease = await session.takeLease({ owner: anna, takeOver: false })
      await session.releaseLease(lease)
      assert.ok((await session.takeLease({ owner: bert, takeOver: false })).epoch > lease.epoch)
    },
  },
  {
    concern: "lease",
    name: "does not let an old owner release the lease of a new one",
    appliesTo: always,
    async check(fixture) {
      const [first, second] = [await fixture.open(), await fixture.open()]
      const old = await first.takeLease({ owner: anna, takeOver: false })
      await second.takeLease({ owner: bert, takeOver: true })
      await first.releaseLease(old)
      await refused(first.takeLease({ owner: anna, takeOver: false }), "a lease that the new owner still holds", fenced)
    },
  },
  {
    concern: "lease",
    name: "keeps a lease for each pipeline",
    appliesTo: always,
    async check(fixture) {
      const [one, other] = [await fixture.open({ pipeline: "one" }), await fixture.open({ pipeline: "other" })]
      await one.takeLease({ owner: anna, takeOver: false })
      await other.takeLease({ owner: bert, takeOver: false })
    },
  },
  {
    concern: "fencing",
    name: "refuses the commit of a writer whose lease was taken over after it began",
    appliesTo: always,
    async check(fixture) {
      const [first, second] = [await fixture.open(), await fixture.open()]
      const old = await first.takeLease({ owner: anna, takeOver: false })
      const seal = sealOf("1", [things], [await fixture.part(things, [{ a: 1 }])])
      const writer = await first.begin({ loadId: "1", epoch: old.epoch })
      for (const part of seal.parts) await writer.stage(part, { things })
      await second.takeLease({ owner: bert, takeOver: true })
      await refused(writer.commit({ ...seal, epoch: old.epoch }), "the commit of a fenced writer", fenced)
      await writer.abort()
      assert.equal(await visibleRows(fixture, second, "things"), 0, "rows of a fenced writer are visible")
      assert.equal((await second.committedLoads(["1"])).size, 0, "the load of a fenced writer is marked")
    },
  },
  {
    concern: "fencing",
    name: "lets the new owner commit while the old one is still writing, and the old one not after it",
    appliesTo: ({ guarantee }) => guarantee === "A" || guarantee === "B",
    async check(fixture) {
      const [first, second] = [await fixture.open(), await fixture.open()]
      await load(first, sealOf("0", [things], [await fixture.part(things, [{ a: 0 }])]))
      const old = await first.takeLease({ owner: anna, takeOver: true })
      const writer = await first.begin({ loadId: "1", epoch: old.epoch })
      const seal = sealOf("1", [things], [await fixture.part(things, [{ a: 1 }])])
      await load(second, sealOf("2", [things], [await fixture.part(things, [{ a: 2 }])]))
      await refused(writer.commit({ ...seal, epoch: old.epoch }), "the commit of a fenced writer", fenced)
      await writer.abort()
      assert.deepStrictEqual(await second.committedLoads(["0", "1", "2"]), new Set(["0", "2"]))
      assert.equal(await visibleRows(fixture, second, "things"), 2)
    },
  },
  {
    concern: "fencing",
    name: "refuses an epoch that was never given",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const { epoch } = await session.takeLease({ owner: anna, takeOver: false })
      const attempt = async () => {
        const writer = await session.begin({ loadId: "1", epoch: epoch + 1 })
        try {
          await writer.commit({ ...sealOf("1", [things], [await fixture.part(things, [{ a: 1 }])]), epoch: epoch + 1 })
        } finally {
          await writer.abort()
        }
      }
      await refused(attempt(), "a commit with an epoch that was never given", fenced)
      assert.equal(await visibleRows(fixture, session, "things"), 0)
    },
  },
]
