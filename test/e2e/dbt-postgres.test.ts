import { readFileSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { postgres } from "@lading/destination-postgres"
import { type PostgresServer, startPostgres } from "@lading/testkit"
import { type DbtOptions, type DbtProgress, dbt } from "@lading/transformer-dbt"
import { type Pipeline, pipeline, type Receipt, resource, secret } from "lading"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { makeFolder } from "../cases/support/target.ts"
import { copyProject, filesIn, realDbt } from "./support/dbt.ts"
import { failureOf, leftovers, order } from "./support/shop.ts"

const role = "loader"
const password = `p{{ 1/0 }}{% raw %}w$HOME'"#:@%41`
let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres({ environment: process.env })
  await sql(`create role ${role} login password '${password.replaceAll("'", "''")}'`)
  await sql(`grant create on database ${server.database} to ${role}`)
})
afterAll(() => server.remove())

/** Runs a statement as the superuser. */
async function sql(statement: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

interface Shop {
  readonly folder: string
  readonly pipeline: Pipeline
  load(orders: readonly object[], city?: string): Promise<Receipt>
}

/** A pipeline of the role with the odd password, and a copy of the project `shop` beside it. */
function openShop(dataset: string, options: { readonly port?: number; readonly database?: string } = {}): Shop {
  const folder = makeFolder()
  copyProject("shop", join(folder, "dbt"))
  const { host, port, database } = server
  const destination = postgres({ host, port, database, user: role, password: secret(password), ...options })
  const shop = pipeline({ name: "shop", destination, dataset, baseDirectory: folder, workDir: join(folder, "work") })
  return {
    folder,
    pipeline: shop,
    load: (orders, city = "Lyon") =>
      shop.run([
        resource("orders", { writeDisposition: "append" }, orders),
        resource("customers", { writeDisposition: "merge", primaryKey: "id" }, [{ id: 1, city }]),
      ]),
  }
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

const options: DbtOptions = { project: "dbt", ...realDbt, artifacts: "kept" }

// Case dbt-secret-like-jinja (dbt-labs/dbt-core#7606).
describe("dbt after a load into PostgreSQL, with a password that looks like Jinja", () => {
  it("builds everything on what was just loaded; once the password is wrong, says so without any part of it", async () => {
    const shop = openShop("shop_data")
    const events: DbtProgress[] = []
    const modes: string[] = []
    const onProgress = (event: DbtProgress): void => {
      events.push(event)
      if (event.kind === "command-started") modes.push(...profileModes())
    }
    const transform = dbt(options)
    const first = await transform.runAfter(shop.pipeline, await shop.load([order(1), order(2, "de")]), { onProgress })
    const second = await transform.runAfter(shop.pipeline, await shop.load([order(3)], "Paris"), { onProgress })

    expect(second.dbt).toMatchObject({ status: "succeeded", result: { adapter: "postgres", dataset: "shop_data" } })
    expect(await sql("select n::int from shop_data.order_count")).toEqual([{ n: 3 }])
    const built = "select id::int, built_for = _dlt_load_id as own_load from shop_data.new_orders order by 1"
    expect(await sql(built)).toEqual([1, 2, 3].map((id) => ({ id, own_load: true })))
    expect(await sql("select city, dbt_valid_to is null as is_current from shop_data.customers_history order by 2")).toEqual([
      { city: "Lyon", is_current: false },
      { city: "Paris", is_current: true },
    ])
    expect(await sql("select status, count(*)::int as n from shop_data.dbt_results group by 1 order by 1")).toEqual([
      { status: "pass", n: 6 },
      { status: "success", n: 10 },
    ])
    expect(new Set(modes)).toEqual(new Set(["600"]))

    const receipt = await shop.load([order(4)])
    await sql(`alter role ${role} password 'another'`)
    const run = transform.run({ destination: destinationOf(shop), dataset: "shop_data", baseDirectory: shop.folder, receipt, onProgress })
    const error = await failureOf(run)
    await sql(`alter role ${role} password '${password.replaceAll("'", "''")}'`)
    expect(error).toMatchObject({
      code: "dbt-profile",
      message: expect.stringContaining("password authentication failed"),
      hint: expect.stringContaining("the pipeline's destination"),
    })

    const shown = JSON.stringify([events, first, second, String(error), error.hint, error.details, error.stack], (_, value) =>
      typeof value === "bigint" ? String(value) : value,
    )
    const written = filesIn(shop.folder).map((path) => readFileSync(join(shop.folder, path), "latin1"))
    for (const part of parts(password, join(shop.folder, "kept", "target", "manifest.json")))
      for (const one of [shown, ...written]) expect(one.includes(part), part).toBe(false)
    expect(leftovers()).toEqual([])
  })

  it.each([
    ["a database that is not there", { database: "nowhere" }, /database "nowhere" does not exist/],
    ["a port on which nobody listens", { port: 1 }, /connection .*(refused|failed)/i],
  ])("says what to do about %s", async (_what, wrong, message) => {
    const shop = openShop("unused", wrong)
    const run = dbt(options).run({ destination: destinationOf(shop), dataset: "unused", baseDirectory: shop.folder })
    expect(await failureOf(run)).toMatchObject({
      code: "dbt-profile",
      message: expect.stringMatching(message),
      hint: expect.stringContaining("the pipeline's destination"),
    })
  })
})

function destinationOf({ pipeline: { options: given } }: Shop) {
  if (typeof given.destination === "string") throw new Error("the destination has a name only")
  return given.destination
}

/** Permissions of the profiles that are there now. */
function profileModes(): string[] {
  return leftovers().map((name) => (statSync(join(tmpdir(), name, "profiles.yml")).mode & 0o777).toString(8))
}
