import assert from "node:assert/strict"
import { refused } from "../../assert.ts"
import { always } from "../../check.ts"
import { createExtractContext } from "../../context/test-context.ts"
import { assertManifest, assertOptionsAccepted, assertOptionsRefused, assertShape } from "../../plugin/checks.ts"
import type { SourceCheck } from "../fixture.ts"
import { readSteps } from "../read.ts"

/** Plugin object, manifest, options, resources and failures. */
export const shapeChecks: readonly SourceCheck[] = [
  {
    concern: "plugin",
    name: "is a plugin object of kind source",
    appliesTo: always,
    check: async (fixture) => assertShape(fixture, "source"),
  },
  { concern: "plugin", name: "has a package.json that agrees with the plugin object", appliesTo: always, check: assertManifest },
  { concern: "options", name: "accepts its own options", appliesTo: always, check: assertOptionsAccepted },
  { concern: "options", name: "refuses wrong and misspelt options with a message", appliesTo: always, check: assertOptionsRefused },
  {
    concern: "plugin",
    name: "lists its resources, the same each time, under names of their own",
    appliesTo: always,
    async check(fixture) {
      const [first, second] = [await fixture.create(), await fixture.create()]
      const names = first.map(({ name }) => name)
      assert.ok(names.length > 0, "there is no resource")
      assert.equal(new Set(names).size, names.length, `two resources have one name: ${names.join(", ")}`)
      assert.deepStrictEqual(
        second.map(({ name, hints }) => ({ name, hints })),
        first.map(({ name, hints }) => ({ name, hints })),
      )
      for (const { kind, name, steps } of first) {
        assert.equal(kind, "resource")
        assert.ok(name.trim() !== "", "a resource has no name")
        assert.ok(Array.isArray(steps), `resource ${name} has no list of steps`)
      }
    },
  },
  {
    concern: "errors",
    name: "fails with a LadingError that says what to do",
    appliesTo: ({ failures }) => failures !== undefined && failures.length > 0,
    async check(fixture) {
      for (const { name, options, code } of fixture.scenario.failures ?? []) {
        const read = async () => {
          for (const resource of await fixture.create(options)) await readSteps(resource, createExtractContext(fixture.createContext()))
        }
        await refused(read(), `reading ${name}`, { needsHint: true, ...(code === undefined ? {} : { codes: [code] }) })
      }
    },
  },
]
