import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { duckdb } from "@lading/destination-duckdb"
import { type PostgresServer, startPostgres } from "@lading/testkit"
import { type DbtProgress, dbt } from "@lading/transformer-dbt"
import { type Destination, isLadingError, secret } from "lading"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { makeFolder } from "../cases/support/target.ts"
import { copyProject, filesIn, postgresPython, realDbt } from "./support/dbt.ts"

const role = "loader"
const password = `p{{ 1/0 }}{% raw %}w$HOME'"#:@%41`
let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres({ environment: process.env })
})
afterAll(() => server.remove())

/** Runs statements as the superuser; answers with the rows of the last one. dbt's environment has the client. */
function sql(...statements: readonly string[]): unknown[][] {
  const script = `
import json, sys, psycopg2
connection = psycopg2.connect(sys.argv[1])
connection.autocommit = True
cursor = connection.cursor()
for statement in json.loads(sys.argv[2]): cursor.execute(statement)
print(json.dumps(cursor.fetchall() if cursor.description else [], default=str))`
  return JSON.parse(execFileSync(postgresPython, ["-c", script, server.url, JSON.stringify(statements)], { encoding: "utf8" }))
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A destination of which only what dbt needs is used. */
function destination(): Destination {
  const { host, port, database } = server
  const settings = { host, port, user: role, dbname: database, schema: "shop_data", password: secret(password) }
  return { ...duckdb("unused.duckdb"), name: "postgres", dbtProfile: () => ({ type: "postgres", settings }) }
}

/** Every part of a secret that is longer than five characters, but for those that stand in the macros of dbt itself. */
function parts(text: string, manifest: string): string[] {
  const macros: readonly { readonly macro_sql: string }[] = Object.values(JSON.parse(readFileSync(manifest, "utf8")).macros)
  const own = macros.map(({ macro_sql }) => macro_sql).join("\n")
  const all = Array.from({ length: text.length - 5 }, (_, start) => text.slice(start, start + 6))
  const telling = all.filter((part) => !own.includes(part))
  expect(telling.length).toBeGreaterThan(all.length / 2)
  return telling
}

// Case dbt-secret-like-jinja (dbt-labs/dbt-core#7606).
describe("dbt on PostgreSQL with a password that looks like Jinja", () => {
  const events: DbtProgress[] = []
  const run = (folder: string) =>
    dbt({ project: "dbt", ...realDbt, artifacts: "kept", exclude: ["new_orders", "customers_history"] }).run({
      ...{ destination: destination(), dataset: "shop_data", baseDirectory: folder },
      onProgress: (event) => void events.push(event),
    })
  const expectNoPart = (folder: string, text: string): void => {
    const written = filesIn(folder).map((path) => readFileSync(join(folder, path), "latin1"))
    for (const part of parts(password, join(folder, "kept", "target", "manifest.json")))
      for (const one of [text, ...written]) expect(one.includes(part), part).toBe(false)
  }

  it("connects with the password as it is; once it is wrong, says so without any part of it", async () => {
    const folder = makeFolder()
    copyProject("shop", join(folder, "dbt"))
    // The environment with the client is made by the first run; there is no such role yet.
    const early = await run(folder).catch((error: unknown) => error)
    expect(isLadingError(early) && early.code).toBe("dbt-profile")

    sql(
      `create role ${role} login password ${quoted(password)}`,
      `create schema shop_data authorization ${role}`,
      `create table shop_data.orders as select 1 as id, 'fr' as country union all select 2, 'de'`,
      `create table shop_data.customers as select 1 as id, 'Lyon' as city`,
      `grant all on all tables in schema shop_data to ${role}`,
    )
    const result = await run(folder)
    expect(new Set(result.nodes.map(({ status }) => status))).toEqual(new Set(["success", "pass"]))
    expect(result).toMatchObject({ adapter: "postgres", dataset: "shop_data" })
    expect(sql("select n from shop_data.order_count")).toEqual([[2]])
    expect(result.nodes.find(({ name }) => name === "countries")?.rowsAffected).toBe(2)

    sql(`alter role ${role} password 'another'`)
    const error = await run(folder).catch((cause: unknown) => cause)
    if (!isLadingError(error)) throw new Error(`expected a LadingError, got ${String(error)}`)
    expect(error).toMatchObject({ code: "dbt-profile", message: expect.stringContaining("password authentication failed") })
    expectNoPart(folder, JSON.stringify([events, result, String(error), error.hint, error.details, error.stack]))
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("lading-dbt-"))).toEqual([])
  })
})
