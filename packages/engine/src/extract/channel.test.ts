import { describe, expect, it } from "vitest"
import { settle } from "../testing/latch.ts"
import { Channel } from "./channel.ts"

describe("a channel", () => {
  it("lets one batch wait, and holds the producer up for the next", async () => {
    const channel = new Channel<number>()
    const sent: number[] = []
    const producer = (async () => {
      for (const batch of [1, 2, 3]) {
        await channel.offer(batch)
        sent.push(batch)
      }
      channel.end()
    })()
    await settle()
    expect(sent).toEqual([1])
    const taken: number[] = []
    for await (const batch of channel) {
      taken.push(batch)
      await settle()
      expect(sent.length).toBeLessThanOrEqual(taken.length + 1)
    }
    await producer
    expect(taken).toEqual([1, 2, 3])
  })

  it("hands over what waits before it ends", async () => {
    const channel = new Channel<number>()
    await channel.offer(1)
    channel.end()
    const consumer = channel[Symbol.asyncIterator]()
    expect([await consumer.next(), await consumer.next()]).toEqual([
      { value: 1, done: false },
      { value: undefined, done: true },
    ])
  })

  it("lets the producer go on when the consumer has left", async () => {
    const channel = new Channel<number>()
    await channel.offer(1)
    const second = channel.offer(2)
    await channel[Symbol.asyncIterator]().return?.()
    await second
    await channel.offer(3)
    expect(channel.isClosed).toBe(true)
  })

  it("ends a consumer that waits when it is closed or failed", async () => {
    const closed = new Channel<number>()
    const waiting = closed[Symbol.asyncIterator]().next()
    closed.close()
    expect(await waiting).toMatchObject({ done: true })
    const failed = new Channel<number>()
    const next = failed[Symbol.asyncIterator]().next()
    failed.fail(new Error("the parent failed"))
    await expect(next).rejects.toThrow("the parent failed")
  })

  it("does not hold a producer up whose consumer is told of a failure", async () => {
    const channel = new Channel<number>()
    await channel.offer(1)
    const second = channel.offer(2)
    channel.fail(new Error("no"))
    await second
    await expect(channel[Symbol.asyncIterator]().next()).rejects.toThrow("no")
  })
})
