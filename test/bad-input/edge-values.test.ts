import { resource } from "@lading/engine"
import { type PostgresServer, startPostgres } from "@lading/testkit"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openDatabase } from "../cases/support/read-database.ts"
import { anyRejects, expectAccounted, makeLastingFolder, targetIn } from "../cases/support/target.ts"
import { edgeValues, type Outcome, shorten } from "./support/edge-values.ts"
import { watchedTarget } from "./support/postgres.ts"

type Read = (sql: string) => Promise<Readonly<Record<string, unknown>>[]>

const named = edgeValues.map((one, i) => ({ ...one, i, name: shorten(one.value) }))
/** Each value in a table of its own, between two good rows. */
const resources = () =>
  named.map(({ type, value, i }) =>
    resource(`c${i}`, { columns: { v: { dataType: type } } }, [[{ id: 1 }, { id: 2, v: value }, { id: 3 }]]),
  )

/** What became of row 2 of a table: the code of its reject, or its columns as text. */
async function outcomeOf(read: Read, table: string, asText: (column: string) => string): Promise<Outcome> {
  const [reject] = await read(`SELECT code FROM _lading_rejects WHERE table_name = '${table}'`)
  expect(await read(`SELECT id FROM ${table} WHERE id <> 2 ORDER BY id`)).toHaveLength(2)
  if (reject !== undefined) return String(reject["code"])
  const columns = await read(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_name = '${table}' AND table_schema = current_schema() AND column_name LIKE 'v%'`,
  )
  const list = columns.map(({ name }) => `${asText(String(name))} AS ${String(name)}`)
  const [row = {}] = await read(`SELECT ${["id", ...list].join(", ")} FROM ${table} WHERE id = 2`)
  return Object.fromEntries(Object.entries(row).flatMap(([name, text]) => (text === null || name === "id" ? [] : [[name, String(text)]])))
}

describe("values at and beyond the edges, on PostgreSQL", () => {
  let server: PostgresServer
  let read: Read
  let stopTarget = () => {}
  beforeAll(async () => {
    server = await startPostgres({ environment: process.env })
    const { folder, remove } = makeLastingFolder()
    stopTarget = remove
    const target = watchedTarget(server, { workDir: folder })
    read = target.read
    const receipt = await target.pipeline.run(resources())
    expectAccounted(receipt)
    expect(receipt.rejects.count).toBe(named.filter(({ postgres }) => typeof postgres === "string").length)
  }, 120_000)
  afterAll(async () => {
    stopTarget()
    await server.remove()
  })

  it.each(named)("$type $name is read back exactly or rejected with a code", async ({ i, postgres }) => {
    expect(same(await outcomeOf(read, `c${i}`, (column) => column), postgres)).toBe("the same")
  })
})

describe("values at and beyond the edges, on DuckDB", () => {
  let read: Read
  let stop = () => {}
  beforeAll(async () => {
    const { folder, remove } = makeLastingFolder()
    const target = targetIn(folder, anyRejects)
    const receipt = await target.pipeline.run(resources())
    expectAccounted(receipt)
    const reader = await openDatabase(target.database)
    read = reader.read
    stop = () => {
      reader.close()
      remove()
    }
  }, 120_000)
  afterAll(() => stop())

  it.each(named)("$type $name is read back exactly or rejected with a code", async ({ i, type, postgres, duckdb = postgres }) => {
    const asText = (column: string) => (type === "binary" && column === "v" ? `hex(${column})` : `${column}::varchar`)
    expect(same(await outcomeOf(read, `c${i}`, asText), duckdb)).toBe("the same")
  })
})

/** Compares without printing megabytes. */
function same(found: Outcome, wanted: Outcome): string {
  const [one, other] = [JSON.stringify(found), JSON.stringify(wanted)]
  return one === other ? "the same" : `${one.slice(0, 300)} is not ${other.slice(0, 300)}`
}
