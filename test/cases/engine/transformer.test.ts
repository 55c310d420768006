import type { Resource } from "@lading/core"
import { type PipeResource, resource, source, transformer } from "@lading/engine"
import { describe, expect, expectTypeOf, it } from "vitest"
import { createTarget, expectAccounted, type Target } from "../support/target.ts"

interface User {
  readonly id: number
  readonly at?: string
}
interface Order {
  readonly user: number
  readonly id: number
}

async function* noRows(): AsyncGenerator<readonly unknown[]> {}

/** Users that count how often they are read. */
function users(rows: readonly User[] = [{ id: 1 }, { id: 2 }, { id: 3 }]) {
  let reads = 0
  const made = resource("users", async function* (): AsyncGenerator<User[]> {
    reads++
    for (const row of rows) yield [row]
  })
  return { users: made, reads: () => reads }
}

const ordersOf = async ({ id }: User): Promise<Order[]> => [
  { user: id, id: id * 10 },
  { user: id, id: id * 10 + 1 },
]

const tables = async (target: Target): Promise<unknown[]> =>
  (await target.read("select table_name from information_schema.tables where table_schema = 'data' order by 1"))
    .map(({ table_name }) => String(table_name))
    .filter((name) => !name.startsWith("_"))

/** Rejects as soon as the signal is aborted. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener("abort", () => reject(signal.reason))
  })
}

describe("a transformer", () => {
  it("is fed by a resource that is loaded itself: both have their rows and add up, and the parent is read once", async () => {
    const target = createTarget()
    const { users: parent, reads } = users()
    const orders = transformer("orders", { from: parent, primaryKey: "id" }, ordersOf)
    const receipt = await target.pipeline.run([parent, orders])
    expect(await target.read("select id from users order by id")).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
    expect(await target.read('select "user", id from orders order by id')).toHaveLength(6)
    expect(receipt.tables["users"]).toMatchObject({ extracted: 3, loaded: 3 })
    expect(receipt.tables["orders"]).toMatchObject({ extracted: 6, loaded: 6 })
    expectAccounted(receipt)
    expect(reads()).toBe(1)
  })

  it("is fed by a resource that is only extracted: the parent has no table", async () => {
    const target = createTarget()
    const { users: parent, reads } = users()
    const receipt = await target.pipeline.run(transformer("orders", { from: parent }, ordersOf))
    expect(Object.keys(receipt.tables)).toEqual(["orders"])
    expect(await tables(target)).toEqual(["orders"])
    expect(reads()).toBe(1)
  })

  it("shares its parent with others, and may feed another one", async () => {
    const target = createTarget()
    const { users: parent, reads } = users()
    const orders = transformer("orders", { from: parent }, ordersOf)
    const names = transformer("names", { from: parent }, ({ id }) => ({ name: `user ${id}` }))
    const lines = transformer("lines", { from: orders, by: "batch" }, (batch) => batch.map(({ id }) => ({ order: id })))
    const receipt = await target.pipeline.run([names, lines])
    expect(receipt.tables["names"]?.loaded).toBe(3)
    expect(receipt.tables["lines"]?.loaded).toBe(6)
    expect(await tables(target)).toEqual(["lines", "names"])
    expect(reads()).toBe(1)
  })

  it("may be made first and piped later, to more than one parent", async () => {
    const target = createTarget()
    const doubled = transformer("doubled", ({ id }: { readonly id: number }) => ({ twice: id * 2 }))
    await target.pipeline.run(
      users()
        .users.pipe(doubled)
        .filter(({ twice }) => twice > 2),
    )
    expect(await target.read("select twice from doubled order by twice")).toEqual([{ twice: 4 }, { twice: 6 }])
    await target.pipeline.run(doubled.from(resource("numbers", [{ id: 50 }])))
    expect(await target.read("select max(twice) as twice from doubled")).toEqual([{ twice: 100 }])
  })

  it("gets the parent's rows after the parent's steps and cursor, run by run", async () => {
    const target = createTarget()
    const rows: User[] = [
      { id: 1, at: "2024-01-01" },
      { id: 2, at: "2024-01-02" },
    ]
    const load = () => {
      const seen: number[] = []
      const parent = resource<User>("users", { primaryKey: "id", incremental: { cursor: "at" } }, () => [...rows]).map((row) => ({
        ...row,
        id: row.id * 100,
      }))
      const orders = transformer("orders", { from: parent }, ({ id }) => {
        seen.push(id)
        return { user: id }
      })
      return target.pipeline.run(orders).then((receipt) => ({ receipt, seen }))
    }
    expect((await load()).seen).toEqual([100, 200])
    rows.push({ id: 3, at: "2024-01-03" })
    const { receipt, seen } = await load()
    expect(seen).toEqual([300])
    expect(receipt.cursors).toEqual({ users: "2024-01-03" })
  })

  it("has a cursor and a state of its own", async () => {
    const target = createTarget()
    const load = async (last: number) => {
      const states: unknown[] = []
      const hints = {
        from: users([{ id: 1 }]).users,
        primaryKey: "id",
        incremental: { cursor: "id", initialValue: 2 },
        by: "batch",
      } as const
      const orders = transformer("orders", hints, (_, { state, cursor }) => {
        states.push([state["runs"] ?? 0, cursor.start])
        state["runs"] = Number(state["runs"] ?? 0) + 1
        return Array.from({ length: last }, (_value, i) => ({ id: i + 1 }))
      })
      const receipt = await target.pipeline.run(orders)
      return { states, table: receipt.tables["orders"] }
    }
    expect(await load(4)).toMatchObject({ states: [[0, 2]], table: { extracted: 4, filtered: 1, loaded: 3 } })
    expect(await load(5)).toMatchObject({ states: [[1, 4]], table: { extracted: 5, filtered: 3, deduplicated: 1, loaded: 1 } })
  })

  it("names itself and its parent when it fails, and nothing is committed", async () => {
    const target = createTarget()
    const { users: parent } = users()
    const orders = transformer("orders", { from: parent }, ({ id }) => {
      if (id === 2) throw new Error("no such user")
      return { id }
    })
    await expect(target.pipeline.run([parent, orders])).rejects.toMatchObject({
      code: "extract-failed",
      message: "resource orders, which users feeds, failed: no such user",
      details: { resource: "orders", parent: "users" },
    })
    expect((await target.pipeline.run([{ id: 1 }], { table: "t" })).recovered).toEqual([])
  })

  it("tells of its parent's failure as the parent's, and lets the transformers be closed", async () => {
    const target = createTarget()
    const parent = resource("users", async function* () {
      yield [{ id: 1 }]
      throw new Error("401")
    })
    const closed: number[] = []
    const orders = transformer("orders", { from: parent }, async function* ({ id }, { signal }) {
      try {
        yield { id }
        await untilAborted(signal)
      } finally {
        closed.push(id)
      }
    })
    await expect(target.pipeline.run(orders)).rejects.toMatchObject({ message: "resource users failed: 401" })
    expect(closed).toEqual([1])
  })

  it("ends an endless parent when it has reached its limit and nobody else wants the rows", async () => {
    const target = createTarget()
    let isClosed = false
    const parent = resource("numbers", async function* () {
      try {
        for (let id = 0; ; id++) yield [{ id }]
      } finally {
        isClosed = true
      }
    })
    const receipt = await target.pipeline.run(transformer("squares", { from: parent }, ({ id }) => ({ square: id * id })).limit(3))
    expect(receipt.tables["squares"]?.loaded).toBe(3)
    expect(isClosed).toBe(true)
    expect(await target.read("select square from squares order by square")).toEqual([{ square: 0 }, { square: 1 }, { square: 4 }])
  })

  it("warns where its limit would lose what the parent's cursor has passed", async () => {
    const parent = resource("users", { incremental: { cursor: "id" } }, [{ id: 1 }])
    const receipt = await createTarget().pipeline.run(transformer("orders", { from: parent }, ({ id }) => ({ id })).limit(3))
    expect(receipt.warnings.join("\n")).toContain("limit the parent instead")
  })

  it("counts what cannot be read of a parent that is not loaded", async () => {
    const target = createTarget({ rejects: { maxShare: 1 } })
    const lines = { kind: "json-lines", bytes: Buffer.from('{"id": 1}\n{"id": \nnull\n{"id": 9007199254740993}\n') } as const
    const parent = resource<{ id: number | bigint }>("users", () => [lines])
    const orders = transformer("orders", { from: parent }, ({ id }) => ({ user: id }))
    const receipt = await target.pipeline.run(orders)
    expect(receipt.tables["orders"]).toMatchObject({ extracted: 3, rejected: 1, loaded: 2 })
    expect(await target.read('select "user"::varchar as u from orders order by "user"')).toEqual([{ u: "1" }, { u: "9007199254740993" }])
    expectAccounted(receipt)
  })

  it("leaves the types of its parent's table as they are without it", async () => {
    const load = async (feeds: boolean) => {
      const target = createTarget()
      const parent = resource("t", () => [{ kind: "json-lines", bytes: Buffer.from('{"a": 1.0, "b": 1}\n') } as const])
      await target.pipeline.run(feeds ? [parent, transformer("fed", { from: parent }, () => ({ x: 1 }))] : parent)
      return target.types("t")
    }
    expect(await load(true)).toEqual(await load(false))
  })

  it("starts its parent anew when a run replaces everything", async () => {
    const target = createTarget()
    const orders = transformer("orders", { from: resource("users", { incremental: { cursor: "id" } }, [[{ id: 1 }]]) }, ({ id }) => ({
      id,
    }))
    await target.pipeline.run(orders)
    await target.pipeline.run(orders, { writeDisposition: "replace" })
    expect(await target.read("select id from orders")).toEqual([{ id: 1 }])
  })

  it("keeps the state of both under their names, so two different parents of one name are refused", async () => {
    const { users: parent } = users()
    const orders = transformer("orders", { from: parent.filter(({ id }) => id > 1) }, ordersOf)
    await expect(createTarget().pipeline.run([parent, orders])).rejects.toMatchObject({ code: "duplicate-resource" })
    expect(() => transformer("users", { from: parent }, ordersOf)).toThrow(expect.objectContaining({ code: "duplicate-resource" }))
  })

  it("may be made by a source package: a resource with a parent reads the parent's rows, or as many of them as it wants", async () => {
    const parent = users(Array.from({ length: 20 }, (_, id) => ({ id }))).users
    const reading = (name: string, read: Resource["read"]): Resource => ({ kind: "resource", name, hints: {}, parent, steps: [], read })
    const sums = reading("sums", async function* ({ parentRows }) {
      let sum = 0
      for await (const rows of parentRows ?? noRows()) for (const { id } of rows as User[]) sum += id
      yield [{ sum }]
    })
    const blind = reading("blind", () => [{ id: 1 }])
    const receipt = await createTarget().pipeline.run([sums, blind, parent])
    expect(Object.entries(receipt.tables).map(([name, { loaded }]) => [name, loaded])).toEqual(
      expect.arrayContaining([
        ["sums", 1],
        ["blind", 1],
        ["users", 20],
      ]),
    )
  })

  it("is told when its parent fails, rather than that there are no more rows", async () => {
    const parent = resource("users", async function* () {
      yield [{ id: 1 }]
      throw new Error("401")
    })
    const seen: unknown[] = []
    const read: Resource["read"] = async function* ({ parentRows }) {
      try {
        for await (const rows of parentRows ?? noRows()) seen.push(...rows)
        seen.push("the end")
      } catch (error) {
        seen.push(error)
        throw error
      }
      yield []
    }
    const run = createTarget().pipeline.run({ kind: "resource", name: "own", hints: {}, parent, steps: [], read })
    await expect(run).rejects.toMatchObject({ message: "resource users failed: 401" })
    expect(seen).toEqual([{ id: 1 }, expect.objectContaining({ code: "extract-failed" })])
  })

  it.each([0, -1, 1.5, Number.NaN])("refuses a concurrency of %s", (concurrency) => {
    expect(() => transformer("orders", { from: users().users, concurrency }, ordersOf)).toThrow(
      expect.objectContaining({ code: "invalid-options" }),
    )
  })

  it("is read with its parent, in the order of its parent's rows, whatever else the run reads at the same time", async () => {
    const load = async (parallel: number) => {
      const target = createTarget({ parallel })
      const { users: parent } = users(Array.from({ length: 40 }, (_, id) => ({ id })))
      const orders = transformer("orders", { from: parent, concurrency: 5 }, ordersOf)
      const others = resource("others", async function* () {
        for (let i = 0; i < 40; i++) yield { i }
      })
      await target.pipeline.run(source("shop", [parent, orders, others]))
      return [await target.read("select id from users order by rowid"), await target.read("select id from orders order by rowid")]
    }
    const [serial, parallel] = [await load(1), await load(3)]
    expect(parallel).toEqual(serial)
    expect(serial[1]).toHaveLength(80)
  })
})

describe("types", () => {
  it("flow from the parent through the transformer and its steps", () => {
    const parent = resource("users", async function* () {
      yield [{ id: 1, name: "Ana" }]
    })
    expectTypeOf(parent).toEqualTypeOf<PipeResource<{ id: number; name: string }>>()
    const orders = transformer("orders", { from: parent }, async (user) => {
      expectTypeOf(user).toEqualTypeOf<{ id: number; name: string }>()
      return [{ order: user.id, of: user.name }]
    })
    expectTypeOf(orders.map(({ order }) => order)).toEqualTypeOf<PipeResource<number>>()
    const lines = transformer("lines", { from: orders, by: "batch" }, function* (batch) {
      expectTypeOf(batch).toEqualTypeOf<readonly { order: number; of: string }[]>()
      for (const { order } of batch) yield { order }
    })
    expectTypeOf(lines).toEqualTypeOf<PipeResource<{ order: number }>>()
    const piped = parent.pipe(transformer("names", (user: { readonly name: string }) => ({ text: user.name })))
    expectTypeOf(piped).toEqualTypeOf<PipeResource<{ text: string }>>()
    // @ts-expect-error a transformer of other rows does not fit
    parent.pipe(transformer("wrong", (user: { readonly age: number }) => ({ age: user.age })))
  })
})
