import assert from "node:assert/strict"
import { createExtractContext } from "../../context/test-context.ts"
import { noProgress, type Progress, run } from "../cursor.ts"
import type { SourceCheck, SourceFixture, SourceScenario } from "../fixture.ts"
import { assertSameRows, canonicalText, readSteps, rowsOf } from "../read.ts"

const grows = ({ addRows }: SourceScenario<unknown>) => addRows !== undefined

/** One run of all resources; progress is kept by resource name. */
async function runAll(fixture: SourceFixture, progress: Map<string, Progress>): Promise<readonly unknown[]> {
  const rows: unknown[] = []
  for (const resource of await fixture.create()) {
    const result = await run(resource, fixture.createContext(), progress.get(resource.name) ?? noProgress)
    progress.set(resource.name, result.progress)
    rows.push(...result.rows)
  }
  return rows
}

/** Going on where the last run stopped. */
export const resumingChecks: readonly SourceCheck[] = [
  {
    concern: "resuming",
    name: "gives nothing again when nothing is new, and then exactly the new rows",
    appliesTo: grows,
    async check(fixture) {
      const progress = new Map<string, Progress>()
      const first = await runAll(fixture, progress)
      assert.ok(first.length > 0, "the first run gives no row")
      assertSameRows(await runAll(fixture, progress), [], "a run without anything new")
      const added = (await fixture.scenario.addRows?.()) ?? []
      assert.ok(added.length > 0, "addRows added no row")
      assertSameRows(await runAll(fixture, progress), added, "a run after rows were added")
      assertSameRows(await runAll(fixture, progress), [], "one more run without anything new")
    },
  },
  {
    concern: "resuming",
    name: "loses nothing when a run is cut short at any batch and resumed with the state of that batch",
    appliesTo: grows,
    async check(fixture) {
      for (const resource of await fixture.create()) {
        if (resource.hints.incremental !== undefined) continue
        const steps = await readSteps(resource, createExtractContext(fixture.createContext()))
        const all = new Set(rowsOf(steps).map(canonicalText))
        for (const [cut, { state }] of steps.entries()) {
          const rest = await readSteps(resource, createExtractContext(fixture.createContext(), { state: structuredClone(state) }))
          const seen = new Set([...rowsOf(steps.slice(0, cut + 1)), ...rowsOf(rest)].map(canonicalText))
          assert.equal(seen.size, all.size, `resource ${resource.name}, cut short after batch ${cut + 1}: rows are lost`)
        }
      }
    },
  },
  {
    concern: "resuming",
    name: "reads everything from the start when there is no state",
    appliesTo: grows,
    async check(fixture) {
      const first = await runAll(fixture, new Map())
      const added = (await fixture.scenario.addRows?.()) ?? []
      assertSameRows(await runAll(fixture, new Map()), [...first, ...added], "a run without state, after rows were added")
    },
  },
]
