import { type Batch, LadingError, type NormalizeTarget, type RejectBatch, type Resource, type RowBatch } from "@lading/core"
import { parseLines } from "./parse-lines.ts"
import { previewRow } from "./validate.ts"

/** A table that rows go to, or why they must not. */
export type RouteEnd = NormalizeTarget | { readonly code: string; readonly message: string }

/** Takes what a router has sorted. */
export interface RouterSink {
  /** The table of this raw name; `row` is the first one that names it. */
  open(table: string, row: unknown): RouteEnd
  push(target: NormalizeTarget, batch: Batch): Promise<void>
  /** Takes rows that have no table. */
  reject(batch: RejectBatch): Promise<void>
  /** Counts what is no row. */
  leaveOut(rows: number): void
}

/** Rows of one batch that go to one table. */
interface Sorted {
  readonly rows: unknown[]
  readonly lines: number[]
}

type Rejected = RejectBatch["rejects"][number]

/** Brings each row of a resource into the table that it, or its batch, names. */
export class Router {
  private readonly resource: Resource
  private readonly sink: RouterSink
  private readonly ends = new Map<string, RouteEnd>()

  constructor(resource: Resource, sink: RouterSink) {
    this.resource = resource
    this.sink = sink
  }

  /** Sorts a batch; gives the number of rows that came to a table. JSON lines are parsed, for their rows name the tables. */
  async push(batch: Batch): Promise<number> {
    if (batch.kind === "rejects") {
      await this.sink.reject(batch)
      return 0
    }
    if (batch.kind === "rows") return this.pushRows(batch)
    const { rows, rejects } = parseLines(batch, { plain: true })
    if (rejects !== undefined) await this.sink.reject(rejects)
    const present = rows.rows.map((row) => row !== null)
    const lines = rows.lines?.filter((_, i) => present[i])
    this.sink.leaveOut(present.filter((isRow) => !isRow).length)
    return this.pushRows({ ...rows, rows: rows.rows.filter((_, i) => present[i]), ...(lines === undefined ? {} : { lines }) })
  }

  private async pushRows(batch: RowBatch): Promise<number> {
    const sorted = new Map<string, Sorted>()
    const rejects: Rejected[] = []
    const { rows, origin } = batch
    for (let i = 0; i < rows.length; i++) {
      const line = batch.lines?.[i] ?? (origin?.line === undefined ? undefined : origin.line + i)
      const name = batch.table ?? this.nameOf(rows[i])
      const fault = isTableName(name) ? this.faultOf(name, rows[i]) : noTable(name)
      if (fault === undefined) add(sorted, name as string, rows[i], line)
      else rejects.push({ ...fault, value: previewRow(rows[i]), ...(line === undefined ? {} : { line }) })
    }
    const from = origin === undefined ? {} : { origin: { name: origin.name } }
    let placed = 0
    for (const [name, { rows: own, lines }] of sorted) {
      placed += own.length
      const withLines = lines.length === own.length ? { lines } : {}
      await this.sink.push(this.ends.get(name) as NormalizeTarget, { kind: "rows", rows: own, ...from, ...withLines })
    }
    if (rejects.length > 0) await this.sink.reject({ kind: "rejects", rejects, ...from })
    return placed
  }

  private nameOf(row: unknown): unknown {
    const { name, hints } = this.resource
    if (typeof hints.table !== "function") return hints.table ?? name
    try {
      return hints.table(row)
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new LadingError({
        code: "extract-failed",
        message: `resource ${name}: the function that names the table of a row failed: ${reason}`,
        hint: "nothing of this load was committed; the next run starts at the same place",
        details: { resource: name },
        cause,
      })
    }
  }

  /** Opens the table of a name the first time; why its rows are refused, if they are. */
  private faultOf(name: string, row: unknown): Exclude<RouteEnd, NormalizeTarget> | undefined {
    let end = this.ends.get(name)
    if (end === undefined) {
      end = this.sink.open(name, row)
      this.ends.set(name, end)
    }
    return "code" in end ? end : undefined
  }
}

function isTableName(name: unknown): name is string {
  return typeof name === "string" && name.trim() !== "" && !/^_(dlt|lading)_/i.test(name)
}

function noTable(name: unknown): Exclude<RouteEnd, NormalizeTarget> {
  const what = typeof name === "string" ? JSON.stringify(name) : `a ${typeof name}`
  return { code: "no-table", message: `the row names ${what} as its table` }
}

function add(sorted: Map<string, Sorted>, name: string, row: unknown, line: number | undefined): void {
  let end = sorted.get(name)
  if (end === undefined) {
    end = { rows: [], lines: [] }
    sorted.set(name, end)
  }
  end.rows.push(row)
  if (line !== undefined) end.lines.push(line)
}
