import type { DestinationPlugin } from "@lading/core"
import { registerChecks } from "../register.ts"
import { destinationChecks } from "./checks.ts"
import { createDestinationFixture, type DestinationPlace, type DestinationSettings } from "./fixture.ts"

/**
 * Registers the conformance suite of destinations with vitest; to be called at the top level of `src/conformance.test.ts`. Each check runs on an empty
 * place of its own. Checks of abilities that the destination does not claim are replaced by checks that it refuses them.
 * @param makeOptions options that lead to the given place; called once for each check
 * @example
 * testDestination(plugin, ({ folder }) => ({ path: join(folder, "data.duckdb") }))
 */
export function testDestination<Options>(
  plugin: DestinationPlugin<Options>,
  makeOptions: (place: DestinationPlace) => NoInfer<Options> | Promise<NoInfer<Options>>,
  settings: DestinationSettings = {},
): void {
  registerChecks({
    title: `destination ${plugin.name}`,
    checks: destinationChecks,
    createFixture: () => createDestinationFixture({ plugin, makeOptions, ...settings }),
    factsOf: ({ destination }) => destination.capabilities,
  })
}
