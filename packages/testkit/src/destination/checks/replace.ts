import type { DestinationCapabilities } from "@lading/core"
import { defineTable } from "../../data/tables.ts"
import type { DestinationCheck, DestinationFixture } from "../fixture.ts"
import { begin, load, sealOf } from "../load.ts"
import { assertRows } from "../read.ts"

const books = defineTable("books", { title: "text" }, { write_disposition: "replace" })
const chapters = defineTable("books__chapters", { heading: "text" }, { parent: "books" })
const notes = defineTable("books__chapters__notes", { note: "text" }, { parent: "books__chapters" })
const chain = [books, chapters, notes]

const replaces = ({ writeDispositions }: DestinationCapabilities) => writeDispositions.includes("replace")

/** A book with one chapter and one note. */
async function bookParts(fixture: DestinationFixture, title: string) {
  const below = (parent: string) => ({ _dlt_root_id: title, _dlt_parent_id: parent, _dlt_list_idx: 0 })
  return [
    await fixture.part(books, [{ title, _dlt_id: title }]),
    await fixture.part(chapters, [{ heading: `${title} 1`, _dlt_id: `${title}1`, ...below(title) }]),
    await fixture.part(notes, [{ note: `${title} 1 a`, ...below(`${title}1`) }]),
  ]
}

/** Replace, along the whole chain of nested tables. */
export const replaceChecks: readonly DestinationCheck[] = [
  {
    concern: "replace",
    name: "puts the new rows in the place of the old ones, in nested tables too",
    appliesTo: replaces,
    async check(fixture) {
      const session = await fixture.open()
      await load(session, sealOf("1", chain, await bookParts(fixture, "Old")))
      await load(session, sealOf("2", chain, await bookParts(fixture, "New")))
      await assertRows(fixture, session, books, [{ title: "New" }])
      await assertRows(fixture, session, chapters, [{ heading: "New 1" }])
      await assertRows(fixture, session, notes, [{ note: "New 1 a" }])
    },
  },
  {
    concern: "replace",
    name: "empties nested tables for which the load brings no rows",
    appliesTo: replaces,
    async check(fixture) {
      const session = await fixture.open()
      await load(session, sealOf("1", chain, await bookParts(fixture, "Old")))
      await load(session, sealOf("2", chain, (await bookParts(fixture, "New")).slice(0, 2)))
      await assertRows(fixture, session, chapters, [{ heading: "New 1" }])
      await assertRows(fixture, session, notes, [])
    },
  },
  {
    concern: "replace",
    name: "keeps the rows of all parts of the load, whenever they were staged",
    appliesTo: replaces,
    async check(fixture) {
      const session = await fixture.open()
      await load(session, sealOf("1", chain, await bookParts(fixture, "Old")))
      const parts = [...(await bookParts(fixture, "New")), ...(await bookParts(fixture, "Newer"))]
      const { writer, epoch } = await begin(session, "2")
      const seal = sealOf("2", chain, parts)
      for (const part of parts.slice(0, 4)) await writer.stage(part, seal.schema.tables)
      await writer.commit({ ...seal, epoch })
      await assertRows(fixture, session, books, [{ title: "New" }, { title: "Newer" }])
      await assertRows(fixture, session, notes, [{ note: "New 1 a" }, { note: "Newer 1 a" }])
    },
  },
  {
    concern: "replace",
    name: "leaves a table alone for which a load brings nothing, and empties it when that is asked for",
    appliesTo: replaces,
    async check(fixture) {
      const session = await fixture.open()
      await load(session, sealOf("1", chain, await bookParts(fixture, "Old")))
      await load(session, sealOf("2", chain, []))
      await assertRows(fixture, session, books, [{ title: "Old" }])
      await assertRows(fixture, session, notes, [{ note: "Old 1 a" }])
      await load(session, sealOf("3", chain, [], { emptied: ["books"] }))
      for (const table of chain) await assertRows(fixture, session, table, [])
    },
  },
  {
    concern: "replace",
    name: "shows the old rows until the commit, and again after an abort",
    appliesTo: replaces,
    async check(fixture) {
      const [writing, reading] = [await fixture.open(), await fixture.open()]
      await load(writing, sealOf("1", chain, await bookParts(fixture, "Old")))
      const { writer } = await begin(writing, "2")
      const seal = sealOf("2", chain, await bookParts(fixture, "New"))
      for (const part of seal.parts) await writer.stage(part, seal.schema.tables)
      await assertRows(fixture, reading, books, [{ title: "Old" }], "a replaced table before the commit")
      await writer.abort()
      await assertRows(fixture, reading, books, [{ title: "Old" }], "a replaced table after an abort")
      await assertRows(fixture, reading, notes, [{ note: "Old 1 a" }])
    },
  },
  {
    concern: "replace",
    name: "takes new columns together with the new rows",
    appliesTo: replaces,
    async check(fixture) {
      const session = await fixture.open()
      await load(session, sealOf("1", chain, await bookParts(fixture, "Old")))
      const wider = defineTable("books", { title: "text", pages: "bigint" }, { write_disposition: "replace" })
      const part = await fixture.part(wider, [{ title: "New", pages: 7 }])
      await load(session, sealOf("2", [wider, chapters, notes], [part]), { stageFirst: true })
      await assertRows(fixture, session, wider, [{ title: "New", pages: 7 }])
      await assertRows(fixture, session, chapters, [])
    },
  },
]
