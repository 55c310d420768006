import type { Destination, PluginContext } from "@lading/core"
import type { ConfiguredOptions } from "../config/configure.ts"
import { createRegistry } from "./registry.ts"

/**
 * The destination of a pipeline: the value it was given, untouched, or the plugin of that name, created with options from code,
 * environment and configuration file.
 * @throws LadingError as `Registry.create`
 */
export async function resolveDestination(options: ConfiguredOptions, context: PluginContext): Promise<Destination> {
  const { destination, destinationOptions, configuration, name } = options
  if (typeof destination !== "string") return destination
  const registry = createRegistry({ baseDirectory: context.baseDirectory, configuration, pipeline: name, label: "destinationOptions" })
  return registry.create("destination", destination, destinationOptions, context)
}
