import { type DatasetReport, describeChange, type LoadReport, type TableReport } from "@lading/engine"
import pc from "picocolors"
import { formatBytes, formatCount, formatCountOf } from "./numbers.ts"
import { formatTable, type TableOptions } from "./table.ts"
import { printable, truncate } from "./text.ts"

/** How a report is printed. */
export interface ReportStyle {
  readonly hasColor: boolean
  /** Columns of the window; undefined: no limit. */
  readonly width: number | undefined
}

const shownChanges = 4

/** A dataset's report as text for people. */
export function formatReport(report: DatasetReport, { hasColor, width }: ReportStyle): string {
  const { bold, dim } = pc.createColors(hasColor)
  const options: TableOptions = { indent: "  ", heading: dim, ...(width === undefined ? {} : { width }) }
  const title = `${bold(printable(report.dataset))} in ${printable(report.destination)} · pipeline ${printable(report.pipeline)}`
  if (!report.exists) return [title, "  nothing is loaded yet: lading run", ...pendingLines(report, options)].join("\n")
  const sections = [
    ...report.tables.map((table) => [tableTitle(table, bold), ...columnLines(table, options)]),
    loadLines(report.loads, options),
    changeLines(report.loads, width, dim),
    rejectLines(report, options),
    pendingLines(report, options),
  ]
  return [title, ...sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"))].join("\n\n")
}

function tableTitle({ name, rowCount, parent, description }: TableReport, bold: (text: string) => string): string {
  const rows = rowCount === undefined ? "not in the destination" : formatCountOf(rowCount, "row")
  const notes = [rows, ...(parent === undefined ? [] : [`part of ${parent}`]), ...(description === undefined ? [] : [description])]
  return `${bold(printable(name))}  ${printable(notes.join(" · "))}`
}

function columnLines({ columns }: TableReport, options: TableOptions): string[] {
  const rows = columns.map(({ name, type, nullable, primaryKey, description = "" }) => [
    printable(name),
    type,
    primaryKey ? "primary key" : nullable ? "" : "not null",
    printable(description),
  ])
  const hasDescriptions = columns.some(({ description }) => description !== undefined)
  const titles = [{ title: "column" }, { title: "type" }, { title: "" }, ...(hasDescriptions ? [{ title: "description" }] : [])]
  return formatTable(titles, rows, options)
}

function loadLines(loads: readonly LoadReport[], options: TableOptions): string[] {
  if (loads.length === 0) return []
  const titles = [
    { title: "load" },
    { title: "committed at" },
    { title: "rows", align: "right" as const },
    { title: "rejected", align: "right" as const },
    { title: "tables" },
  ]
  const rows = loads.map(({ loadId, insertedAt, tables, status }) => {
    const sum = (name: "loaded" | "rejected"): string => formatCount(Object.values(tables).reduce((total, table) => total + table[name], 0))
    const names = Object.keys(tables).join(", ")
    const counts = names === "" ? ["", ""] : [sum("loaded"), sum("rejected")]
    return [loadId, shortTime(insertedAt), ...counts, printable(status === 0 ? names : `status ${status} ${names}`)]
  })
  return ["last loads", ...formatTable(titles, rows, options)]
}

/** `2026-01-02T03:04:05.678000+00:00` as `2026-01-02 03:04:05Z`; any other form as it is. */
function shortTime(text: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:?(?:00)?)$/.exec(text) ?? []
  return time === undefined ? text : `${day} ${time}Z`
}

function changeLines(loads: readonly LoadReport[], width: number | undefined, dim: (text: string) => string): string[] {
  const lines = loads.flatMap(({ loadId, schemaChanges }) => {
    if (schemaChanges.length === 0) return []
    const shown = schemaChanges.slice(0, shownChanges).map((change) => describeChange(change))
    const hidden = schemaChanges.length - shown.length
    const more = hidden > 0 ? `   … ${formatCount(hidden)} more` : ""
    const text = printable(`${shown.join("   ")}${more}`)
    return [`  ${dim(loadId)}  ${truncate(text, (width ?? Number.POSITIVE_INFINITY) - loadId.length - 4)}`]
  })
  return lines.length === 0 ? [] : ["schema changes", ...lines]
}

function rejectLines({ rejects }: DatasetReport, options: TableOptions): string[] {
  if (rejects.length === 0) return []
  const rows = rejects.map(({ loadId, table, code, count }) => [loadId, printable(table), code, formatCount(count)])
  const titles = [{ title: "load" }, { title: "table" }, { title: "code" }, { title: "rows", align: "right" as const }]
  return ["rejects", ...formatTable(titles, rows, options), "  lading rejects list"]
}

function pendingLines({ pending }: DatasetReport, options: TableOptions): string[] {
  if (pending.length === 0) return []
  const rows = pending.map(({ loadId, state, rows: count, bytes }) => [
    printable(loadId),
    state === "sealed"
      ? "the next run publishes it, or sets it aside as stale"
      : "unfinished: the next run discards it and extracts its rows again",
    state === "sealed" ? formatCount(count) : "",
    state === "sealed" ? formatBytes(bytes) : "",
  ])
  const titles = [
    { title: "package" },
    { title: "state" },
    { title: "rows", align: "right" as const },
    { title: "size", align: "right" as const },
  ]
  return ["pending packages", ...formatTable(titles, rows, options)]
}
