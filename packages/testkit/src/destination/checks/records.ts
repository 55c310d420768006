import assert from "node:assert/strict"
import { join } from "node:path"
import { noRows, type Reject, rejectBatch, rejectsTable, type SealedPart } from "@lading/core"
import { always } from "../../check.ts"
import { defineSchema, defineState, defineTable } from "../../data/tables.ts"
import { writeBatch } from "../../data/write-part.ts"
import type { DestinationCheck, DestinationFixture } from "../fixture.ts"
import { begin, load, sealOf } from "../load.ts"
import { assertRows, readAll, selectColumns, visibleRows } from "../read.ts"

const things = defineTable("things", { a: "bigint" })

const reject: Reject = {
  table: "Things",
  ordinal: 4,
  code: "not-json",
  pointer: "/a",
  message: "it's torn",
  value: '{"a":',
  valueHash: "AAECAwQFBgcICQ",
  origin: "things.ndjson",
  line: 12,
}

function rejectPart(fixture: DestinationFixture, loadId: string): Promise<SealedPart> {
  const format = fixture.destination.capabilities.partFormats[0] ?? "parquet"
  const batch = rejectBatch([reject, { ...reject, ordinal: 5, origin: undefined, line: undefined }], loadId)
  return writeBatch(join(fixture.place.folder, `rejects-${loadId}.${format}`), format, batch)
}

/** What is committed beside the rows: rejects, nested links, schema, state, names. */
export const recordChecks: readonly DestinationCheck[] = [
  {
    concern: "rejects",
    name: "commits rejected rows with the good ones, and drops them with an abort",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const counters = { things: { ...noRows, extracted: 3, rejected: 2, normalized: 1, loaded: 1 } }
      const seal = sealOf("1", [things], [await fixture.part(things, [{ a: 1 }]), await rejectPart(fixture, "1")], { counters })
      const { writer } = await begin(session, "1")
      for (const part of seal.parts) await writer.stage(part, seal.schema.tables)
      await writer.abort()
      assert.equal(await visibleRows(fixture, session, rejectsTable), 0, "rejects of an aborted load")
      await load(session, seal)
      await assertRows(fixture, session, things, [{ a: 1 }])
      const columns = ["load_id", "table_name", "ordinal", "code", "pointer", "message", "value", "value_hash", "origin", "line"]
      const { rows } = await readAll(session, `${selectColumns(fixture, rejectsTable, columns)} ORDER BY ${fixture.quote("ordinal")}`)
      const common = ["1", "Things"]
      const rest = ["not-json", "/a", "it's torn", '{"a":', "AAECAwQFBgcICQ"]
      assert.deepStrictEqual(
        rows.map((row) => row.map((value, index) => ([2, 9].includes(index) && value !== null ? Number(value) : value))),
        [
          [...common, 4, ...rest, "things.ndjson", 12],
          [...common, 5, ...rest, null, null],
        ],
      )
    },
  },
  {
    concern: "nested tables",
    name: "appends three levels of nested rows, with their links",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const tables = [
        things,
        defineTable("things__b", { v: "text" }, { parent: "things" }),
        defineTable("things__b__c", { v: "text" }, { parent: "things__b" }),
      ] as const
      const links = (root: string, parent: string, index: number) => ({ _dlt_root_id: root, _dlt_parent_id: parent, _dlt_list_idx: index })
      const second = [
        { v: "x", _dlt_id: "b1", ...links("r1", "r1", 0) },
        { v: "y", _dlt_id: "b2", ...links("r1", "r1", 1) },
      ]
      const third = [{ v: "z", _dlt_id: "c1", ...links("r1", "b2", 0) }]
      const root = [{ a: 1, _dlt_id: "r1" }]
      const parts = [await fixture.part(tables[2], third), await fixture.part(tables[0], root), await fixture.part(tables[1], second)]
      await load(session, sealOf("1", tables, parts))
      await assertRows(fixture, session, tables[0], root)
      await assertRows(fixture, session, tables[1], second)
      await assertRows(fixture, session, tables[2], third)
    },
  },
  {
    concern: "snapshot",
    name: "gives schema, state and names back exactly as they were committed",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const state = { ...defineState("s1", 3, fixture.pipeline), state: '{"cursor":"😀 it\'s \\"é\\"","n":9007199254740993}' }
      const names = [
        { table: "things", column: undefined, path: '["Things"]' },
        { table: "things", column: "a", path: '["it\'s \\"A\\""]' },
      ]
      const schema = {
        ...defineSchema([{ ...things, description: "it's «größer»", "x-kit": { list: [1, null] } }]),
        previous_hashes: ["h0"],
      }
      await load(session, sealOf("1", [things], [await fixture.part(things, [{ a: 1 }])], { state, names, schema }))
      assert.deepStrictEqual(await (await fixture.open()).snapshot(), { exists: true, schemas: [schema], state, names })
    },
  },
  {
    concern: "snapshot",
    name: "gives the newest document of each schema, and the names of all loads",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const [old, other] = [defineSchema([things]), defineSchema([defineTable("z", { a: "text" })], "other")]
      const fresh = { ...defineSchema([things, defineTable("more", { b: "text" })]), version: 2, previous_hashes: [old.version_hash] }
      const name = (column: string) => ({ table: "things", column, path: `["${column}"]` })
      await load(session, sealOf("1", [things], [], { schema: old, names: [name("a")] }))
      await load(session, sealOf("2", [], [], { schema: other }))
      await load(session, sealOf("3", [], [], { schema: fresh, names: [name("b")], sealedAt: new Date("2020-01-01T00:00:00Z") }))
      await load(session, sealOf("4", [], [], { schema: fresh }))
      const snapshot = await session.snapshot()
      const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1)
      assert.deepStrictEqual(snapshot.schemas.toSorted(byName), [other, fresh].toSorted(byName))
      assert.deepStrictEqual(snapshot.names, [name("a"), name("b")])
    },
  },
]
