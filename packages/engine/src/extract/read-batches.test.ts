import { Readable } from "node:stream"
import { describe, expect, it } from "vitest"
import { type ResourceData, resource } from "../resource.ts"
import { extractContext } from "../testing/extract-context.ts"
import { readBatches } from "./read-batches.ts"

async function read(data: unknown, signal?: AbortSignal) {
  const context = extractContext(signal === undefined ? {} : { signal })
  const groups: unknown[] = []
  for await (const group of readBatches(resource("things", data as ResourceData<unknown>), context))
    groups.push(group.map((batch) => (batch.kind === "rows" ? batch.rows : batch)))
  return groups
}

const rows = [{ id: 1 }, { id: 2 }]
const web = <Value>(...values: readonly Value[]): ReadableStream<Value> =>
  new ReadableStream({
    start(stream) {
      for (const value of values) stream.enqueue(value)
      stream.close()
    },
  })

describe("the data of a resource", () => {
  const forms: readonly (readonly [string, () => unknown])[] = [
    ["an array", () => rows],
    ["an iterable", () => new Set(rows)],
    ["an iterator", () => rows.values()],
    ["an async iterable", () => Readable.from(rows)[Symbol.asyncIterator]()],
    ["a promise of an array", () => Promise.resolve(rows)],
    ["a promise of an async iterable", () => Promise.resolve(Readable.from(rows))],
    ["an array of promises", () => rows.map((row) => Promise.resolve(row))],
    ["a function that gives an array", () => () => rows],
    ["an async function that gives an array", () => async () => rows],
    ["a function that gives a stream", () => () => Readable.from(rows)],
    [
      "a generator function",
      () =>
        function* () {
          yield* rows
        },
    ],
    [
      "an async generator function",
      () =>
        async function* () {
          yield* rows
        },
    ],
    ["a Node stream of objects", () => Readable.from(rows)],
    ["a Web stream", () => web(...rows)],
    ["an async function that gives a Web stream", () => async () => web(...rows)],
  ]
  it.each(forms)("may be %s", async (_, make) => {
    expect(await read(make())).toEqual([[rows]])
  })

  it("is one row when a function gives one object", async () => {
    expect(await read(async () => ({ id: 1 }))).toEqual([[[{ id: 1 }]]])
  })

  it("may be a row, an array of rows or a tagged batch a time; what is gathered stays before what comes later", async () => {
    const lines = { kind: "json-lines", bytes: new Uint8Array() } as const
    const data = async function* () {
      yield { id: 1 }
      yield { id: 2 }
      yield [{ id: 3 }]
      yield lines
      yield { id: 4, kind: "rows" }
    }
    expect(await read(data)).toEqual([[rows, [{ id: 3 }]], [lines], [[{ id: 4, kind: "rows" }]]])
  })

  it("is gathered into batches of bounded size", async () => {
    const groups = await read(() => Array.from({ length: 4_500 }, (_, id) => ({ id })))
    expect(groups.map((group) => (group as unknown[][]).map((batch) => batch.length))).toEqual([[2_000], [2_000], [500]])
  })

  it.each([
    ["a text", () => "rows", "resource things gave a string"],
    ["a number", async () => 7, "resource things gave a number"],
    ["nothing", () => undefined, "resource things gave nothing"],
    ["null", () => null, "resource things gave null"],
  ])("cannot be %s", async (_, data, message) => {
    await expect(read(data)).rejects.toMatchObject({ code: "not-rows", message })
  })

  it.each([
    ["a Node stream of bytes", () => Readable.from([Buffer.from("{}")], { objectMode: false })],
    ["a Web stream of bytes", () => new Blob(["{}"]).stream()],
    ["a buffer", () => Buffer.from("{}")],
    [
      "a generator of bytes",
      function* () {
        yield new Uint8Array(2)
      },
    ],
  ])("cannot be %s; the error names the remedy", async (_, data) => {
    await expect(read(data)).rejects.toMatchObject({ code: "byte-stream", hint: expect.stringContaining("jsonLines(stream)") })
  })

  it("names the resource that failed", async () => {
    const data = (): never => {
      throw new Error("401")
    }
    await expect(read(data)).rejects.toMatchObject({ code: "extract-failed", message: "resource things failed: 401" })
  })
})

describe("a source that is left early", () => {
  async function leave(data: unknown): Promise<void> {
    for await (const _ of readBatches(resource("things", data as ResourceData<unknown>), extractContext())) break
  }

  it("is closed: generators end, Node streams are destroyed, Web streams are cancelled", async () => {
    const events: string[] = []
    await leave(async function* () {
      try {
        for (;;) yield [1]
      } finally {
        events.push("async generator")
      }
    })
    await leave(function* () {
      try {
        for (;;) yield [1]
      } finally {
        events.push("generator")
      }
    })
    const stream = Readable.from([[1], [2]])
    await leave(stream)
    await leave(
      new ReadableStream({
        pull: (controller) => controller.enqueue([1]),
        cancel: () => void events.push("cancelled"),
      }),
    )
    expect(events).toEqual(["async generator", "generator", "cancelled"])
    expect(stream.destroyed).toBe(true)
  })

  it("ends while it waits, when the run is aborted", async () => {
    const silent = new Readable({ objectMode: true, read: () => undefined })
    let isCancelled = false
    const quiet = new ReadableStream({ cancel: () => void (isCancelled = true) })
    for (const stream of [silent, quiet]) {
      const controller = new AbortController()
      const reading = read(stream, controller.signal).catch((error: unknown) => error)
      await new Promise((resolve) => setImmediate(resolve))
      controller.abort(new Error("stop"))
      await reading
    }
    expect([silent.destroyed, isCancelled]).toEqual([true, true])
  })
})
