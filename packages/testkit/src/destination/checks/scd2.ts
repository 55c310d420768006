import assert from "node:assert/strict"
import type { Column, DestinationCapabilities, DestinationSession, Table } from "@lading/core"
import { type ColumnSpecs, defineTable } from "../../data/tables.ts"
import type { TestRow } from "../../data/write-part.ts"
import type { DestinationCheck, DestinationFixture } from "../fixture.ts"
import { load, sealOf } from "../load.ts"
import { assertRows } from "../read.ts"

const claims = ({ mergeStrategies }: DestinationCapabilities) => mergeStrategies.includes("scd2")
const version: Partial<Column> = { data_type: "text", nullable: false, "x-row-version": true, unique: false, row_key: false }
const far = "9999-12-31T00:00:00Z"

/** A table of versions whose row version is its row id, as the normalizer makes it. */
function dimTable(more: ColumnSpecs = {}, active: string | null = null, hints: Partial<Table> = {}): Table {
  const table = defineTable(
    "dim",
    {
      since: { data_type: "timestamp", nullable: true, "x-valid-from": true },
      until: { data_type: "timestamp", nullable: true, "x-valid-to": true, "x-active-record-timestamp": active },
      n: "bigint",
      ...more,
    },
    { write_disposition: "merge", "x-merge-strategy": "scd2", ...hints },
  )
  return { ...table, columns: { ...table.columns, _dlt_id: { name: "_dlt_id", ...version } } }
}

const { _dlt_root_id: _, ...tagColumns } = defineTable("dim__tags", { tag: "text" }, { parent: "dim" }).columns
/** Versions need no root key below them. */
const dimTags: Table = { name: "dim__tags", parent: "dim", columns: tagColumns }

/** Moment at which the load with this number was sealed. */
const at = (loadNumber: number) => new Date(Date.UTC(2024, 0, loadNumber))

/** Loads rows by version, with one tag each when `dimTags` is among the tables. */
async function loadVersions(
  fixture: DestinationFixture,
  session: DestinationSession,
  loadNumber: number,
  tables: readonly [Table, ...Table[]],
  rows: Readonly<Record<string, TestRow>> | readonly (readonly [string, TestRow])[],
) {
  const entries: readonly (readonly [string, TestRow])[] = Array.isArray(rows) ? rows : Object.entries(rows)
  const parts = [
    await fixture.part(
      tables[0],
      entries.map(([id, row]) => ({ _dlt_id: id, ...row })),
    ),
  ]
  const [, tags] = tables
  if (tags !== undefined) {
    const tagRows = entries.map(([id]) => ({ tag: `tag of ${id}`, _dlt_id: `${id}.0`, _dlt_parent_id: id, _dlt_list_idx: 0 }))
    parts.push(await fixture.part(tags, tagRows))
  }
  return load(session, sealOf(String(loadNumber), tables, parts, { sealedAt: at(loadNumber) }))
}

const span = (id: string, since: number, until?: number, n = 1): TestRow => ({
  _dlt_id: id,
  n,
  since: at(since).toISOString(),
  until: until === undefined ? null : at(until).toISOString(),
})

/** Merges that keep versions: closed when a load lacks them, opened when it brings them, opened again when they come back. */
export const scd2Checks: readonly DestinationCheck[] = [
  {
    concern: "merge scd2",
    name: "closes the versions that a load lacks, opens the new ones, leaves the others, and counts them",
    appliesTo: claims,
    async check(fixture) {
      const session = await fixture.open()
      const dim = dimTable()
      await loadVersions(fixture, session, 1, [dim], { a1: { n: 1 }, b1: { n: 1 } })
      const { tables } = await loadVersions(fixture, session, 2, [dim], { a2: { n: 2 }, b1: { n: 1 } })
      await assertRows(fixture, session, dim, [span("a1", 1, 2), span("b1", 1), span("a2", 2, undefined, 2)])
      assert.deepStrictEqual({ ...tables.dim }, { loaded: 2, inserted: 1, updated: 1 })
    },
  },
  {
    concern: "merge scd2",
    name: "opens a version that comes back as a row of its own, and a version that comes twice once",
    appliesTo: claims,
    async check(fixture) {
      const session = await fixture.open()
      const dim = dimTable()
      await loadVersions(fixture, session, 1, [dim], { a1: { n: 1 } })
      await loadVersions(fixture, session, 2, [dim], { b1: { n: 1 } })
      await loadVersions(
        fixture,
        session,
        3,
        [dim],
        [
          ["a1", { n: 1 }],
          ["a1", { n: 1 }],
        ],
      )
      await assertRows(fixture, session, dim, [span("a1", 1, 2), span("b1", 2, 3), span("a1", 3)])
    },
  },
  {
    concern: "merge scd2",
    name: "keeps nested rows once for each version, below the versions that are there only",
    appliesTo: claims,
    async check(fixture) {
      const session = await fixture.open()
      const own = dimTable({ ver: version })
      const dim: Table = {
        ...own,
        columns: { ...own.columns, _dlt_id: { name: "_dlt_id", data_type: "text", nullable: false, row_key: true } },
      }
      await loadVersions(fixture, session, 1, [dim, dimTags], { r1: { ver: "a", n: 1 }, r2: { ver: "b", n: 1 } })
      await loadVersions(fixture, session, 2, [dim, dimTags], { r3: { ver: "a", n: 1 }, r4: { ver: "c", n: 1 } })
      await assertRows(fixture, session, dim, [span("r1", 1), span("r2", 1, 2), span("r4", 2)])
      await assertRows(
        fixture,
        session,
        dimTags,
        ["r1", "r2", "r4"].map((id) => ({ tag: `tag of ${id}`, _dlt_parent_id: id })),
      )
    },
  },
  {
    concern: "merge scd2",
    name: "closes with a merge key only versions whose key the load brings, comparing keys column by column",
    appliesTo: claims,
    async check(fixture) {
      const session = await fixture.open()
      const dim = dimTable({ k1: { data_type: "text", merge_key: true }, k2: { data_type: "text", merge_key: true } })
      const row = (k1: string | null, k2: string) => ({ k1, k2, n: 1 })
      await loadVersions(fixture, session, 1, [dim], { a1: row("no", "rth"), b1: row("x", "y"), c1: row(null, "n") })
      await loadVersions(fixture, session, 2, [dim], { d1: row("nor", "th"), b2: row("x", "y"), c2: row(null, "n") })
      await assertRows(fixture, session, dim, [
        ...[span("a1", 1), span("b1", 1, 2), span("c1", 1)],
        ...[span("d1", 2), span("b2", 2), span("c2", 2)],
      ])
    },
  },
  {
    concern: "merge scd2",
    name: "takes the moment of the table's hint, and another end of open versions than null",
    appliesTo: claims,
    async check(fixture) {
      const session = await fixture.open()
      const dim = (boundary: string) => dimTable({}, far, { "x-boundary-timestamp": boundary })
      await loadVersions(fixture, session, 1, [dim("2020-02-29")], { a1: { n: 1 } })
      await loadVersions(fixture, session, 2, [dim("2020-03-01T12:00:00+02:00")], { b1: { n: 1 } })
      const first = { _dlt_id: "a1", since: "2020-02-29T00:00:00Z", until: "2020-03-01T10:00:00Z" }
      await assertRows(fixture, session, dim("2020-01-01"), [first, { _dlt_id: "b1", since: first.until, until: far }])
    },
  },
]
