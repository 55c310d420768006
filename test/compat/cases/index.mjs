import { coercion } from "./coercion.mjs"
import { dispositions } from "./dispositions.mjs"
import { files } from "./files.mjs"
import { incremental } from "./incremental.mjs"
import { nesting } from "./nesting.mjs"
import { workedExamples } from "./worked-examples.mjs"

/** Every case of the comparison with dlt, with an id that is safe as a file name. */
export const cases = [...workedExamples, ...nesting, ...coercion, ...dispositions, ...incremental, ...files].map((entry) => ({
  id: entry.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
  ...entry,
}))
