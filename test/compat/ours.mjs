import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { decode } from "./tagged.mjs"

/**
 * Runs every case of a prepared file through Lading, into one DuckDB file a case.
 *
 * usage: node ours.mjs PREPARED.json OUTPUT_FOLDER
 *
 * Writes OUTPUT_FOLDER/<case id>.duckdb and OUTPUT_FOLDER/outcomes.json in the form of `python/run_dlt.py`, with the
 * error's `code` where a load fails.
 */
async function main([prepared, folder]) {
  const cases = JSON.parse(await readFile(prepared, "utf8"))
  const outcomes = {}
  for (const entry of cases) {
    outcomes[entry.id] = await runCase(entry, folder)
    process.stderr.write(`${entry.id} ${outcomes[entry.id].map(({ status }) => status).join(" ")}\n`)
  }
  await writeFile(join(folder, "outcomes.json"), JSON.stringify(outcomes))
}

async function runCase(entry, folder) {
  const outcomes = []
  for (const load of entry.loads) outcomes.push(await runLoad(entry, load, folder))
  return outcomes
}

async function runLoad({ id, settings = {} }, load, folder) {
  try {
    const { pipeline } = await import("lading")
    const { duckdb } = await import("@lading/destination-duckdb")
    const run = pipeline({
      name: "compat",
      destination: duckdb(join(folder, `${id}.duckdb`)),
      dataset: "compat",
      workDir: join(folder, "work", id),
      ...pipelineOptions(settings),
    })
    const receipt = await runData(run, load)
    return { status: "ok", load_ids: receipt.loadId ? [receipt.loadId] : [] }
  } catch (error) {
    return { status: "raises", code: error.code, error: `${error.code ?? error.name}: ${error.message}`.slice(0, 2000) }
  }
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

async function runData(run, { rows, ndjson, hints }) {
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
    ...(columns ? { columns: mapValues(columns, camelKeys) } : {}),
    ...(nestedHints ? { nestedHints: mapValues(nestedHints, camelKeys) } : {}),
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
