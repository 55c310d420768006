import { check } from "./check.mjs"
import { truthAfter } from "./truth.mjs"

/** What readers see right after a fault in the second load: the state of step 1 or of step 2, whole; else "torn". Staging tables are nobody's to read. */
export async function visibleStep(place, disposition) {
  const dataset = await place.read()
  for (const name of [...dataset.keys()]) if (name.startsWith("_lading_stage")) dataset.delete(name)
  return [1, 2].find((step) => check(dataset, truthAfter(disposition, step), { extraLoads: 1 }).findings.length === 0) ?? "torn"
}
