import type { DestinationPlugin } from "@lading/core"
import { postgres } from "./destination.ts"
import { optionsSchema, type PostgresOptions } from "./options.ts"

/** The plugin object that a pipeline finds under the name `postgres`. */
const plugin: DestinationPlugin<PostgresOptions> = {
  kind: "destination",
  name: "postgres",
  specVersion: 1,
  options: optionsSchema,
  create: (options) => postgres(options),
}

export default plugin
