// Deliberate bugs of the load protocol, one at a time: what the crash tests do not notice, they do not prove.
const engine = "packages/engine/dist/index.js"
const duckdb = "destinations/duckdb/dist/index.js"
const postgres = "destinations/postgres/dist/index.js"
const sql = "packages/sql/dist/index.js"

/**
 * Name of a saboteur -> `{ edits: [[file, text, replacement]], words, finds }`: the built code is changed where a process loads it, `words` are
 * the words of `run.mjs` for a scenario that must notice, and `finds` what it must say. Where two safeguards stand behind each other, both are taken away.
 */
export const saboteurs = {
  "opens no transaction": {
    edits: [[duckdb, 'await execute(load.connection, "BEGIN TRANSACTION", "begin the load");', ""]],
    words: ["--only", "duckdb · append · same disk · publish.after-stage:1"],
    finds: /a part of the load is visible/,
  },
  "commits the rows before marker and state": {
    edits: [
      [
        postgres,
        "const effects = await transferRows(load, seal, await prepareTables(load, seal));",
        'const effects = await transferRows(load, seal, await prepareTables(load, seal)); await client.query("COMMIT; BEGIN");',
      ],
    ],
    words: ["--only", "postgres · append · same disk · publish.before-commit:2"],
    finds: /duplicated: journal/,
  },
  "commits marker and state before the rows": {
    edits: [
      [
        postgres,
        "const effects = await transferRows(load, seal, await prepareTables(load, seal));",
        "const prepared = await prepareTables(load, seal); const effects = new Map();",
      ],
      [
        postgres,
        "await writeRecords(client, load.scope, seal, tables);",
        'await writeRecords(client, load.scope, seal, tables); await client.query("COMMIT; BEGIN"); fault("publish.before-commit"); await transferRows(load, seal, prepared);',
      ],
    ],
    words: ["--only", "postgres · append · same disk · publish.before-commit:2"],
    finds: /lost: journal/,
  },
  "takes a COMMIT without an answer for done": {
    edits: [[postgres, 'throw toLadingError(error, "commit the load");', "return;"]],
    words: ["--only", "network · append · seed 29", "--network", "29"],
    finds: /the run said that it was committed/,
  },
  "publishes a package whatever state it was extracted from": {
    edits: [
      [engine, "(manifest.parentStateHash ?? void 0) === current", "true"],
      [duckdb, "if (current?.version_hash === seal.parentStateHash) return;", "return;"],
    ],
    words: ["--only", "duckdb · append · returning disk · package.after-manifest:1"],
    finds: /duplicated: journal/,
  },
  "seals a package without its first part, and nobody counts": {
    edits: [
      [engine, "parts: pack.parts,", "parts: pack.parts.slice(1),"],
      [sql, "if (!sealed.has(path))", "if (false)"],
      [sql, "if (normalized !== rowCount)", "if (false)"],
    ],
    words: ["--only", "duckdb · replace · same disk · package.after-manifest:1"],
    finds: /tells of 0 journal rows, and 29 are there/,
  },
  "leaves the staging tables of dead runs": {
    edits: [[postgres, "if (staging.length === 0) return;", "return;"]],
    words: ["--only", "postgres · append · same disk · publish.after-stage:1"],
    finds: /staging table \S+ is left over/,
  },
  "takes every dead run for a living one": {
    edits: [[sql, "function isOwnerGone(owner) {", "function isOwnerGone(owner) { return false;"]],
    words: ["--only", "postgres · append · same disk · package.after-part:1"],
    finds: /wedged: /,
  },
}

const variable = "LADING_CRASH_SABOTAGE"

/** Lets every process that is started from now on run with this bug. */
export function sabotage(name, environment) {
  if (saboteurs[name] === undefined) throw new Error(`no saboteur ${name}; there are: ${Object.keys(saboteurs).join(", ")}`)
  environment[variable] = name
  environment.NODE_OPTIONS = `${environment.NODE_OPTIONS ?? ""} --import=${new URL("sabotage-loader.mjs", import.meta.url).href}`
}

/** The text of a module with the bug in it. @throws Error when the code has changed so that the bug has no place any more */
export function sabotaged(url, text, environment) {
  return saboteurs[environment[variable]].edits
    .filter(([file]) => url.endsWith(`/${file}`))
    .reduce((changed, [file, find, replacement]) => {
      if (changed.split(find).length !== 2)
        throw new Error(`the saboteur ${environment[variable]} does not find its place in ${file}: ${find}`)
      return changed.replace(find, () => replacement)
    }, text)
}
