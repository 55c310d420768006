import assert from "node:assert/strict"
import type { MergeStrategy, PartFormat, WriteDisposition } from "@lading/core"
import { refused } from "../../assert.ts"
import { defineTable } from "../../data/tables.ts"
import type { DestinationCheck } from "../fixture.ts"
import { load, sealOf } from "../load.ts"
import { assertRows } from "../read.ts"
import { ordersSeal, ordersTable, primaryKey } from "./merge-tables.ts"

const strategies: readonly MergeStrategy[] = ["delete-insert", "upsert", "insert-only", "scd2"]
const dispositions: readonly WriteDisposition[] = ["replace", "merge"]
const formats: readonly PartFormat[] = ["parquet", "ndjson", "copy-text"]

/** What is not claimed must be refused in words, never done in another way. */
export const refusalChecks: readonly DestinationCheck[] = [
  ...strategies.map(
    (strategy): DestinationCheck => ({
      concern: "not claimed",
      name: `refuses the merge strategy ${strategy} in words, and changes nothing`,
      appliesTo: ({ mergeStrategies }) => mergeStrategies.length > 0 && !mergeStrategies.includes(strategy),
      async check(fixture) {
        const session = await fixture.open()
        const orders = ordersTable("delete-insert")
        const plain = { ...orders, write_disposition: "append" as const }
        await load(session, await ordersSeal(fixture, "1", plain, [{ id: 1, v: "old" }]))
        const seal = await ordersSeal(fixture, "2", ordersTable(strategy), [{ id: 1, v: "new" }])
        const error = await refused(load(session, seal), `merge strategy ${strategy}, which is not claimed,`, { needsHint: true })
        assert.ok(error.message.includes(strategy), "the refusal must name the strategy")
        await assertRows(fixture, session, orders, [{ id: 1, v: "old" }])
      },
    }),
  ),
  ...dispositions.map(
    (disposition): DestinationCheck => ({
      concern: "not claimed",
      name: `refuses the write disposition ${disposition} in words, and changes nothing`,
      appliesTo: ({ writeDispositions }) => !writeDispositions.includes(disposition),
      async check(fixture) {
        const session = await fixture.open()
        const table = defineTable("things", { id: primaryKey })
        await load(session, sealOf("1", [table], [await fixture.part(table, [{ id: 1 }])]))
        const changed = { ...table, write_disposition: disposition }
        const seal = sealOf("2", [changed], [await fixture.part(table, [{ id: 1 }])])
        await refused(load(session, seal), `write disposition ${disposition}, which is not claimed,`)
        await assertRows(fixture, session, table, [{ id: 1 }])
      },
    }),
  ),
  ...formats.map(
    (format): DestinationCheck => ({
      concern: "not claimed",
      name: `refuses parts in ${format} in words, and loads nothing`,
      appliesTo: ({ partFormats }) => !partFormats.includes(format),
      async check(fixture) {
        const session = await fixture.open()
        const table = defineTable("things", { id: "bigint" })
        const part = await fixture.part(table, [{ id: 1 }], format)
        const error = await refused(load(session, sealOf("1", [table], [part])), `a part in ${format}, which is not claimed,`)
        assert.ok(error.message.includes(format), "the refusal must name the format")
        await assertRows(fixture, session, table, [])
      },
    }),
  ),
]
