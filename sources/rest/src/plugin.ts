import type { SourcePlugin, StandardSchema } from "@lading/core"
import { placeOf } from "./faults.ts"
import type { RestOptions } from "./options.ts"
import { optionFaults, rest } from "./rest.ts"

const options: StandardSchema<RestOptions> = {
  "~standard": {
    version: 1,
    vendor: "lading",
    validate: (value) => {
      const faults = optionFaults(value)
      if (faults.length > 0)
        return { issues: faults.map(({ path, message }) => ({ path: [...path], message: `${placeOf(path)} ${message}`.trim() })) }
      return { value: value as RestOptions }
    },
  },
}

/** The plugin object by which an engine finds this source under the name `rest`. */
export const plugin: SourcePlugin<RestOptions> = {
  kind: "source",
  name: "rest",
  specVersion: 1,
  options,
  create: (given) => rest(given),
}
