import assert from "node:assert/strict"
import { type DestinationCapabilities, isLadingError, type MergeStrategy } from "@lading/core"
import { defineTable } from "../../data/tables.ts"
import type { DestinationCheck, DestinationFixture } from "../fixture.ts"
import { load, sealOf } from "../load.ts"
import { assertRows } from "../read.ts"
import { type Order, ordersSeal, ordersTable, primaryKey, tagsTable } from "./merge-tables.ts"

type Provable = Exclude<MergeStrategy, "scd2">
const provable: readonly Provable[] = ["delete-insert", "upsert", "insert-only"]
const claims =
  (strategy: MergeStrategy) =>
  ({ mergeStrategies }: DestinationCapabilities) =>
    mergeStrategies.includes(strategy)

/** What must be there after orders 1 and 2 met orders 2 and 3. */
const outcomes: Readonly<Record<Provable, { readonly rows: readonly Order[]; readonly tags: readonly string[] }>> = {
  "delete-insert": { rows: [order(1, "old"), order(2, "new"), order(3, "new")], tags: ["a", "n", "m"] },
  upsert: { rows: [order(1, "old"), order(2, "new"), order(3, "new")], tags: ["a", "n", "m"] },
  "insert-only": { rows: [order(1, "old"), order(2, "old"), order(3, "new")], tags: ["a", "b", "c", "m"] },
}

function order(id: number, v: string): Order {
  return { id, v }
}

/** Checks that hold for each strategy, with its own outcome. */
function strategyChecks(strategy: Provable): readonly DestinationCheck[] {
  const orders = ordersTable(strategy)
  const { rows, tags } = outcomes[strategy]
  const isKept = strategy === "insert-only"
  return [
    {
      concern: `merge ${strategy}`,
      name: "brings rows with known and with new keys together",
      appliesTo: claims(strategy),
      async check(fixture) {
        const session = await fixture.open()
        await load(session, await ordersSeal(fixture, "1", orders, [order(1, "old"), order(2, "old")]))
        const result = await load(session, await ordersSeal(fixture, "2", orders, [order(2, "new"), order(3, "new")]))
        await assertRows(fixture, session, orders, rows)
        assert.equal(result.tables.orders?.loaded, 2, "rows that arrived")
      },
    },
    {
      concern: `merge ${strategy}`,
      name: "lets nested rows follow their root row",
      appliesTo: claims(strategy),
      async check(fixture) {
        const session = await fixture.open()
        await load(session, await ordersSeal(fixture, "1", orders, [order(1, "old"), order(2, "old")], { 1: ["a"], 2: ["b", "c"] }))
        await load(session, await ordersSeal(fixture, "2", orders, [order(2, "new"), order(3, "new")], { 2: ["n"], 3: ["m"] }))
        await assertRows(fixture, session, orders, rows)
        await assertRows(
          fixture,
          session,
          tagsTable,
          tags.map((tag) => ({ tag })),
        )
      },
    },
    {
      concern: `merge ${strategy}`,
      name: "drops or keeps nested rows when the new version of a row has none",
      appliesTo: claims(strategy),
      async check(fixture) {
        const session = await fixture.open()
        await load(session, await ordersSeal(fixture, "1", orders, [order(1, "old")], { 1: ["a", "b"] }))
        await load(session, await ordersSeal(fixture, "2", orders, [order(1, "new")], {}))
        await assertRows(fixture, session, tagsTable, isKept ? [{ tag: "a" }, { tag: "b" }] : [])
      },
    },
    {
      concern: `merge ${strategy}`,
      name: "keeps one row of a key that comes more than once in a load, the first without a sort column",
      appliesTo: claims(strategy),
      async check(fixture) {
        const session = await fixture.open()
        const twice = [order(1, "first"), order(2, "only"), order(1, "second")].map((row, index) => ({ ...row, _dlt_id: `r${index}` }))
        await load(session, await ordersSeal(fixture, "1", orders, twice))
        await assertRows(fixture, session, orders, [order(1, "first"), order(2, "only")])
      },
    },
    {
      concern: `merge ${strategy}`,
      name: "keeps the row that a sort column puts first",
      appliesTo: claims(strategy),
      async check(fixture) {
        const session = await fixture.open()
        const sorted = ordersTable(strategy, { at: { data_type: "bigint", dedup_sort: "desc" } })
        const versions = [5, 9, 7].map((at) => ({ ...order(1, `at ${at}`), at, _dlt_id: `r${at}` }))
        await load(session, await ordersSeal(fixture, "1", sorted, versions))
        await assertRows(fixture, session, sorted, [{ ...order(1, "at 9"), at: 9 }])
      },
    },
  ]
}

