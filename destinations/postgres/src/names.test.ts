import { defineTable, load, readAll, sealOf } from "@lading/testkit"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createFixture, type Fixture } from "../test/fixture.ts"
import { testServer } from "../test/server.ts"

let fixture: Fixture
beforeEach(async () => {
  fixture = await createFixture()
})
afterEach(() => fixture.dispose())

test.each([
  ["ASCII", "n".repeat(63)],
  ["characters of two bytes", `${"ñ".repeat(31)}n`],
  ["characters of three bytes", "日".repeat(21)],
  ["characters of four bytes", `${"😀".repeat(15)}abc`],
])("a name of 63 bytes in %s is a table and a column, also in a merge with nested rows", async (_, name) => {
  const session = await fixture.open()
  const twin = `${name.slice(0, -1)}x`
  const nestedName = `${name.slice(0, -1)}y`
  const root = defineTable(
    name,
    { [name]: { data_type: "bigint", primary_key: true, nullable: false }, [twin]: "text" },
    { write_disposition: "merge", "x-merge-strategy": "upsert" },
  )
  const nested = defineTable(nestedName, { [name]: "text" }, { parent: name })
  const links = { _dlt_root_id: "r", _dlt_parent_id: "r", _dlt_list_idx: 0, _dlt_id: "n" }
  const parts = async (value: string) => [
    await fixture.part(root, [{ [name]: 1, [twin]: value, _dlt_id: "r" }]),
    await fixture.part(nested, [{ [name]: value, ...links }]),
  ]
  for (const loadId of ["1", "2"]) await load(session, sealOf(loadId, [root, nested], await parts(loadId)))
  expect((await readAll(session, `SELECT "${name}", "${twin}" FROM "${name}"`)).rows).toEqual([[1, "2"]])
  expect((await readAll(session, `SELECT "${name}" FROM "${nestedName}"`)).rows).toEqual([["2"]])
  expect((await testServer()).log() ?? "").not.toContain("will be truncated")
})

test.each(["n".repeat(64), "ñ".repeat(32)])("a longer name (%s) is refused, because the server would cut it", async (name) => {
  const session = await fixture.open()
  const table = defineTable(name, { a: "bigint" })
  const column = defineTable("t", { [name]: "bigint" })
  for (const [one, row] of [
    [table, { a: 1 }],
    [column, { [name]: 1 }],
  ] as const)
    await expect(load(session, sealOf("1", [one], [await fixture.part(one, [row])]))).rejects.toMatchObject({ code: "identifier-too-long" })
})

test("names that differ only in case are different columns", async () => {
  const session = await fixture.open()
  const table = defineTable("Cases", { id: "bigint", ID: "bigint" })
  await load(session, sealOf("1", [table], [await fixture.part(table, [{ id: 1, ID: 2 }])]))
  expect((await readAll(session, 'SELECT id, "ID" FROM "Cases"')).rows).toEqual([[1, 2]])
})
