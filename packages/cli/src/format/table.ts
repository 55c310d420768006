import { displayWidth, pad, truncate } from "./text.ts"

/** One column of a printed table; numbers stand on the right. */
export interface TableColumn {
  readonly title: string
  readonly align?: "left" | "right"
}

/** How a table is printed. */
export interface TableOptions {
  /** Columns of the window that the table must fit into; default: no limit. */
  readonly width?: number
  /** Formats the line of titles. */
  readonly heading?: (text: string) => string
  readonly indent?: string
}

const gap = "  "
const leastWidth = 6

/**
 * A table as lines of text. Where it is wider than the window, the widest columns are cut first; columns that still do not fit are left
 * out from the right, and a last line says how many.
 */
export function formatTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[], options: TableOptions = {}): string[] {
  const { width = Number.POSITIVE_INFINITY, heading = (text) => text, indent = "" } = options
  const available = width - indent.length
  const natural = columns.map(({ title }, i) => rows.reduce((most, row) => Math.max(most, displayWidth(row[i] ?? "")), displayWidth(title)))
  const shown = countThatFit(natural, available)
  const widths = shrink(natural.slice(0, shown), available - gap.length * (shown - 1))
  const line = (cells: readonly string[]): string =>
    indent +
    widths
      .map((columnWidth, i) => pad(truncate(cells[i] ?? "", columnWidth), columnWidth, columns[i]?.align))
      .join(gap)
      .trimEnd()
  const lines = [heading(line(columns.map(({ title }) => title))), ...rows.map(line)]
  const hidden = columns.length - shown
  if (hidden > 0) lines.push(`${indent}… ${hidden} more column${hidden === 1 ? "" : "s"}`)
  return lines
}

/** How many columns fit when each is cut to the least useful width; always one. */
function countThatFit(natural: readonly number[], available: number): number {
  let used = 0
  for (const [i, width] of natural.entries()) {
    used += Math.min(width, leastWidth) + (i === 0 ? 0 : gap.length)
    if (used > available) return Math.max(1, i)
  }
  return natural.length
}

/** The greatest common limit of the column widths whose sum fits, and what is left over given to the first columns that were cut. */
function shrink(natural: readonly number[], available: number): number[] {
  const total = natural.reduce((sum, width) => sum + width, 0)
  if (total <= available) return [...natural]
  let limit = 0
  let rest = available
  let open = [...natural].sort((a, b) => a - b)
  while (open.length > 0) {
    const share = Math.floor(rest / open.length)
    const [smallest = 0] = open
    limit = share
    if (smallest > share) break
    rest -= smallest
    open = open.slice(1)
  }
  const widths = natural.map((width) => Math.max(1, Math.min(width, limit)))
  let spare = available - widths.reduce((sum, width) => sum + width, 0)
  return widths.map((width, i) => {
    if (spare <= 0 || width >= (natural[i] ?? 0)) return width
    spare--
    return width + 1
  })
}
