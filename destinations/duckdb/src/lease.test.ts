import { spawnSync } from "node:child_process"
import { hostname } from "node:os"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createFixture, type Fixture, rows } from "../test/fixture.ts"

let fixture: Fixture
beforeEach(() => {
  fixture = createFixture()
})
afterEach(() => fixture.dispose())

const { boot } = currentProcess()

test("each taking of the lease is a new epoch, for each pipeline", async () => {
  const session = await fixture.open()
  expect(await session.takeLease({ owner: "a", takeOver: false })).toEqual({ epoch: 1, owner: "a" })
  expect(await session.takeLease({ owner: "a", takeOver: false })).toEqual({ epoch: 2, owner: "a" })
  const other = await fixture.open({ pipeline: "other" })
  expect(await other.takeLease({ owner: "b", takeOver: false })).toEqual({ epoch: 1, owner: "b" })
})

test("a living owner is named, unless it is to be taken over", async () => {
  const session = await fixture.open()
  const owner = `${hostname()}:${boot}:${process.pid}`
  await session.takeLease({ owner, takeOver: false })
  await expect(session.takeLease({ owner: "b", takeOver: false })).rejects.toMatchObject({ code: "fenced", details: { owner } })
  expect((await session.takeLease({ owner: "b", takeOver: true })).epoch).toBe(2)
})

test("an owner whose process is gone is not waited for", async () => {
  const session = await fixture.open()
  const { pid } = spawnSync(process.execPath, ["-e", ""])
  await session.takeLease({ owner: `${hostname()}:${boot}:${pid}`, takeOver: false })
  expect((await session.takeLease({ owner: "b", takeOver: false })).epoch).toBe(2)
})

test("an owner from before the last boot is not waited for", async () => {
  const session = await fixture.open()
  await session.takeLease({ owner: `${hostname()}:another-boot:${process.pid}`, takeOver: false })
  expect((await session.takeLease({ owner: "b", takeOver: false })).epoch).toBe(2)
})

test("an owner elsewhere is waited for as long as its heart beats", async () => {
  const session = await fixture.open()
  await session.takeLease({ owner: "elsewhere:boot:1", takeOver: false })
  fixture.clock.now = new Date(fixture.clock.now.getTime() + 59_000)
  await expect(session.takeLease({ owner: "b", takeOver: false })).rejects.toMatchObject({ code: "fenced" })
  fixture.clock.now = new Date(fixture.clock.now.getTime() + 2_000)
  expect((await session.takeLease({ owner: "b", takeOver: false })).epoch).toBe(2)
})

test("a released lease is free at once and keeps its epoch", async () => {
  const session = await fixture.open()
  const lease = await session.takeLease({ owner: "elsewhere:boot:1", takeOver: false })
  await session.releaseLease(lease)
  expect((await session.takeLease({ owner: "b", takeOver: false })).epoch).toBe(2)
})

test("releasing a lease that was taken over changes nothing", async () => {
  const session = await fixture.open()
  const lease = await session.takeLease({ owner: "a", takeOver: false })
  await session.takeLease({ owner: "elsewhere:boot:1", takeOver: true })
  await session.releaseLease(lease)
  expect(await rows(session, 'SELECT epoch, "owner" FROM _lading_lease')).toEqual([[2, "elsewhere:boot:1"]])
})

import { currentProcess } from "@lading/sql"
