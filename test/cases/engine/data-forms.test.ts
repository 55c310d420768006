import { Readable } from "node:stream"
import { jsonLines, resource } from "@lading/engine"
import { describe, expect, it } from "vitest"
import { createTarget } from "../support/target.ts"

const rows = [{ id: 1 }, { id: 2 }]

describe("data that is handed to a run", () => {
  it.each<readonly [string, () => Parameters<ReturnType<typeof createTarget>["pipeline"]["run"]>[0]]>([
    ["an array", () => rows],
    ["an iterable", () => new Set(rows)],
    ["a promise", () => Promise.resolve(rows)],
    ["an async function", () => async () => rows],
    [
      "an async generator function",
      () =>
        async function* () {
          yield* rows
        },
    ],
    ["a Node stream", () => Readable.from(rows)],
    ["a Web stream", () => Readable.toWeb(Readable.from(rows)) as ReadableStream<unknown>],
  ])("may be %s", async (_, make) => {
    const { pipeline, read } = createTarget()
    expect((await pipeline.run(make(), { table: "t" })).tables["t"]).toMatchObject({ extracted: 2, loaded: 2 })
    expect(await read("select id from t order by id")).toEqual(rows)
  })

  it("may be JSON lines from a stream of bytes: exact, and with a reject for what is no JSON", async () => {
    const { pipeline, read } = createTarget({ rejects: { maxShare: 1 } })
    const body = new Blob(['{"id": 9007199254740993}\n{"id"\n{"id": 2}']).stream()
    const receipt = await pipeline.run(resource("t", () => jsonLines(body, { origin: "events" })))
    expect(receipt.tables["t"]).toMatchObject({ extracted: 3, rejected: 1, loaded: 2 })
    expect(receipt.rejects.samples[0]).toMatchObject({ origin: "events", line: 2 })
    expect(await read("select id::varchar as id from t order by 1")).toEqual([{ id: "2" }, { id: "9007199254740993" }])
  })

  it("cannot be bytes that nobody said how to read", async () => {
    const { pipeline } = createTarget()
    await expect(pipeline.run(new Blob(["{}"]).stream(), { table: "t" })).rejects.toMatchObject({ code: "byte-stream" })
  })
})
