import assert from "node:assert/strict"
import type { DataType } from "@lading/core"
import { always } from "../../check.ts"
import { byName, defineTable } from "../../data/tables.ts"
import type { Cell } from "../../data/to-column.ts"
import type { DestinationCheck } from "../fixture.ts"
import { begin, load, sealOf } from "../load.ts"
import { assertRows } from "../read.ts"

interface Widening {
  readonly from: DataType
  readonly old: Cell
  readonly to: DataType
  readonly fresh: Cell
}

/** The joins of data types that lose nothing (rule T1 of the data model), each with a value that shows a loss. */
const widenings: readonly Widening[] = [
  { from: "bigint", old: 2n ** 53n, to: "double", fresh: 1.5 },
  { from: "bigint", old: 2n ** 53n + 1n, to: "decimal", fresh: "1.5" },
  { from: "bigint", old: 2n ** 63n - 1n, to: "wei", fresh: "9223372036854775808" },
  { from: "double", old: 0.1, to: "decimal", fresh: "0.25" },
  { from: "date", old: "2024-02-29", to: "timestamp", fresh: "2024-02-28T01:00:00.000001Z" },
]

/** The old value as one of the wider type. */
function widened({ from, old }: Widening): Cell {
  return from === "date" ? `${String(old)}T00:00:00Z` : typeof old === "bigint" || typeof old === "number" ? String(old) : old
}

function wideningChecks(widening: Widening): readonly DestinationCheck[] {
  const { from, old, to, fresh } = widening
  const narrow = defineTable("t", { n: "bigint", v: from })
  const wide = defineTable("t", { n: "bigint", v: to })
  const rows = [
    { n: 1, v: widened(widening) },
    { n: 2, v: fresh },
  ]
  return [
    {
      concern: "widening",
      name: `turns a stored ${from} into a ${to} without loss`,
      appliesTo: always,
      async check(fixture) {
        const session = await fixture.open()
        await load(session, sealOf("1", [narrow], [await fixture.part(narrow, [{ n: 1, v: old }])]))
        await load(session, sealOf("2", [wide], [await fixture.part(wide, [{ n: 2, v: fresh }])]))
        await assertRows(fixture, session, wide, rows)
      },
    },
    {
      concern: "widening",
      name: `turns a staged ${from} into a ${to} in the middle of a load`,
      appliesTo: always,
      async check(fixture) {
        const session = await fixture.open()
        const parts = [await fixture.part(narrow, [{ n: 1, v: old }]), await fixture.part(wide, [{ n: 2, v: fresh }])] as const
        const { writer, epoch } = await begin(session, "1")
        await writer.stage(parts[0], byName([narrow]))
        await writer.stage(parts[1], byName([wide]))
        await writer.commit({ ...sealOf("1", [wide], parts), epoch })
        await assertRows(fixture, session, wide, rows)
      },
    },
    {
      concern: "widening",
      name: `takes a part of ${from} into a table that has a ${to} already`,
      appliesTo: always,
      async check(fixture) {
        const session = await fixture.open()
        await load(session, sealOf("1", [wide], [await fixture.part(wide, [{ n: 2, v: fresh }])]))
        await load(session, sealOf("2", [wide], [await fixture.part(narrow, [{ n: 1, v: old }])]))
        await assertRows(fixture, session, wide, rows)
      },
    },
  ]
}

const small = defineTable("t", { n: "bigint" })
const grown = defineTable("t", { n: "bigint", extra: "text", more: "json" })

/** Columns and tables that come later, and types that grow. */
export const evolutionChecks: readonly DestinationCheck[] = [
  {
    concern: "new columns",
    name: "adds columns with the first load that has them; older rows have null, and so have later rows without them",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      await load(session, sealOf("1", [small], [await fixture.part(small, [{ n: 1 }])]))
      await load(session, sealOf("2", [grown], [await fixture.part(grown, [{ n: 2, extra: "x", more: "[1]" }])]))
      await load(session, sealOf("3", [grown], [await fixture.part(small, [{ n: 3 }])]))
      await assertRows(fixture, session, grown, [
        { n: 1, extra: null, more: null },
        { n: 2, extra: "x", more: "[1]" },
        { n: 3, extra: null, more: null },
      ])
    },
  },
  {
    concern: "new columns",
    name: "adds columns and tables in the middle of a load",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const late = defineTable("late", { b: "bool" })
      const parts = [
        await fixture.part(small, [{ n: 1 }]),
        await fixture.part(grown, [{ n: 2, extra: "x", more: "{}" }]),
        await fixture.part(late, [{ b: true }]),
      ] as const
      const { writer, epoch } = await begin(session, "1")
      await writer.stage(parts[0], byName([small]))
      await writer.stage(parts[1], byName([grown]))
      await writer.stage(parts[2], byName([late]))
      await writer.commit({ ...sealOf("1", [grown, late], parts), epoch })
      await assertRows(fixture, session, grown, [
        { n: 1, extra: null, more: null },
        { n: 2, extra: "x", more: "{}" },
      ])
      await assertRows(fixture, session, late, [{ b: true }])
    },
  },
  {
    concern: "new columns",
    name: "leaves no column behind of a load that was aborted",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      await load(session, sealOf("1", [small], [await fixture.part(small, [{ n: 1 }])]))
      const { writer } = await begin(session, "2")
      await writer.stage(await fixture.part(grown, [{ n: 2, extra: "x", more: "{}" }]), byName([grown]))
      await writer.abort()
      const other = defineTable("t", { n: "bigint", extra: "bool" })
      await load(session, sealOf("3", [other], [await fixture.part(other, [{ n: 3, extra: true }])]))
      await assertRows(fixture, session, other, [
        { n: 1, extra: null },
        { n: 3, extra: true },
      ])
    },
  },
  ...widenings.flatMap(wideningChecks),
  {
    concern: "widening",
    name: "knows which stored integers a double could not hold",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const table = defineTable("t", { exact: "bigint", inexact: "bigint", empty: "bigint", label: "text" })
      const rows = [
        { exact: 2n ** 53n, inexact: 1, label: "a" },
        { exact: -(2n ** 53n), inexact: -(2n ** 53n) - 1n, label: "b" },
      ]
      await load(session, sealOf("1", [table], [await fixture.part(table, rows)]))
      assert.deepStrictEqual(await session.inexactIntegerColumns(table), new Set(["inexact"]))
    },
  },
]
