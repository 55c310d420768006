import { coercion } from "./coercion.mjs"
import { dispositions } from "./dispositions.mjs"
import { files } from "./files.mjs"
import { incremental } from "./incremental.mjs"
import { nestedHints } from "./nested-hints.mjs"
import { nesting } from "./nesting.mjs"
import { rest } from "./rest.mjs"
import { workedExamples } from "./worked-examples.mjs"

/** Every case of the comparison with dlt, with an id that is safe as a file name. */
export const cases = [...workedExamples, ...nesting, ...nestedHints, ...coercion, ...dispositions, ...incremental, ...files, ...rest].map(
  (entry) => ({
    id: entry.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
    ...entry,
  }),
)
