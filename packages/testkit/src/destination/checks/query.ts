import assert from "node:assert/strict"
import { isLadingError } from "@lading/core"
import { refused } from "../../assert.ts"
import { always } from "../../check.ts"
import { defineTable } from "../../data/tables.ts"
import type { DestinationCheck } from "../fixture.ts"
import { load, sealOf } from "../load.ts"
import { assertRows, readAll, selectColumns } from "../read.ts"

const things = defineTable("things", { a: "bigint", b: "text" })
const many = 10_000

/** Reading: batches, columns, errors. */
export const queryChecks: readonly DestinationCheck[] = [
  {
    concern: "query",
    name: "gives all rows of a large result in batches that have the same columns",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const rows = Array.from({ length: many }, (_, a) => ({ a, b: `row ${a}` }))
      await load(session, sealOf("1", [things], [await fixture.part(things, rows)]))
      const seen = new Set<string>()
      for await (const batch of session.query(selectColumns(fixture, "things", ["a", "b"]))) {
        assert.deepStrictEqual(
          batch.columns.map(({ name }) => name),
          ["a", "b"],
        )
        for (const { type } of batch.columns) assert.ok(type.trim() !== "", "a column has no type")
        for (const [a, b] of batch.rows) {
          assert.equal(b, `row ${String(a)}`)
          seen.add(String(a))
        }
      }
      assert.equal(seen.size, many, "rows of the result")
    },
  },
  {
    concern: "query",
    name: "gives one empty batch with columns for a result without rows",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      await load(session, sealOf("1", [things], [await fixture.part(things, [{ a: 1, b: "x" }])]))
      const { columns, rows, batchCount } = await readAll(session, `${selectColumns(fixture, "things", ["b", "a"])} WHERE 1 = 0`)
      assert.deepStrictEqual([columns.map(({ name }) => name), rows.length, batchCount], [["b", "a"], 0, 1])
    },
  },
  {
    concern: "query",
    name: "can be left early, and several can run at once",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      const rows = Array.from({ length: many }, (_, a) => ({ a, b: "x" }))
      await load(session, sealOf("1", [things], [await fixture.part(things, rows)]))
      const sql = selectColumns(fixture, "things", ["a"])
      for await (const batch of session.query(sql)) {
        assert.ok(batch.rows.length > 0)
        break
      }
      const results = await Promise.all([readAll(session, sql), readAll(session, sql)])
      assert.deepStrictEqual(
        results.map((result) => result.rows.length),
        [many, many],
      )
      await load(session, sealOf("2", [things], [await fixture.part(things, [{ a: -1, b: "y" }])]))
    },
  },
  {
    concern: "query",
    name: "reports a statement that cannot run as a LadingError, and goes on working",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      await load(session, sealOf("1", [things], [await fixture.part(things, [{ a: 1, b: "x" }])]))
      await refused(readAll(session, selectColumns(fixture, "no_such_table", ["a"])), "a query of a table that is not there")
      await refused(readAll(session, "SELEKT 1"), "a statement with a mistake")
      await assertRows(fixture, session, things, [{ a: 1, b: "x" }])
    },
  },
  {
    concern: "query",
    name: "refuses a statement that changes data, which stays as it is",
    appliesTo: always,
    async check(fixture) {
      const session = await fixture.open()
      await load(session, sealOf("1", [things], [await fixture.part(things, [{ a: 1, b: "x" }])]))
      const table = fixture.quote("things")
      const b = fixture.quote("b")
      for (const sql of [
        `DELETE FROM ${table}`,
        `UPDATE ${table} SET ${b} = 'y'`,
        `INSERT INTO ${table} SELECT * FROM ${table}`,
        `DROP TABLE ${table}`,
      ])
        await assert.rejects(readAll(session, sql), (error) => isLadingError(error) && error.code === "query-changes-data", sql)
      await assertRows(fixture, session, things, [{ a: 1, b: "x" }])
    },
  },
]
