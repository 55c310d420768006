import { contractCodes, LadingError, type Reject, type TableCounters } from "@lading/core"
import type { PipelineOptions } from "./options.ts"
import type { RejectSample } from "./receipt.ts"

const defaultMaxShare = 0.01
const defaultMaxCount = 1_000
/** Rejects that a receipt shows. */
export const sampleCount = 10

/** Counts the rejects of a load and keeps the first few to show. */
export class RejectTally {
  count = 0
  /** Those that no contract asked for. */
  badRows = 0
  readonly byCode: Record<string, number> = {}
  readonly samples: RejectSample[] = []

  add({ value: _, valueHash: _hash, ...sample }: Reject): void {
    this.count++
    if (!contractCodes.has(sample.code)) this.badRows++
    this.byCode[sample.code] = (this.byCode[sample.code] ?? 0) + 1
    if (this.samples.length < sampleCount) this.samples.push(sample)
  }
}

/**
 * Fails the load when a table has more rejects than it may have. Rows that a contract discarded do not count: that is what was asked for.
 * `discarded` gives their number by table.
 * @throws LadingError `reject-ceiling`, or `bad-row` when the pipeline is told to fail on the first
 */
export function checkCeiling(
  counters: Readonly<Record<string, TableCounters>>,
  tally: RejectTally,
  options: PipelineOptions,
  discarded: ReadonlyMap<string, number>,
): void {
  if (options.onBadRow === "fail" && tally.badRows > 0) throw tooMany("bad-row", "a row was rejected", tally)
  const maxShare = options.rejects?.maxShare ?? defaultMaxShare
  const maxCount = options.rejects?.maxCount ?? defaultMaxCount
  for (const [table, { rejected: all, extracted }] of Object.entries(counters)) {
    const rejected = all - (discarded.get(table) ?? 0)
    if (rejected <= maxCount && rejected <= extracted * maxShare) continue
    const limit = rejected > maxCount ? `${maxCount} rows` : `${maxShare * 100} % of the rows`
    throw tooMany("reject-ceiling", `table ${table}: ${rejected} of ${extracted} rows were rejected, more than ${limit}`, tally)
  }
}

function tooMany(code: string, message: string, tally: RejectTally): LadingError {
  const places = tally.samples.map(describeReject)
  return new LadingError({
    code,
    message: `${message}\n${places.map((place) => `  ${place}`).join("\n")}`,
    hint: "nothing of this load was committed; correct the source, or raise the ceiling: rejects: { maxShare: 1, maxCount: 1000000 }",
    details: { rejects: tally.count, byCode: tally.byCode, samples: tally.samples },
  })
}

/** A reject in one line: where, code, what. */
export function describeReject({ table, ordinal, code, pointer, message, origin, line }: RejectSample): string {
  const place = origin === undefined ? `row ${ordinal + 1}` : `${origin}${line === undefined ? "" : ` line ${line}`}`
  return `${table} ${place}${pointer === "" ? "" : ` ${pointer}`}: ${code}, ${message}`
}
