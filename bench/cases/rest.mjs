import { toCaseLine } from "../harness/case-line.mjs"
import { withPageServer } from "../harness/page-server.mjs"
import { round } from "../harness/statistics.mjs"
import { eventLoader, node, pythonScript } from "./contestants.mjs"
import { compete, rowsOf } from "./nested.mjs"

const rowsPerPage = 500

/**
 * Case R: pages of nested events from a local server to a DuckDB file, beside fetching and parsing the pages alone and dlt.
 * @param {import("./nested.mjs").Setting} setting
 */
export function runR(setting) {
  const events = setting.events(setting.count)
  return withPageServer({ path: events.path, rowsPerPage }, async (baseUrl) => {
    const outcomes = await compete([limit(baseUrl, events), ours(baseUrl, events), ...dltPeers(baseUrl, events, setting)], setting)
    return toCaseLine("R", outcomes, {
      rows: rowsOf(events),
      pages: Math.ceil(setting.count / rowsPerPage),
      inputMb: round(events.bytes / 1e6, 0),
    })
  })
}

function limit(baseUrl, events) {
  return { name: "limit", job: () => node("peers/fetch-alone.mjs", baseUrl, String(events.facts.events)) }
}

function ours(baseUrl, events) {
  return eventLoader("ours", "bench", events.facts, (folder, database) => node("ours/rest.mjs", baseUrl, database, `${folder}/work`))
}

function dltPeers(baseUrl, events, { skip, python, defaultsRuns }) {
  return ["tuned", "defaults"]
    .filter((mode) => !skip.has(`dlt-${mode}`))
    .map((mode) => ({
      ...eventLoader(`dlt-${mode}`, "bench", events.facts, (folder, database) =>
        pythonScript(python(), "peers/dlt_rest.py", mode, baseUrl, database, `${folder}/work`),
      ),
      runs: mode === "defaults" ? defaultsRuns : undefined,
    }))
}
