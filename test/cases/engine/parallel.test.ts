import { LadingError } from "@lading/core"
import { resource, source } from "@lading/engine"
import { describe, expect, it } from "vitest"
import { createTarget, expectAccounted } from "../support/target.ts"

/** A meeting point: everybody waits until `count` have come. */
function rendezvous(count: number) {
  let missing = count
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return async (): Promise<void> => {
    if (--missing <= 0) open()
    await opened
  }
}

/** Rejects as soon as the signal is aborted. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener("abort", () => reject(signal.reason))
  })
}

describe("resources that are read at the same time", () => {
  it("are as many as asked for: each waits for the other, and the run ends", async () => {
    const meet = rendezvous(2)
    const make = (name: string) =>
      resource(name, async function* () {
        await meet()
        yield [{ name }]
      })
    const { pipeline } = createTarget({ parallel: 2 })
    const receipt = await pipeline.run([make("a"), make("b")])
    expect([receipt.tables["a"]?.loaded, receipt.tables["b"]?.loaded]).toEqual([1, 1])
  })

  it("are no more than asked for", async () => {
    let open = 0
    let most = 0
    const make = (name: string) =>
      resource(name, async function* () {
        most = Math.max(most, ++open)
        for (let i = 0; i < 5; i++) yield [{ i }]
        open--
      })
    await createTarget({ parallel: 2 }).pipeline.run(["a", "b", "c", "d"].map(make))
    expect(most).toBe(2)
  })

  it("have one batch on its way each: a source that is quick waits for the load", async () => {
    let given = 0
    let taken = 0
    let ahead = 0
    const make = (name: string) =>
      resource(name, async function* () {
        for (let i = 0; i < 50; i++) {
          given++
          ahead = Math.max(ahead, given - taken)
          yield [{ i }]
        }
      }).tap(() => {
        taken++
      })
    await createTarget({ parallel: 3 }).pipeline.run(["a", "b", "c", "d", "e"].map(make))
    expect([given, taken]).toEqual([250, 250])
    expect(ahead).toBeLessThanOrEqual(3)
  })

  it("give the same tables with the same rows in the same order as one after the other", async () => {
    const load = async (parallel: number) => {
      const { pipeline, read, columns } = createTarget({ parallel })
      const make = (name: string, rows: number, table: string) =>
        resource(name, { table, primaryKey: "id", incremental: { cursor: "id" } }, async function* () {
          for (let id = 1; id <= rows; id++) yield [{ id, from: name, tags: [name, String(id)], [`only_${name}`]: true }]
        })
      const receipt = await pipeline.run(source("s", [make("a", 30, "t"), make("b", 5, "u"), make("c", 20, "t"), make("d", 25, "v")]))
      expectAccounted(receipt)
      const tables = ["t", "u", "v", "t__tags", "u__tags", "v__tags"]
      const rows = await Promise.all(
        tables.map((table) =>
          read(
            `select * exclude (${table.includes("__") ? "_dlt_parent_id, _dlt_id" : "_dlt_load_id, _dlt_id"}) from ${table} order by rowid`,
          ),
        ),
      )
      const names = await Promise.all(tables.map((table) => columns(table)))
      return { rows, names, cursors: receipt.cursors, counts: receipt.tables }
    }
    expect(await load(4)).toEqual(await load(1))
  })

  it("end together: the first failure aborts the others, closes their generators, and is what the run tells", async () => {
    const closed: string[] = []
    const meet = rendezvous(3)
    const waits = (name: string) =>
      resource(name, async function* ({ signal }) {
        try {
          await meet()
          yield [{ name }]
          await untilAborted(signal)
        } finally {
          closed.push(name)
        }
      })
    const endless = resource("endless", async function* () {
      try {
        await meet()
        for (;;) yield [{ id: 1 }]
      } finally {
        closed.push("endless")
      }
    })
    const failing = resource("failing", async function* () {
      await meet()
      yield [{ id: 1 }]
      throw new Error("503")
    })
    const never = resource("never", () => {
      closed.push("never was read")
      return []
    })
    const { pipeline } = createTarget({ parallel: 3 })
    await expect(pipeline.run([waits("waiting"), endless, failing, never])).rejects.toMatchObject({
      code: "extract-failed",
      message: "resource failing failed: 503",
    })
    expect(closed.sort()).toEqual(["endless", "waiting"])
    expect((await pipeline.run([{ id: 1 }], { table: "t" })).recovered).toEqual([])
  })

  it("stop when the run is told to stop", async () => {
    const controller = new AbortController()
    const reason = new LadingError({ code: "interrupted", message: "stop" })
    const make = (name: string) =>
      resource(name, async function* () {
        yield [{ name }]
        controller.abort(reason)
        yield [{ name }]
      })
    const run = createTarget({ parallel: 2 }).pipeline.run([make("a"), make("b")], { signal: controller.signal })
    await expect(run).rejects.toBe(reason)
  })

  it.each([0, 1.5, -2])("cannot be %s", async (parallel) => {
    await expect(createTarget({ parallel }).pipeline.run(resource("a", [{ id: 1 }]))).rejects.toMatchObject({ code: "invalid-options" })
  })
})