/** Keys of several columns, and tables that grow. */
function shapeOfTableChecks(strategy: Provable): readonly DestinationCheck[] {
  const isKept = strategy === "insert-only"
  return [
    {
      concern: `merge ${strategy}`,
      name: "takes a key of several columns",
      appliesTo: claims(strategy),
      async check(fixture) {
        const session = await fixture.open()
        const table = defineTable(
          "visits",
          { day: { data_type: "date", primary_key: true, nullable: false }, place: { ...primaryKey, data_type: "text" }, n: "bigint" },
          { write_disposition: "merge", "x-merge-strategy": strategy },
        )
        const visit = (day: string, place: string, n: number) => ({ day, place, n })
        const old = [visit("2024-01-01", "a", 1), visit("2024-01-01", "b", 2), visit("2024-01-02", "a", 3)]
        await load(session, sealOf("1", [table], [await fixture.part(table, old)]))
        await load(session, sealOf("2", [table], [await fixture.part(table, [visit("2024-01-01", "b", 9)])]))
        await assertRows(
          fixture,
          session,
          table,
          isKept ? old : [visit("2024-01-01", "a", 1), visit("2024-01-01", "b", 9), visit("2024-01-02", "a", 3)],
        )
      },
    },
    {
      concern: `merge ${strategy}`,
      name: "takes new and wider columns together with the rows",
      appliesTo: claims(strategy),
      async check(fixture) {
        const session = await fixture.open()
        const before = ordersTable(strategy, { amount: "bigint" })
        const after = ordersTable(strategy, { amount: "double", extra: "text" })
        await load(session, await ordersSeal(fixture, "1", before, [{ ...order(1, "old"), amount: 1 }]))
        await load(session, await ordersSeal(fixture, "2", after, [{ ...order(2, "new"), amount: 2.5, extra: "x" }]), { stageFirst: true })
        await assertRows(fixture, session, after, [
          { ...order(1, "old"), amount: 1, extra: null },
          { ...order(2, "new"), amount: 2.5, extra: "x" },
        ])
      },
    },
  ]
}

/** Rows marked as deleted remove their key, and are not inserted. */
function hardDeleteCheck(strategy: "delete-insert" | "upsert"): DestinationCheck {
  const orders = ordersTable(strategy, { gone: { data_type: "bool", hard_delete: true } })
  return {
    concern: `merge ${strategy}`,
    name: "removes the keys of rows that are marked as deleted, with their nested rows, and inserts none of these",
    appliesTo: claims(strategy),
    async check(fixture) {
      const session = await fixture.open()
      const first = await ordersSeal(fixture, "1", orders, [order(1, "old"), order(2, "old")], { 1: ["a"], 2: ["b"] })
      await load(session, first)
      const marked = [
        { ...order(1, "gone"), gone: true },
        { ...order(2, "new"), gone: false },
        { ...order(3, "never"), gone: true },
      ]
      await load(session, await ordersSeal(fixture, "2", orders, marked, { 2: ["n"] }))
      await assertRows(fixture, session, orders, [order(2, "new")])
      await assertRows(fixture, session, tagsTable, [{ tag: "n" }])
    },
  }
}

/** Where ids follow from the key, the versions of a key in one load share their ids, and so do their nested rows. */
function versionChecks(strategy: "upsert" | "insert-only"): readonly DestinationCheck[] {
  const orders = ordersTable(strategy)
  const twice = async (fixture: DestinationFixture, first: readonly string[], second: readonly string[]) => {
    const { parts } = await ordersSeal(fixture, "2", orders, [order(2, "first")], { 2: first })
    const later = await ordersSeal(fixture, "2", orders, [order(2, "second")], { 2: second })
    return sealOf("2", [orders, tagsTable], [...parts, ...later.parts])
  }
  return [
    {
      concern: `merge ${strategy}`,
      name: "refuses a load in which versions of a key with the same ids bring different nested rows",
      appliesTo: claims(strategy),
      async check(fixture) {
        const session = await fixture.open()
        await load(session, await ordersSeal(fixture, "1", orders, [order(1, "old")], { 1: ["a"] }))
        for (const [first, second] of [
          [["b"], ["c"]],
          [["b", "c"], ["b"]],
          [[], ["c"]],
        ] as const) {
          const refused = load(session, await twice(fixture, first, second))
          await assert.rejects(refused, (error) => isLadingError(error) && error.code === "duplicate-key", "nested rows that would mix")
        }
        await assertRows(fixture, session, orders, [order(1, "old")])
        await assertRows(fixture, session, tagsTable, [{ tag: "a" }])
      },
    },
    {
      concern: `merge ${strategy}`,
      name: "keeps the nested rows of a key that comes more than once in a load with the same ones",
      appliesTo: claims(strategy),
      async check(fixture) {
        const session = await fixture.open()
        await load(session, await twice(fixture, ["b", "c"], ["b", "c"]))
        await assertRows(fixture, session, orders, [order(2, "first")])
        await assertRows(fixture, session, tagsTable, [{ tag: "b" }, { tag: "c" }])
      },
    },
  ]
}

/** Each claimed merge strategy. */
export const mergeChecks: readonly DestinationCheck[] = [
  ...provable.flatMap((strategy) => [...strategyChecks(strategy), ...shapeOfTableChecks(strategy)]),
  hardDeleteCheck("delete-insert"),
  hardDeleteCheck("upsert"),
  ...versionChecks("upsert"),
  ...versionChecks("insert-only"),
  {
    concern: "merge delete-insert",
    name: "replaces all rows that share a merge key",
    appliesTo: claims("delete-insert"),
    async check(fixture) {
      const session = await fixture.open()
      const table = defineTable(
        "days",
        { day: { data_type: "date", merge_key: true, nullable: false }, n: "bigint" },
        { write_disposition: "merge", "x-merge-strategy": "delete-insert" },
      )
      const row = (day: string, n: number) => ({ day, n })
      const old = [row("2024-01-01", 1), row("2024-01-01", 2), row("2024-01-02", 3)]
      await load(session, sealOf("1", [table], [await fixture.part(table, old)]))
      await load(session, sealOf("2", [table], [await fixture.part(table, [row("2024-01-01", 8), row("2024-01-01", 9)])]))
      await assertRows(fixture, session, table, [row("2024-01-01", 8), row("2024-01-01", 9), row("2024-01-02", 3)])
    },
  },
]
