// What is under test: a pipeline with two resources, child tables, state of its own and rejects, as a user would write it.
import { pipeline, resource } from "@lading/engine"
import { isIncremental, journalOf, pageSize, steps, thingsOf } from "./source.mjs"

export const dataset = "crash"

const rowSchema = {
  "~standard": { version: 1, vendor: "crash", validate: (row) => (row.bad ? { issues: [{ message: "a bad row" }] } : { value: row }) },
}

function* pages(rows) {
  for (let start = 0; start < rows.length; start += pageSize) yield rows.slice(start, start + pageSize)
}

const upTo = (step) => steps.filter((earlier) => earlier <= step)
const order = (commitEvery) => (commitEvery === undefined ? {} : { rowOrder: "asc" })

function journal(step, commitEvery) {
  const hints = { schema: rowSchema, incremental: { cursor: "seq", initialValue: 0, boundaryKey: "seq", ...order(commitEvery) } }
  return resource("journal", hints, function* ({ cursor, state }) {
    const last = state.last ?? 0
    for (const page of pages(
      upTo(step)
        .flatMap(journalOf)
        .filter(({ seq }) => seq >= cursor.start),
    )) {
      const fresh = page.filter(({ seq }) => seq > last)
      if (fresh.length > 0) Object.assign(state, { seen: (state.seen ?? 0) + fresh.length, last: fresh.at(-1).seq })
      yield page
    }
  })
}

const writeDispositions = {
  append: "append",
  replace: "replace",
  merge: "merge",
  upsert: { disposition: "merge", strategy: "upsert" },
  scd2: { disposition: "merge", strategy: "scd2" },
}

function things(disposition, step, commitEvery) {
  const writeDisposition = writeDispositions[disposition]
  if (!isIncremental(disposition)) return resource("things", { writeDisposition }, () => pages(thingsOf(disposition, step)))
  const keyed = disposition === "append" ? {} : { primaryKey: "id", columns: { gone: { hardDelete: true, dataType: "bool" } } }
  const incremental = { cursor: "rev", initialValue: 0, boundaryKey: "rev", ...order(commitEvery) }
  return resource("things", { writeDisposition, ...keyed, incremental }, ({ cursor }) =>
    pages(
      upTo(step)
        .flatMap((earlier) => thingsOf(disposition, earlier))
        .filter(({ rev }) => rev >= cursor.start),
    ),
  )
}

/**
 * Runs the pipeline once, with the source as it is at `step`.
 * `spec`: `{ disposition, workDir, commitEvery?, duckdb: path }` or `{ ..., postgres: options }`.
 */
export async function runStep(spec, step) {
  const { disposition, workDir, commitEvery, dataset: name = dataset } = spec
  return pipeline({
    name: "crash",
    destination: await destinationOf(spec),
    dataset: name,
    workDir,
    durability: "process",
    partBytes: 6_000,
    rejects: { maxShare: 1 },
    ...(commitEvery === undefined ? {} : { commitEvery }),
  }).run([journal(step, commitEvery), things(disposition, step, commitEvery)])
}

/** Only the driver that is needed is loaded: most of the time of a short process goes into that. */
async function destinationOf(spec) {
  if (spec.duckdb !== undefined) return (await import("@lading/destination-duckdb")).duckdb(spec.duckdb)
  return (await import("@lading/destination-postgres")).postgres(spec.postgres)
}
