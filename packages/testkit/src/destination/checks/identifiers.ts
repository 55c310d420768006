import { always } from "../../check.ts"
import { defineTable } from "../../data/tables.ts"
import type { DestinationCheck } from "../fixture.ts"
import { load, sealOf } from "../load.ts"
import { assertRows } from "../read.ts"

/** Names that no database takes without quoting, or that break careless quoting. */
const oddNames: readonly string[] = [
  "select",
  "order",
  "user",
  "two words",
  'say "hi"',
  "it's",
  "semi;colon -- x",
  "a.b",
  "naïve_日本",
  "1st",
]

/** Names that need quoting, and long ones. */
export const identifierChecks: readonly DestinationCheck[] = [
  {
    concern: "identifiers",
    name: "quotes table and column names wherever they stand",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      for (const [index, name] of (fixture.settings.oddNames ?? oddNames).entries()) {
        const before = defineTable(name, { [name]: "bigint" })
        const after = defineTable(name, { [name]: "double", [`${name} 2`]: "text" })
        await load(session, sealOf(`${index}a`, [before], [await fixture.part(before, [{ [name]: 1 }])]))
        await load(session, sealOf(`${index}b`, [after], [await fixture.part(after, [{ [name]: 2.5, [`${name} 2`]: "x" }])]))
        await assertRows(fixture, session, after, [
          { [name]: 1, [`${name} 2`]: null },
          { [name]: 2.5, [`${name} 2`]: "x" },
        ])
      }
    },
  },
  {
    concern: "identifiers",
    name: "quotes names in merges with nested tables",
    appliesTo: ({ mergeStrategies }) => mergeStrategies.length > 0,
    async check(fixture) {
      const session = await fixture.open()
      const strategy = fixture.destination.capabilities.mergeStrategies[0]
      const name = fixture.settings.oddNames?.[0] ?? 'say "it\'s"'
      const columns = { [name]: { data_type: "bigint", primary_key: true, nullable: false }, select: "text" } as const
      const root = defineTable(name, columns, { write_disposition: "merge", "x-merge-strategy": strategy })
      const nested = defineTable(`${name}__x`, { order: "text" }, { parent: name })
      const links = { _dlt_root_id: "r", _dlt_parent_id: "r", _dlt_list_idx: 0 }
      const parts = async (v: string) => [
        await fixture.part(root, [{ [name]: 1, select: v, _dlt_id: "r" }]),
        await fixture.part(nested, [{ order: v, ...links }]),
      ]
      for (const loadId of ["1", "2"]) await load(session, sealOf(loadId, [root, nested], await parts("a")))
      await assertRows(fixture, session, root, [{ [name]: 1, select: "a" }])
      await assertRows(fixture, session, nested, [{ order: "a" }])
    },
  },
  {
    concern: "identifiers",
    name: "takes names as long as it says",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const length = Math.min(fixture.destination.capabilities.maxIdentifierLength, 1_000)
      const [name, twin] = ["a", "b"].map((end) => `${"n".repeat(length - 1)}${end}`)
      const table = defineTable(name ?? "", { [name ?? ""]: "bigint", [twin ?? ""]: "text" })
      await load(session, sealOf("1", [table], [await fixture.part(table, [{ [name ?? ""]: 1, [twin ?? ""]: "x" }])]))
      await assertRows(fixture, session, table, [{ [name ?? ""]: 1, [twin ?? ""]: "x" }])
    },
  },
]
