import type { SourcePlugin } from "@lading/core"
import { registerChecks } from "../register.ts"
import { sourceChecks } from "./checks.ts"
import { createSourceFixture, type SourceScenario, type SourceSettings } from "./fixture.ts"

/**
 * Registers the conformance suite of sources with vitest; to be called at the top level of `src/conformance.test.ts`. Each check runs on an outside
 * world of its own, made by `makeFixture` in an empty folder.
 * @example
 * testSource(plugin, async (folder): Promise<SourceScenario<FilesOptions>> => {
 *   await writeFile(join(folder, "a.ndjson"), '{"id":1}\n')
 *   return { options: { path: "*.ndjson" }, rows: [{ id: 1 }] }
 * })
 */
export function testSource<Options>(
  plugin: SourcePlugin<Options>,
  makeFixture: (folder: string) => Promise<SourceScenario<Options>>,
  settings: SourceSettings = {},
): void {
  registerChecks({
    title: `source ${plugin.name}`,
    checks: sourceChecks,
    createFixture: () => createSourceFixture({ plugin, makeFixture, ...settings }),
    factsOf: ({ scenario }) => scenario,
  })
}
