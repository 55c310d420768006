import { resource } from "@lading/engine"
import { type PostgresServer, startPostgres } from "@lading/testkit"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { expectAccounted } from "../cases/support/target.ts"
import { hostileNames, naughtyNames } from "./support/hostile-names.ts"
import { ask, type WatchedTarget, watchedTarget } from "./support/postgres.ts"
import { taggedLog } from "./support/statements.ts"

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres({ environment: process.env, settings: taggedLog })
  await ask(server.url, "CREATE TABLE public.canary AS SELECT 1 AS alive")
}, 60_000)
afterAll(() => server.remove())

let tablesBefore: readonly string[] = []
const tablesElsewhere = async (schemas: readonly string[]) => {
  const known = ["information_schema", "pg_catalog", "pg_toast", ...schemas].map((name) => `'${name}'`).join(", ")
  const rows = await ask(server.url, `SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN (${known}) ORDER BY 1, 2`)
  return rows.map(({ schemaname, tablename }) => `${schemaname}.${tablename}`)
}
const schemas: string[] = []
const target = (options: Parameters<typeof watchedTarget>[1] = {}): WatchedTarget => {
  const made = watchedTarget(server, options)
  schemas.push(made.schema)
  return made
}
beforeEach(async () => {
  tablesBefore = await tablesElsewhere(schemas)
})
afterEach(async () => {
  expect(await tablesElsewhere(schemas)).toEqual(tablesBefore)
  expect(await ask(server.url, "SELECT alive FROM public.canary")).toEqual([{ alive: "1" }])
})

/** Every first word of a statement that a load may send. */
const verbs = /^(ALTER|ANALYZE|BEGIN|COMMENT|COMMIT|COPY|CREATE|DELETE|DROP|INSERT|LOCK|ROLLBACK|SELECT|SET|UPDATE|WITH)\b/

