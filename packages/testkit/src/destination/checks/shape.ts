import assert from "node:assert/strict"
import { always } from "../../check.ts"
import { assertManifest, assertOptionsAccepted, assertOptionsRefused, assertShape } from "../../plugin/checks.ts"
import type { DestinationCheck } from "../fixture.ts"

/** Plugin object, manifest, options and declared capabilities. */
export const shapeChecks: readonly DestinationCheck[] = [
  {
    concern: "plugin",
    name: "is a plugin object of kind destination",
    appliesTo: always,
    check: async (fixture) => assertShape(fixture, "destination"),
  },
  { concern: "plugin", name: "has a package.json that agrees with the plugin object", appliesTo: always, check: assertManifest },
  { concern: "options", name: "accepts its own options", appliesTo: always, check: assertOptionsAccepted },
  { concern: "options", name: "refuses wrong and misspelt options with a message", appliesTo: always, check: assertOptionsRefused },
  {
    concern: "plugin",
    name: "creates a destination that says what and where it is",
    appliesTo: always,
    async check({ destination, plugin }) {
      assert.equal(destination.kind, "destination")
      assert.equal(destination.name, plugin.name)
      assert.ok(destination.location.trim() !== "", "location is empty")
    },
  },
  {
    concern: "plugin",
    name: "declares capabilities that do not contradict each other",
    appliesTo: always,
    async check({ destination: { capabilities } }) {
      const { writeDispositions, mergeStrategies, partFormats, decimal, wei } = capabilities
      assert.ok(["A", "B", "C", "D"].includes(capabilities.guarantee), "guarantee")
      assert.ok(writeDispositions.includes("append"), "every destination appends")
      assert.equal(writeDispositions.includes("merge"), mergeStrategies.length > 0, "merge is claimed exactly when a strategy is")
      assert.ok(partFormats.length > 0, "a part format is needed")
      for (const list of [writeDispositions, mergeStrategies, partFormats])
        assert.equal(new Set<string>(list).size, list.length, "listed twice")
      assert.ok(Number.isInteger(capabilities.maxIdentifierLength) && capabilities.maxIdentifierLength >= 30, "maxIdentifierLength")
      for (const { precision, scale } of [decimal, wei]) assert.ok(precision >= scale && scale >= 0 && precision > 0, "precision and scale")
      assert.equal(wei.scale, 0, "a wei is a whole number")
    },
  },
]
