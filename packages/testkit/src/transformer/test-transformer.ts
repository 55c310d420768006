import assert from "node:assert/strict"
import type { Plugin } from "@lading/core"
import { always, type Check } from "../check.ts"
import { createTestContext } from "../context/test-context.ts"
import { createTestFolder } from "../context/test-folder.ts"
import { assertManifest, assertOptionsAccepted, assertOptionsRefused, assertShape } from "../plugin/checks.ts"
import { registerChecks } from "../register.ts"

/** What the kit cannot know about a transformer by itself. */
export interface TransformerSettings {
  /** `package.json` of the plugin; with it the manifest is checked against the plugin object. */
  readonly packageJson?: URL
  /** Options that must be refused, beside those that no plugin takes. */
  readonly invalidOptions?: readonly unknown[]
}

interface TransformerFixture {
  readonly plugin: Plugin<"transformer", unknown, unknown>
  readonly options: unknown
  readonly settings: TransformerSettings
  create(): Promise<unknown>
  dispose(): Promise<void>
}

const checks: readonly Check<TransformerFixture, undefined>[] = [
  {
    concern: "plugin",
    name: "is a plugin object of kind transformer",
    appliesTo: always,
    check: async (fixture) => assertShape(fixture, "transformer"),
  },
  { concern: "plugin", name: "has a package.json that agrees with the plugin object", appliesTo: always, check: assertManifest },
  { concern: "options", name: "accepts its own options", appliesTo: always, check: assertOptionsAccepted },
  { concern: "options", name: "refuses wrong and misspelt options with a message", appliesTo: always, check: assertOptionsRefused },
  {
    concern: "plugin",
    name: "creates a value of its kind and name each time it is asked, without any network",
    appliesTo: always,
    async check(fixture) {
      const [first, second] = [await fixture.create(), await fixture.create()]
      assert.notEqual(first, second, "two calls of create share one value")
      for (const one of [first, second]) {
        assert.ok(
          typeof one === "object" && one !== null && "kind" in one && "name" in one,
          "create must give an object with kind and name",
        )
        assert.equal(one.kind, "transformer")
        assert.equal(one.name, fixture.plugin.name)
      }
    },
  },
]

/**
 * Registers the conformance suite of transformers with vitest; to be called at the top level of `src/conformance.test.ts`. What a transformer does
 * to data is its own to test.
 * @param makeOptions options that must be accepted; `folder` is empty and goes away after each check
 * @example
 * testTransformer(plugin, () => ({ project: "dbt" }), { packageJson: new URL("../package.json", import.meta.url) })
 */
export function testTransformer<Options>(
  plugin: Plugin<"transformer", Options, unknown>,
  makeOptions: (folder: string) => NoInfer<Options>,
  settings: TransformerSettings = {},
): void {
  registerChecks({
    title: `transformer ${plugin.name}`,
    checks,
    factsOf: () => undefined,
    async createFixture(): Promise<TransformerFixture> {
      const folder = await createTestFolder()
      const options = makeOptions(folder.path)
      const context = createTestContext({ baseDirectory: folder.path })
      return {
        plugin: plugin as Plugin<"transformer", unknown, unknown>,
        options,
        settings,
        create: async () => plugin.create(options, context),
        dispose: () => folder.remove(),
      }
    },
  })
}
