import type { TableCounters } from "@lading/core"
import { describeChange, describeReject, type Receipt } from "@lading/engine"
import pc from "picocolors"
import { formatBytes, formatCount, formatCountOf, formatDuration } from "./numbers.ts"
import { pad, printable } from "./text.ts"

/** Schema changes and rejects that are shown one by one. */
const shownCount = 8

/** A receipt as the command shows it after a run; `footer` names the commands that look further. */
export function formatRun(receipt: Receipt, hasColor: boolean): string {
  const { bold, dim, yellow } = pc.createColors(hasColor)
  const lines = [`${bold(printable(receipt.pipeline))} → ${printable(receipt.destination)} · dataset ${printable(receipt.dataset)}`]
  for (const { loadId, outcome, rows } of receipt.recovered) lines.push(`  recovered ${loadId}: ${outcome}, ${formatCountOf(rows, "row")}`)
  if (receipt.status === "nothing-to-load") lines.push(nothingNew(receipt))
  else
    lines.push(
      "",
      ...tableLines(receipt),
      "",
      loadLine(receipt, dim),
      ...schemaLines(receipt),
      ...rejectLines(receipt),
      ...cursorLines(receipt),
    )
  for (const warning of receipt.warnings) lines.push(`  ${yellow("warning")} ${printable(warning)}`)
  if (receipt.status !== "nothing-to-load") lines.push("", `  ${dim(footer(receipt))}`)
  return lines.join("\n")
}

function tableLines({ tables }: Receipt): string[] {
  const entries = Object.entries(tables)
  const nameWidth = Math.max(0, ...entries.map(([name]) => name.length))
  const counts = entries.map(([, { loaded }]) => formatCountOf(loaded, "row"))
  const countWidth = Math.max(0, ...counts.map((text) => text.replace(/ row$/, " row ").length))
  return entries.map(([name, table], i) => {
    const count = pad((counts[i] ?? "").replace(/ row$/, " row "), countWidth, "right")
    return `  ${pad(name, nameWidth)}  ${count}   ${accounting(table)}`.trimEnd()
  })
}

function loadLine(receipt: Receipt, dim: (text: string) => string): string {
  const note = receipt.status === "already-committed" ? " was committed already" : ""
  const size = receipt.bytes > 0 ? `, ${formatBytes(receipt.bytes)}` : ""
  const last =
    receipt.loadIds.length > 1 ? `${receipt.loadId}, the last of ${formatCount(receipt.loadIds.length)},` : `${receipt.loadId}${note}`
  return `  ${dim("load")}    ${last} in ${formatDuration(receipt.durationMs)}${size}`
}

/** Where every extracted row of a root table went; nested tables have no extracted rows of their own. */
function accounting({ extracted, normalized, filtered, deduplicated, rejected }: TableCounters): string {
  if (extracted === 0) return ""
  const seen = deduplicated > 0 ? ` + ${formatCount(deduplicated)} seen before` : ""
  return `${formatCount(extracted)} extracted = ${formatCount(normalized)} loaded + ${formatCount(filtered)} filtered${seen} + ${formatCount(rejected)} rejected`
}

function schemaLines({ schemaChanges }: Receipt): string[] {
  const texts = schemaChanges.map(describeChange)
  const hidden = texts.length - shownCount
  const shown = texts.slice(0, shownCount)
  if (hidden > 0) shown.push(`… ${formatCount(hidden)} more: lading inspect`)
  return shown.map((text, i) => `  ${i === 0 ? "schema" : "      "}  ${printable(text)}`)
}

function rejectLines({ rejects, loadId }: Receipt): string[] {
  if (rejects.count === 0) return []
  const codes = Object.entries(rejects.byCode).map(([code, count]) => `${code} ×${formatCount(count)}`)
  const samples = rejects.samples.slice(0, 3).map((sample) => `          ${printable(describeReject(sample))}`)
  return [`  rejects ${formatCount(rejects.count)}   ${codes.join(", ")}`, ...samples, `          lading rejects list --load ${loadId}`]
}

function cursorLines({ cursors }: Receipt): string[] {
  return Object.entries(cursors).map(([name, value]) => `  cursor  ${printable(`${name} continues from ${String(value)}`)}`)
}

function nothingNew({ tables, cursors }: Receipt): string {
  const left = Object.values(tables).reduce((sum, { filtered, deduplicated }) => sum + filtered + deduplicated, 0)
  const from = Object.entries(cursors).map(([name, value]) => `; ${name} continues from ${String(value)}`)
  return `  nothing new${left > 0 ? `, ${formatCountOf(left, "row")} seen before` : ""}${printable(from.join(""))}`
}

function footer({ tables }: Receipt): string {
  const [first] = Object.keys(tables)
  return first === undefined ? "lading inspect" : `lading inspect     lading query "select * from ${first} limit 5"`
}
