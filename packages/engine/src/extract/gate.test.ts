import { describe, expect, it } from "vitest"
import { createLatch, settle } from "../testing/latch.ts"
import { Gate } from "./gate.ts"

describe("a gate", () => {
  it("lets one work through at a time, in the order in which they came", async () => {
    const events: string[] = []
    const gate = new Gate()
    const first = createLatch()
    const works = [
      gate.run(async () => {
        events.push("first begins")
        await first.opened
        events.push("first ends")
      }),
      gate.run(async () => void events.push("second")),
    ]
    await settle()
    expect(events).toEqual(["first begins"])
    first.open()
    await Promise.all(works)
    expect(events).toEqual(["first begins", "first ends", "second"])
  })

  it("does something after each work, before the next one begins", async () => {
    const events: string[] = []
    const gate = new Gate(async () => void events.push("after"))
    await Promise.all([1, 2].map((work) => gate.run(async () => void events.push(`work ${work}`))))
    expect(events).toEqual(["work 1", "after", "work 2", "after"])
  })

  it("gives the result, and a failure only to whose it is", async () => {
    const gate = new Gate()
    const failed = gate.run(() => Promise.reject(new Error("no")))
    const done = gate.run(async () => 7)
    await expect(failed).rejects.toThrow("no")
    expect(await done).toBe(7)
  })
})
