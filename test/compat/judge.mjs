import { checkAssertion } from "./assertions.mjs"
import { compareDatasets } from "./compare.mjs"
import { openFile } from "./places.mjs"

/** Codes of Lading's own errors; a failure with any other is a fault, even where dlt fails too. */
const ladingCode = /^[a-z]+(?:-[a-z0-9]+)*$/

const deterministic = new Set(["upsert", "insert-only"])

/**
 * Compares both sides of a case. `left` and `right` are `{ file, outcomes }` or `{ open, outcomes }`: the DuckDB file, or what opens another dataset, and
 * one outcome a load.
 * Resolves to `{ verdict: "equal" | "deliberate" | "different", differences, order }`; `order` are the differences in column
 * order, which do not decide the verdict.
 */
export async function judgeCase(entry, left, right) {
  const [dlt, lading] = [await openSide(left), await openSide(right)]
  try {
    const deliberate = entry.deliberate ?? []
    const failed = []
    for (const expected of deliberate) failed.push(...(await checkBoth(expected, dlt, lading)))
    const found = deliberate.some(({ dlt: one, lading: other }) => one.raises !== undefined || other.raises !== undefined)
      ? []
      : differencesOf(entry, dlt, lading)
    const order = found.filter(({ aspect }) => aspect === "order")
    const differences = [...failed, ...found.filter(({ aspect }) => aspect !== "order")]
    return { verdict: differences.length > 0 ? "different" : deliberate.length > 0 ? "deliberate" : "equal", differences, order }
  } finally {
    await dlt.close()
    await lading.close()
  }
}

async function openSide({ file, open = () => openFile(file), outcomes }) {
  const loads = new Map(outcomes.flatMap((outcome, index) => (outcome.load_ids ?? []).map((id) => [id, `${index + 1}`])))
  return { ...(await open()), loads, outcomes }
}

async function checkBoth(expected, dlt, lading) {
  const failed = []
  for (const [name, side] of Object.entries({ dlt, lading })) {
    const found = await checkAssertion(expected[name], expected, side)
    if (found) failed.push({ aspect: "deliberate", table: expected.table, message: `${expected.rule}, ${name}: ${found}` })
  }
  return failed
}

/** A load that fails leaves what the failing side had made so far, so only the outcomes are compared when all loads fail. */
function differencesOf(entry, dlt, lading) {
  const outcomes = entry.loads.flatMap((_, index) => compareOutcomes(index, dlt.outcomes[index], lading.outcomes[index]))
  if (dlt.outcomes.every(({ status }) => status === "raises")) return outcomes
  const exactIds = entry.exactIds ?? entry.loads.some(({ hints }) => deterministic.has(hints.write_disposition?.strategy))
  const covered = (entry.deliberate ?? []).flatMap(({ table, columns, digits, also = [] }) => [
    { table, columns, digits },
    ...also.map((name) => ({ table: name })),
  ])
  return [...outcomes, ...compareDatasets(dlt, lading, { exactIds, versions: entry.versions === true, covered })]
}

function compareOutcomes(index, dlt, lading) {
  const crashed = lading?.status === "raises" && !ladingCode.test(lading.code ?? "")
  if (dlt?.status === lading?.status && !crashed) return []
  const say = (outcome) => (outcome?.status === "raises" ? `fails (${outcome.error})` : (outcome?.status ?? "has no outcome"))
  return [{ aspect: "outcome", table: "", message: `load ${index + 1}: dlt ${say(dlt)}, Lading ${say(lading)}` }]
}
