import type { ExtractContext, Yield } from "@lading/core"
import { describe, expect, it } from "vitest"
import { extractContext } from "../testing/extract-context.ts"
import { createLatch, type Latch, settle } from "../testing/latch.ts"
import { type FeedOptions, feed } from "./feed.ts"

type Apply = (input: never, context: ExtractContext) => unknown

async function* batches(...all: readonly (readonly unknown[])[]): AsyncGenerator<readonly unknown[]> {
  yield* all
}

function start(parentRows: AsyncIterable<readonly unknown[]>, apply: Apply, options: Partial<FeedOptions> = {}) {
  const given = { apply: apply as FeedOptions["apply"], concurrency: 2, keepsOrder: true, by: "row", ...options } as const
  return feed(extractContext({ parentRows }), given)
}

async function all(elements: AsyncIterable<Yield>): Promise<unknown[]> {
  const rows: unknown[] = []
  for await (const element of elements) rows.push(...(Array.isArray(element) ? element : [element]))
  return rows
}

/** An apply that waits for a latch of each input, and tells what is under way. */
function held(count: number) {
  const latches: Latch[] = Array.from({ length: count }, createLatch)
  const started: number[] = []
  const apply = async (input: number): Promise<number> => {
    started.push(input)
    await latches[input]?.opened
    return input
  }
  return { apply, started, open: (input: number) => latches[input]?.open() }
}

/** Rejects as soon as the signal is aborted. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener("abort", () => reject(signal.reason))
  })
}

describe("a transformer's rows", () => {
  const forms: readonly (readonly [string, (input: number) => unknown])[] = [
    ["a row", (input) => ({ input })],
    ["an array of rows", (input) => [{ input }]],
    ["a set", (input) => new Set([{ input }])],
    [
      "a generator",
      function* (input) {
        yield { input }
      },
    ],
    [
      "a generator of arrays",
      function* (input) {
        yield [{ input }]
      },
    ],
    [
      "an async generator",
      async function* (input) {
        yield { input }
      },
    ],
    ["a promise of a row", async (input) => ({ input })],
    ["a promise of a generator", async (input) => [{ input }].values()],
    [
      "a Web stream",
      (input) =>
        new ReadableStream({
          start(stream) {
            stream.enqueue({ input })
            stream.close()
          },
        }),
    ],
  ]
  it.each(forms)("may come as %s", async (_, apply) => {
    expect(await all(start(batches([1, 2], [3]), apply))).toEqual([{ input: 1 }, { input: 2 }, { input: 3 }])
  })

  it("are none for null and undefined", async () => {
    const made = [null, undefined, Promise.resolve(undefined), [], 7]
    expect(await all(start(batches([0, 1, 2, 3, 4]), (input: number) => made[input]))).toEqual([7])
  })

  it("come in the parent's order whatever is ready first", async () => {
    const { apply, open } = held(3)
    const rows = all(start(batches([0, 1, 2]), apply, { concurrency: 3 }))
    await settle()
    for (const input of [2, 1, 0]) {
      open(input)
      await settle()
    }
    expect(await rows).toEqual([0, 1, 2])
  })

  it("come as they are ready when order does not matter", async () => {
    const { apply, open } = held(3)
    const rows = all(start(batches([0, 1, 2]), apply, { concurrency: 3, keepsOrder: false }))
    await settle()
    for (const input of [2, 0, 1]) {
      open(input)
      await settle()
    }
    expect(await rows).toEqual([2, 0, 1])
  })

  it("keep their order where quick and slow results alternate", async () => {
    const inputs = Array.from({ length: 50 }, (_, i) => i)
    expect(await all(start(batches(inputs), (input: number) => (input % 3 === 0 ? Promise.resolve(input) : input)))).toEqual(inputs)
  })

  it("are made of as many inputs at a time as asked for, and no more", async () => {
    const { apply, started, open } = held(5)
    const rows = all(start(batches([0, 1], [2, 3, 4]), apply, { concurrency: 2 }))
    await settle()
    expect(started).toEqual([0, 1])
    open(0)
    await settle()
    expect(started).toEqual([0, 1, 2])
    for (let input = 1; input < 5; input++) open(input)
    expect(await rows).toEqual([0, 1, 2, 3, 4])
  })

  it("go on while the parent still reads", async () => {
    const parent = createLatch()
    const rows = start(
      (async function* () {
        yield [1]
        await parent.opened
        yield [2]
      })(),
      async (input: number) => input,
    )
    expect(await rows.next()).toEqual({ value: 1, done: false })
    parent.open()
    expect(await all(rows)).toEqual([2])
  })

  it("are made of whole batches where that is asked for", async () => {
    expect(await all(start(batches([1, 2], [], [3]), (rows: readonly number[]) => rows.length, { by: "batch" }))).toEqual([2, 1])
  })

  it("do not pile up: a long result is read one element ahead", async () => {
    let pulled = 0
    const rows = start(batches([0]), async function* () {
      for (;;) yield ++pulled
    })
    await rows.next()
    await settle()
    expect(pulled).toBe(2)
    await rows.return(undefined)
  })

  it("do not pile up: of an endless quick result only so much is gathered", async () => {
    const rows = start(batches([0]), function* () {
      for (let i = 0; ; i++) yield i
    })
    expect((await rows.next()).value).toHaveLength(2_000)
    expect(await rows.next()).toEqual({ value: 2_000, done: false })
    await rows.return(undefined)
  })

  it("end with the first failure: the others are aborted and closed, the parent is left", async () => {
    const events: string[] = []
    const parent = batches([0, 1], [2])
    const rows = start(parent, async function* (input: number, { signal }: ExtractContext) {
      if (input === 1) throw new Error("no such order")
      try {
        yield input
        await untilAborted(signal)
      } finally {
        events.push(`closed ${input}`)
      }
    })
    await expect(all(rows)).rejects.toThrow("no such order")
    expect(events).toEqual(["closed 0"])
    expect(await parent.next()).toMatchObject({ done: true })
  })

  it("fail where the function itself throws", async () => {
    const apply = (): never => {
      throw new Error("at once")
    }
    await expect(all(start(batches([0]), apply))).rejects.toThrow("at once")
  })

  it("close what is open when nobody wants more", async () => {
    const closed: number[] = []
    const rows = start(batches([0, 1], [2]), async function* (input: number) {
      try {
        for (;;) yield input
      } finally {
        closed.push(input)
      }
    })
    await rows.next()
    await rows.return(undefined)
    expect(closed.sort()).toEqual([0, 1])
  })
})
