import { alternate } from "../harness/alternate.mjs"
import { toCaseLine } from "../harness/case-line.mjs"
import { round } from "../harness/statistics.mjs"
import { bareNode, dltOneRow, oursOneRow } from "./contestants.mjs"

/**
 * Case S: one row, cold process to exit. `oursS` is what a run takes over bare Node, `limitS` bare Node itself; `oursTotalS` and the peers'
 * `medianS` are whole processes.
 * @param {import("./nested.mjs").Setting} setting
 */
export async function runS({ runs, folder, log, skip, python }) {
  const contestants = [bareNode(), ...(skip.has("ours") ? [] : [oursOneRow()]), ...(skip.has("dlt") ? [] : [dltOneRow(python())])]
  const outcomes = await alternate(contestants, { runs, folder, log })
  const bare = outcomes.find(({ name }) => name === "bare-node")
  const ours = outcomes.find(({ name }) => name === "ours")
  const peers = outcomes.filter((outcome) => outcome !== bare && outcome !== ours)
  const overBare = ours && { ...ours, medianS: round(ours.medianS - bare.medianS, 3) }
  const line = [{ ...bare, name: "limit" }, ...(overBare ? [overBare] : []), ...peers]
  return toCaseLine("S", line, { rows: { things: 1 }, oursTotalS: ours?.medianS ?? null })
}
