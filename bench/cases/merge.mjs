import { cpSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { toCaseLine } from "../harness/case-line.mjs"
import { recreateDatabase, toDatabaseName } from "../harness/databases.mjs"
import { measure } from "../harness/measure.mjs"
import { askDuckDb, checkAccounts } from "../harness/parity.mjs"
import { withPostgres } from "../harness/postgres-server.mjs"
import { round } from "../harness/statistics.mjs"
import { isBuilt } from "./built.mjs"
import { node, pythonScript } from "./contestants.mjs"
import { compete } from "./nested.mjs"

/**
 * Case M in DuckDB: changed rows of a file are merged into ten times as many, beside a MERGE by hand and dlt. The table is loaded once a contestant,
 * by that contestant, and copied for every run, outside the measured time.
 * @param {import("./nested.mjs").Setting} setting
 */
export async function runMDuckDb(setting) {
  const accounts = setting.accounts(setting.count)
  const databaseIn = (folder) => join(folder, "accounts.duckdb")
  const place = (template) => ({
    createBase: () => undefined,
    finishBase: () => undefined,
    databaseIn,
    prepare: (folder) => cpSync(template, folder, { recursive: true }),
    ask: (folder) => askDuckDb(databaseIn(folder)),
  })
  return await runMerge("M-duckdb", { engine: "duckdb", dataset: "main", format: "ndjson", place, accounts }, setting)
}

/**
 * Case M in PostgreSQL; the limit copies the changed rows from CSV.
 * @param {import("./nested.mjs").Setting} setting
 * @returns {Promise<object | undefined>} nothing where the destination is not built
 */
export async function runMPostgres(setting) {
  if (!isBuilt("@lading/destination-postgres", setting.log)) return undefined
  const accounts = setting.accounts(setting.count)
  return await withPostgres((server) => {
    const place = (template, name) => {
      const database = toDatabaseName(name)
      const base = `${database}_base`
      return {
        createBase: () => recreateDatabase(server, base),
        finishBase: () => server.ask(base, "VACUUM ANALYZE"),
        databaseIn: (folder) => server.url(folder === template ? base : database),
        async prepare(folder) {
          cpSync(template, folder, { recursive: true })
          await recreateDatabase(server, database, base)
        },
        ask: () => (sql) => server.ask(database, sql),
      }
    }
    const options = { engine: "postgres", dataset: "bench", format: "csv", place, accounts, extra: { postgres: server.version } }
    return runMerge("M-postgres", options, setting)
  })
}

async function runMerge(letter, { engine, dataset, format, place, accounts, extra = {} }, setting) {
  const { facts, base, changed } = accounts
  const byHand = (step) => (input, database) => node(`peers/merge-${engine}.mjs`, step, input[format], database)
  const loaders = [
    { name: "limit", dataset, bases: [[base, byHand("base")]], job: byHand("whole") },
    {
      name: "merge-alone",
      dataset,
      bases: [
        [base, byHand("base")],
        [changed, byHand("stage")],
      ],
      job: byHand("merge"),
    },
    toLoader("ours", base, (input, database, work) => node(`ours/merge-${engine}.mjs`, input.ndjson, database, work)),
    toLoader("dlt-tuned", base, (input, database, work) =>
      pythonScript(setting.python(), "peers/dlt_merge.py", "tuned", input.ndjson, database, work),
    ),
  ].filter(({ name }) => !setting.skip.has(name))
  const contestants = []
  for (const loader of loaders) contestants.push(await toContestant(loader, { place, changed, facts }, setting))
  const outcomes = await compete(contestants, setting)
  const [ours, alone] = ["ours", "merge-alone"].map((name) => outcomes.find((outcome) => outcome.name === name))
  return toCaseLine(letter, outcomes, {
    rows: { accounts: facts.accounts, changed: accounts.count },
    ratioToMergeAlone: ours && alone ? round(ours.medianS / alone.medianS, 2) : null,
    ...extra,
  })
}

function toLoader(name, base, job) {
  return { name, dataset: "bench", bases: [[base, job]], job }
}

/** Loads the table and keeps its folder as the template of every run. */
async function toContestant({ name, dataset, bases, job }, { place, changed, facts }, { folder, log }) {
  const template = join(folder, `${name}-base`)
  const { createBase, finishBase, databaseIn, prepare, ask } = place(template, name)
  mkdirSync(template, { recursive: true })
  await createBase()
  log(`  the table before, by ${name}`)
  for (const [input, load] of bases) await measure({ cwd: template, ...load(input, databaseIn(template), join(template, "work")) })
  await finishBase()
  return {
    name,
    prepare,
    job: (run) => job(changed, databaseIn(run), join(run, "work")),
    check: (run) => checkAccounts({ ask: ask(run), dataset, facts }),
  }
}
