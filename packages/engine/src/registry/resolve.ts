import type { Destination, PluginContext } from "@lading/core"
import type { PipelineOptions } from "../options.ts"
import { createRegistry } from "./registry.ts"

/** The destination of a pipeline: the value it was given, or the plugin of that name, created with its options. */
export async function resolveDestination(options: PipelineOptions, context: PluginContext): Promise<Destination> {
  const { destination, destinationOptions = {} } = options
  if (typeof destination !== "string") return destination
  const registry = createRegistry({ baseDirectory: context.baseDirectory })
  return registry.create("destination", destination, destinationOptions, context)
}
