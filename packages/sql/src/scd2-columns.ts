import { type Column, formatTimestamp, LadingError, parseIso, type Table } from "@lading/core"
import { completeColumns } from "./ddl.ts"

/** What the hints of an scd2 table say. Moments are texts in ISO form, in UTC. */
export interface Scd2Columns {
  readonly from: Column
  readonly to: Column
  /** Name of the column that tells versions apart. */
  readonly version: string
  /** What `to` holds while a version is valid; undefined is null. */
  readonly activeAt: string | undefined
  /** Moment at which loads close and open versions; undefined: when they were sealed. */
  readonly boundary: string | undefined
}

/** Reads the scd2 hints of a root table. Throws LadingError `missing-validity`. */
export function scd2Columns(root: Table): Scd2Columns {
  const columns = completeColumns(root)
  const marked = (mark: `x-${string}`) => columns.find((column) => column[mark] === true)
  const [from, to, version] = [marked("x-valid-from"), marked("x-valid-to"), marked("x-row-version")]
  if (from === undefined || to === undefined || version === undefined)
    throw new LadingError({
      code: "missing-validity",
      message: `Table "${root.name}" has no columns for the validity and version of its rows, which scd2 needs`,
      hint: 'Load it with writeDisposition: { disposition: "merge", strategy: "scd2" }; a row version column of your own must be in the data.',
      details: { table: root.name },
    })
  return {
    from,
    to,
    version: version.name,
    activeAt: momentOf(to["x-active-record-timestamp"]),
    boundary: momentOf(root["x-boundary-timestamp"]),
  }
}

function momentOf(hint: unknown): string | undefined {
  if (typeof hint !== "string") return undefined
  const moment = parseIso(hint)
  return moment === undefined ? undefined : formatTimestamp(moment.days, moment.micros, true)
}
