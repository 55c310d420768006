import type { Plugin } from "@lading/core"
import { type Dbt, dbt } from "./dbt.ts"
import { type DbtOptions, optionsSchema } from "./options.ts"

/** The plugin object that is found under the name `dbt`. */
const plugin: Plugin<"transformer", DbtOptions, Dbt> = {
  kind: "transformer",
  name: "dbt",
  specVersion: 1,
  options: optionsSchema,
  create: (options) => dbt(options),
}

export default plugin
