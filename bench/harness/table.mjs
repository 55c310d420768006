const standardKeys = new Set(["case", "oursS", "limitS", "ratioToLimit", "peakMb", "peers", "limitPeakMb", "runs", "seconds"])

/**
 * A result as a Markdown table that is also readable on a terminal, with the case's own figures in a line below.
 * @param {ReturnType<import("./case-line.mjs").toCaseLine>} line
 */
export function toTable(line) {
  const rows = [
    ["limit", line.limitS, line.limitS === null ? null : 1, line.limitPeakMb, line.runs],
    ["ours", line.oursS, line.ratioToLimit, line.peakMb, line.runs],
    ...line.peers.map((peer) => [peer.name, peer.medianS, peer.ratioToLimit, peer.peakMb, peer.runs]),
  ].filter(([, seconds]) => seconds !== null)
  const cells = rows.map(([name, seconds, ratio, memory, runs]) => [
    name,
    seconds.toFixed(2),
    show(ratio, 2),
    show(memory, 0),
    String(runs),
  ])
  const table = aligned([[`case ${line.case}`, "median s", "x limit", "peak MB", "runs"], ...cells])
  const extra = Object.entries(line).filter(([key]) => !standardKeys.has(key))
  return `${table}\n\n${extra.map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(", ")}`
}

function show(value, decimals) {
  return value === null ? "-" : value.toFixed(decimals)
}

function aligned(rows) {
  const widths = rows[0].map((_, index) => Math.max(...rows.map((row) => row[index].length)))
  const toLine = (row) =>
    `| ${row.map((cell, index) => (index === 0 ? cell.padEnd(widths[index]) : cell.padStart(widths[index]))).join(" | ")} |`
  const rule = `|${widths.map((width, index) => (index === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`
  return [toLine(rows[0]), rule, ...rows.slice(1).map(toLine)].join("\n")
}
