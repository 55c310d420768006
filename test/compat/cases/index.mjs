import { coercion } from "./coercion.mjs"
import { dispositions } from "./dispositions.mjs"
import { files } from "./files.mjs"
import { incremental } from "./incremental.mjs"
import { nestedHints } from "./nested-hints.mjs"
import { nesting } from "./nesting.mjs"
import { rest } from "./rest.mjs"
import { sqlLimits } from "./sql-limits.mjs"
import { workedExamples } from "./worked-examples.mjs"

/** What is said of sources and of file formats is the same wherever the rows go. */
const onDuckdbOnly = (entry) => ({ ...entry, postgres: false })

/** Every case of the comparison with dlt, with an id that is safe as a file name. */
export const cases = [
  ...workedExamples,
  ...nesting,
  ...nestedHints,
  ...coercion,
  ...dispositions,
  ...incremental,
  ...sqlLimits,
  ...files,
  ...rest.map(onDuckdbOnly),
].map((entry) => ({
  id: entry.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
  ...entry,
}))
