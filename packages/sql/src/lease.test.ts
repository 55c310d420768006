import { spawnSync } from "node:child_process"
import { hostname } from "node:os"
import { expect, test } from "vitest"
import { refuseHeldLease } from "./lease.ts"
import { currentProcess } from "./process-identity.ts"

const { boot } = currentProcess()
const dead = spawnSync(process.execPath, ["-e", ""]).pid
const here = `${hostname()}:${boot}:${process.pid}`

test.each<readonly [string, { owner: string; isFresh: boolean; caller?: string; takeOver?: boolean }]>([
  ["nobody has", { owner: "", isFresh: true }],
  ["the caller has", { owner: here, isFresh: true, caller: here }],
  ["has had no heartbeat for long", { owner: "other:boot:1", isFresh: false }],
  ["is to be taken over", { owner: here, isFresh: true, takeOver: true }],
  ["a process of this machine had that is gone", { owner: `${hostname()}:${boot}:${dead}`, isFresh: true }],
])("a lease that %s may be taken", (_, { owner, isFresh, caller = "me", takeOver = false }) => {
  expect(refuseHeldLease("p", { owner, isFresh }, { owner: caller, takeOver })).toBeUndefined()
})

test.each([here, "other:boot:1", "somebody"])("a fresh lease of %s is not given away", (owner) => {
  const take = () => refuseHeldLease("p", { owner, isFresh: true }, { owner: "me", takeOver: false })
  expect(take).toThrow(expect.objectContaining({ code: "fenced", retryable: true, details: { pipeline: "p", owner } }))
})
