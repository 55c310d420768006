import assert from "node:assert/strict"
import type { Batch } from "@lading/core"
import { always } from "../../check.ts"
import { createExtractContext } from "../../context/test-context.ts"
import type { SourceCheck } from "../fixture.ts"
import { assertSameRows, linesOf, readSteps, rowsOf, streamOf } from "../read.ts"

/** What comes out of a resource, and when it stops. */
export const readingChecks: readonly SourceCheck[] = [
  {
    concern: "reading",
    name: "gives the rows that are there",
    appliesTo: ({ rows }) => rows !== undefined,
    async check(fixture) {
      const read: unknown[] = []
      for (const resource of await fixture.create())
        read.push(...rowsOf(await readSteps(resource, createExtractContext(fixture.createContext()))))
      assertSameRows(read, fixture.scenario.rows ?? [], "rows of a first read")
    },
  },
  {
    concern: "reading",
    name: "gives the same rows in the same order when it is read twice, also from the same resource",
    appliesTo: always,
    async check(fixture) {
      const again = await fixture.create()
      for (const [index, resource] of (await fixture.create()).entries()) {
        const first = rowsOf(await readSteps(resource, createExtractContext(fixture.createContext())))
        const second = rowsOf(await readSteps(resource, createExtractContext(fixture.createContext())))
        const third = rowsOf(await readSteps(again[index] ?? resource, createExtractContext(fixture.createContext())))
        assert.ok(first.length > 0, `resource ${resource.name} gives no row: a fixture needs some`)
        assert.deepStrictEqual(second, first, `resource ${resource.name}, read a second time`)
        assert.deepStrictEqual(third, first, `resource ${resource.name}, created and read a second time`)
      }
    },
  },
  {
    concern: "reading",
    name: "gives valid batches",
    appliesTo: always,
    async check(fixture) {
      for (const resource of await fixture.create())
        for (const { batch } of await readSteps(resource, createExtractContext(fixture.createContext()))) assertBatch(batch)
    },
  },
  {
    concern: "stopping",
    name: "gives nothing when the run was aborted before it began",
    appliesTo: always,
    async check(fixture) {
      for (const resource of await fixture.create()) {
        const context = fixture.createContext()
        context.abort()
        const steps = await readSteps(resource, createExtractContext(context)).catch(() => [])
        assert.equal(rowsOf(steps).length, 0, `resource ${resource.name} gives rows after the abort`)
      }
    },
  },
  {
    concern: "stopping",
    name: "ends soon after the run was aborted",
    appliesTo: always,
    async check(fixture) {
      for (const resource of await fixture.create()) {
        const context = fixture.createContext()
        let afterAbort = -1
        const read = async () => {
          for await (const _ of await streamOf(resource, createExtractContext(context))) {
            afterAbort += 1
            context.abort()
          }
        }
        await read().catch(() => undefined)
        assert.ok(afterAbort <= 1, `resource ${resource.name} gives ${afterAbort} batches after the abort`)
      }
    },
  },
  {
    concern: "stopping",
    name: "can be left after the first batch",
    appliesTo: always,
    async check(fixture) {
      for (const resource of await fixture.create()) {
        for await (const _ of await streamOf(resource, createExtractContext(fixture.createContext()))) break
        const rows = rowsOf(await readSteps(resource, createExtractContext(fixture.createContext())))
        assert.ok(rows.length > 0, `resource ${resource.name} gives nothing once it was left early`)
      }
    },
  },
]

function assertBatch(batch: Batch): void {
  if (batch.kind === "rows") {
    if (batch.lines !== undefined) assert.equal(batch.lines.length, batch.rows.length, "a line for each row, or none")
    for (const row of batch.rows) assert.ok(row !== undefined && typeof row !== "function", `${typeof row} is not a row`)
  } else if (batch.kind === "json-lines") {
    assert.ok(batch.bytes instanceof Uint8Array, "json-lines are bytes")
    for (const line of linesOf(batch)) assert.doesNotThrow(() => JSON.parse(line), `not a whole line of JSON: ${line.slice(0, 60)}`)
  } else {
    for (const { code, message, value } of batch.rejects) {
      assert.match(code, /^[a-z0-9]+(-[a-z0-9]+)*$/, "the code of a reject is kebab-case")
      assert.ok(message.trim() !== "" && typeof value === "string", "a reject has a message and a value")
    }
  }
  const { origin } = batch
  if (origin !== undefined) assert.ok(origin.name.trim() !== "" && (origin.line ?? 1) >= 1, "an origin has a name, and lines count from 1")
}
