import { round } from "./statistics.mjs"

/**
 * The result of a case: one line of JSON. Times in seconds, memory in MB (1,000,000 bytes); null where a contestant was left out.
 * @param {string} name the letter of the case
 * @param {readonly import("./alternate.mjs").Outcome[]} outcomes those named `ours` and `limit` apart, all others are peers
 * @param {Record<string, unknown>} extra further keys of this case
 */
export function toCaseLine(name, outcomes, extra) {
  const ours = outcomes.find((outcome) => outcome.name === "ours")
  const limit = outcomes.find((outcome) => outcome.name === "limit")
  const peers = outcomes.filter((outcome) => outcome !== ours && outcome !== limit)
  const toLimit = (outcome) => (outcome && limit ? round(outcome.medianS / limit.medianS, 2) : null)
  return {
    case: name,
    oursS: ours?.medianS ?? null,
    limitS: limit?.medianS ?? null,
    ratioToLimit: toLimit(ours),
    peakMb: ours?.peakMb ?? null,
    peers: peers.map((peer) => ({
      name: peer.name,
      medianS: peer.medianS,
      peakMb: peer.peakMb,
      ratioToLimit: toLimit(peer),
      runs: peer.runs,
    })),
    limitPeakMb: limit?.peakMb ?? null,
    runs: Math.max(...outcomes.map(({ runs }) => runs)),
    seconds: Object.fromEntries(outcomes.map((outcome) => [outcome.name, outcome.seconds])),
    ...extra,
  }
}