function expectSameShapes(hostile: WatchedTarget, harmless: WatchedTarget): void {
  const shapes = hostile.shapes()
  expect(shapes.length).toBeGreaterThan(15)
  expect(shapes).toEqual(harmless.shapes())
  for (const shape of shapes) {
    expect(shape).toMatch(verbs)
    expect(shape).not.toMatch(/COMMENT (?!ON\b)|'|canary/)
  }
}

describe("texts on PostgreSQL", () => {
  it("read back as they were, and no statement depends on any of them", async () => {
    const values = target()
    const receipt = await values.pipeline.run(
      naughtyNames.map((s, id) => ({ id, s, o: { j: [s] } })),
      { table: "t", columns: { o: { dataType: "json" } } },
    )
    expectAccounted(receipt)
    expect(receipt.rejects.samples).toEqual([])
    const rows = await values.read("SELECT s, o->'j'->>0 AS j FROM t ORDER BY id")
    expect(rows).toEqual(naughtyNames.map((s) => ({ s, j: s })))
    const plain = target()
    await plain.pipeline.run(
      naughtyNames.map((_, id) => ({ id, s: "plain", o: { j: ["plain"] } })),
      { table: "t", columns: { o: { dataType: "json" } } },
    )
    expectSameShapes(values, plain)
  })

  it("that are keys of a merge find their rows again, and no statement depends on any of them", async () => {
    const merge = async (made: WatchedTarget, key: (text: string, i: number) => string) => {
      const options = { table: "t", writeDisposition: "merge", primaryKey: "k" } as const
      await made.pipeline.run(
        naughtyNames.map((s, i) => ({ k: key(s, i), v: i, l: [key(s, i)] })),
        options,
      )
      await made.pipeline.run(
        naughtyNames.map((s, i) => ({ k: key(s, i), v: -i, l: [key(s, i)] })),
        options,
      )
    }
    const merged = target()
    await merge(merged, (text) => text)
    expect(await merged.read("SELECT k, v FROM t ORDER BY v DESC")).toEqual(
      naughtyNames.map((k, i) => ({ k, v: String(i === 0 ? 0 : -i) })),
    )
    expect(await merged.read("SELECT count(*) AS n FROM t JOIN t__l ON t__l._dlt_parent_id = t._dlt_id AND t.k = t__l.value")).toEqual([
      { n: String(naughtyNames.length) },
    ])
    const plain = target()
    await merge(plain, (_, i) => `plain ${i}`)
    expectSameShapes(merged, plain)
  })
})

describe.each(["snake_case", "direct"] as const)("names made of them on PostgreSQL (%s)", (naming) => {
  it("are columns that hold their values, and change no statement", async () => {
    const columns = target({ naming })
    const receipt = await columns.pipeline.run([Object.fromEntries(naughtyNames.map((key, i) => [key, i]))], { table: "t" })
    expect(receipt.tables["t"]).toMatchObject({ extracted: 1, loaded: 1 })
    const [{ _dlt_id, _dlt_load_id, ...held } = {}] = await columns.read("SELECT * FROM t")
    expect(
      Object.values(held)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(naughtyNames.map((_, i) => i))
    if (naming === "direct") {
      const exact = naughtyNames.map((key, i) => [key, String(i)] as const).filter(([key]) => key !== "" && Buffer.byteLength(key) < 40)
      const kept = exact.filter(([key, value]) => held[key] === value)
      expect(kept.length).toBeGreaterThan(exact.length / 2)
    }
    const plain = target({ naming })
    await plain.pipeline.run([Object.fromEntries(naughtyNames.map((_, i) => [`k${i}`, i]))], { table: "t" })
    expectSameShapes(columns, plain)
  })

  it("are tables that hold their rows, or no table's name, and change no statement", async () => {
    // Hundreds of tables take their time: under the other convention every fifth is enough.
    const chosen = naming === "direct" ? naughtyNames : [...hostileNames, ...naughtyNames.filter((_, i) => i % 5 === 0)]
    const rows = (name: (text: string, i: number) => string) =>
      resource("t", { table: (row: { readonly name: string }) => row.name }, [chosen.map((s, i) => ({ name: name(s, i), i }))])
    const tables = target({ naming })
    const receipt = await tables.pipeline.run(rows((text) => text))
    expectAccounted(receipt)
    expect(Object.keys(receipt.rejects.byCode)).toEqual(["no-table"])
    const made = await tables.read(
      "SELECT tablename FROM pg_tables WHERE schemaname = current_schema AND tablename !~ '^_(dlt|lading)_' ORDER BY 1",
    )
    const quoted = made.map(({ tablename }) => `"${String(tablename).replaceAll('"', '""')}"`)
    const held = await tables.read(quoted.map((name) => `SELECT name, i FROM ${name}`).join(" UNION ALL "))
    expect(held.length + receipt.rejects.count).toBe(chosen.length)
    for (const { name, i } of held) expect(chosen[Number(i)]).toBe(name)
    expect(receipt.rejects.count).toBeLessThan(10)
    const plain = target({ naming })
    await plain.pipeline.run(rows((text, i) => (text.trim() === "" || i === 0 ? "" : `plain ${i % 7}`)))
    expectSameShapes(tables, plain)
  })
})

describe("a dataset, a pipeline and a resource with hostile names on PostgreSQL", () => {
  it.each(hostileNames)("%j loads or is refused with a code, and nothing else happens", async (name) => {
    for (const options of [{ dataset: `bad ${name}` }, { name }] as const) {
      const made = target(options)
      const outcome = await made.pipeline.run(resource(name, [[{ id: 1 }]])).catch((error: unknown) => error)
      expect(outcome).toMatchObject(outcome instanceof Error ? { code: expect.stringMatching(/^[a-z-]+$/) } : { status: "committed" })
    }
    const left = await ask(server.url, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'bad %' OR nspname LIKE 'bad_x%'")
    for (const { nspname } of left) await ask(server.url, `DROP SCHEMA "${String(nspname).replaceAll('"', '""')}" CASCADE`)
  })
})
