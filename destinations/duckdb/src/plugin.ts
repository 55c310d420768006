import type { DestinationPlugin } from "@lading/core"
import { duckdb } from "./destination.ts"
import { type DuckDBOptions, optionsSchema } from "./options.ts"

/** The plugin object that a pipeline finds under the name `duckdb`. */
const plugin: DestinationPlugin<DuckDBOptions> = {
  kind: "destination",
  name: "duckdb",
  specVersion: 1,
  options: optionsSchema,
  create: (options) => duckdb(options),
}

export default plugin
