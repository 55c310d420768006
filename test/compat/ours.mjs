import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { schemaOf } from "./places.mjs"
import { restSource } from "./rest-source.mjs"
import { decode } from "./tagged.mjs"

/**
 * Runs every case of a prepared file through Lading, into one DuckDB file a case, or into one schema a case of a PostgreSQL server.
 *
 * usage: node ours.mjs PREPARED.json OUTPUT_FOLDER [POSTGRES_URL]
 *
 * Writes OUTPUT_FOLDER/<case id>.duckdb and OUTPUT_FOLDER/outcomes.json in the form of `python/run_dlt.py`, with the
 * error's `code` where a load fails.
 */
async function main([prepared, folder, url]) {
  const cases = JSON.parse(await readFile(prepared, "utf8"))
  const outcomes = {}
  for (const entry of cases) {
    outcomes[entry.id] = await runCase(entry, folder, url)
    process.stderr.write(`${entry.id} ${outcomes[entry.id].map(({ status }) => status).join(" ")}\n`)
  }
  await writeFile(join(folder, "outcomes.json"), JSON.stringify(outcomes))
}

async function runCase(entry, folder, url) {
  const outcomes = []
  for (const load of entry.loads) outcomes.push(await runLoad(entry, load, folder, url))
  return outcomes
}

async function runLoad({ id, settings = {} }, load, folder, url) {
  try {
    const { pipeline } = await import("lading")
    const run = pipeline({
      name: "compat",
      ...(await targetOf(id, folder, url)),
      workDir: join(folder, "work", id),
      ...pipelineOptions(settings),
    })
    const receipt = await runData(run, load)
    return { status: "ok", load_ids: receipt.loadId ? [receipt.loadId] : [] }
  } catch (error) {
    return { status: "raises", code: error.code, error: `${error.code ?? error.name}: ${error.message}`.slice(0, 2000) }
  }
}

async function targetOf(id, folder, url) {
  if (url) {
    const { postgres } = await import("@lading/destination-postgres")
    return { destination: postgres(url), dataset: schemaOf("lading", id) }
  }
  const { duckdb } = await import("@lading/destination-duckdb")
  return { destination: duckdb(join(folder, `${id}.duckdb`)), dataset: "compat" }
}

/** The settings of a case that Lading takes as options of the pipeline; dlt adds detections to the one that is on by default. */
function pipelineOptions({ widen, detections, preferred_types: preferredTypes, naming }) {
  return {
    ...(widen ? { evolution: { widen } } : {}),
    ...(naming ? { naming } : {}),
    ...(detections ? { detections: ["iso_timestamp", ...detections] } : {}),
    ...(preferredTypes ? { preferredTypes } : {}),
  }
}

async function runData(run, { rows, ndjson, rest, hints }) {
  if (rest) return run.run(await restSource(rest))
  if (ndjson) {
    const { files } = await import("@lading/source-files")
    const { table, ...rest } = toOptions(hints)
    return run.run(files({ path: ndjson, table }), { table, ...rest })
  }
  const { resource } = await import("lading")
  const { resource: name, ...options } = toOptions(hints)
  const page = decode(rows)
  return run.run(
    resource(name ?? hints.table, options, function* () {
      yield page
    }),
  )
}

/** The neutral hints in Lading's spelling. Names of columns and values stay as they are. */
export function toOptions({ columns, nested_hints: nestedHints, incremental, schema_contract: contract, ...hints }) {
  return {
    ...camelKeys(hints),
    ...(typeof hints.write_disposition === "object" ? { writeDisposition: camelKeys(hints.write_disposition) } : {}),
    ...(columns ? { columns: mapValues(columns, camelKeys) } : {}),
    ...(nestedHints ? { nested: mapValues(nestedHints, toOptions) } : {}),
    ...(incremental
      ? {
          incremental: {
            ...camelKeys(incremental),
            ...("initial_value" in incremental ? { initialValue: decode(incremental.initial_value) } : {}),
          },
        }
      : {}),
    ...(contract ? { contract: typeof contract === "string" ? contract : camelKeys(contract) } : {}),
  }
}

function camelKeys(object) {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key.replaceAll(/_([a-z])/g, (_, letter) => letter.toUpperCase()), value]),
  )
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(process.argv.slice(2))
