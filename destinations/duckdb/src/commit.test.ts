import { type DestinationSession, type LoadSeal, noRows, onFault, type Table } from "@lading/core"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createFixture, type Fixture, load, rootColumns, rows, schema, sealOf, stateRow, table } from "../test/fixture.ts"

let fixture: Fixture
beforeEach(() => {
  fixture = createFixture()
})
afterEach(() => fixture.dispose())

const things = table("things", { a: "bigint" })
const part = (values: readonly number[], name = "things") =>
  fixture.part(
    name,
    { a: "bigint" },
    values.map((value) => [value]),
  )

async function commitWith(session: DestinationSession, seal: LoadSeal) {
  const writer = await session.begin(seal)
  try {
    return await writer.commit(seal)
  } finally {
    await writer.abort()
  }
}

test("a commit leaves dlt's and Lading's records", async () => {
  const session = await fixture.open()
  const state = stateRow("s1")
  const names = [
    { table: "things", column: undefined, path: '["things"]' },
    { table: "things", column: "a", path: '["A"]' },
  ]
  const result = await load(session, sealOf("100.5", [things], [await part([1, 2])], { state, names, schemaChanges: '[{"kind":"table"}]' }))
  expect(result).toEqual({ status: "committed", tables: { things: { loaded: 2, inserted: 2 } } })
  expect(await rows(session, "FROM _dlt_loads")).toEqual([["100.5", "shop", 0, "2024-05-01T10:00:00.123000+00:00", "hash-1"]])
  expect(
    await rows(
      session,
      "SELECT version, engine_version, pipeline_name, state, created_at, version_hash, _dlt_load_id, length(_dlt_id) FROM _dlt_pipeline_state",
    ),
  ).toEqual([[1, 4, "p", '{"v":"s1"}', "2024-05-01T00:00:00+00:00", "s1", "100.5", 14]])
  expect(await rows(session, "SELECT version, engine_version, schema_name, version_hash FROM _dlt_version")).toEqual([
    [1, 11, "shop", "hash-1"],
  ])
  expect(
    await rows(session, "SELECT load_id, table_name, extracted, normalized, loaded, inserted, updated FROM _lading_load_tables"),
  ).toEqual([["100.5", "things", 2, 2, 2, 2, null]])
  expect(await rows(session, "FROM _lading_schema_changes")).toEqual([["100.5", '[{"kind":"table"}]']])
  expect(await session.snapshot()).toEqual({ exists: true, schemas: [schema([things])], state, names })
  expect(await session.committedLoads(["100.5", "7"])).toEqual(new Set(["100.5"]))
})

test("a schema is stored once for each hash, and the newest document of each name is the one read back", async () => {
  const session = await fixture.open()
  await load(session, sealOf("1", [things], []))
  await load(session, sealOf("2", [things], []))
  const grown = { ...schema([things], "hash-2"), version: 2 }
  // An older clock does not make an older schema.
  await load(session, sealOf("3", [things], [], { schema: grown, sealedAt: new Date("2020-01-01T00:00:00Z") }))
  expect(await rows(session, "SELECT version_hash FROM _dlt_version ORDER BY version")).toEqual([["hash-1"], ["hash-2"]])
  expect((await session.snapshot()).schemas).toEqual([grown])
})

test("the newest state is the one committed last, whatever its load id says", async () => {
  const session = await fixture.open()
  await load(session, sealOf("9", [things], [], { state: stateRow("s1") }))
  await load(session, sealOf("1", [things], [], { state: stateRow("s2", 2), parentStateHash: "s1" }))
  expect((await session.snapshot()).state?.version_hash).toBe("s2")
})

test("a load that is committed already is not loaded again", async () => {
  const session = await fixture.open()
  const seal = sealOf("1", [things], [await part([1, 2])], { state: stateRow("s1") })
  await load(session, seal)
  expect(await load(session, seal)).toEqual({ status: "already-committed", tables: { things: { loaded: 2, inserted: 2 } } })
  expect(await rows(session, "SELECT count(*) FROM things")).toEqual([[2]])
})

test("of two writers of one load one commits and the other finds it done", async () => {
  const session = await fixture.open()
  await load(session, sealOf("0", [things], [await part([0])]))
  const { epoch } = await session.takeLease({ owner: "a", takeOver: true })
  const seal = sealOf("1", [things], [await part([1, 2])], { epoch })
  const results = await Promise.all([commitWith(session, seal), commitWith(session, seal)])
  expect(results.map(({ status }) => status).sort()).toEqual(["already-committed", "committed"])
  expect(await rows(session, "SELECT (SELECT count(*) FROM things), (SELECT count(*) FROM _dlt_loads)")).toEqual([[3, 2]])
})

test("a new table that another load creates at the same time can be tried again", async () => {
  const session = await fixture.open()
  const { epoch } = await session.takeLease({ owner: "a", takeOver: false })
  const writers = [await session.begin({ loadId: "1", epoch }), await session.begin({ loadId: "2", epoch })] as const
  await writers[0].stage(await part([1]), { things })
  await expect(writers[1].stage(await part([2]), { things })).rejects.toMatchObject({ code: "destination-error", retryable: true })
})

test("a writer whose epoch was overtaken after it began cannot commit", async () => {
  const session = await fixture.open()
  const old = await session.takeLease({ owner: "a", takeOver: false })
  const seal = sealOf("1", [things], [await part([1])], { epoch: old.epoch })
  const writer = await session.begin(seal)
  await session.takeLease({ owner: "b", takeOver: true })
  await expect(writer.commit(seal)).rejects.toMatchObject({ code: "fenced", details: { owner: "b" } })
  await expect(rows(session, "FROM things")).rejects.toThrow("does not exist")
})

test.each([
  ["nobody's state, but there is one", undefined],
  ["a state that is not the current one", "s0"],
])("a load extracted from %s is stale", async (_, parentStateHash) => {
  const session = await fixture.open()
  await load(session, sealOf("1", [things], [], { state: stateRow("s1") }))
  await expect(
    load(session, sealOf("2", [things], [await part([1])], { parentStateHash, state: stateRow("s2", 2) })),
  ).rejects.toMatchObject({ code: "stale-package" })
  expect((await session.snapshot()).state?.version_hash).toBe("s1")
  expect(await session.committedLoads(["1", "2"])).toEqual(new Set(["1"]))
})

test("a load extracted from a state, into a dataset without one, is stale", async () => {
  const session = await fixture.open()
  await expect(load(session, sealOf("1", [things], [], { parentStateHash: "s1" }))).rejects.toMatchObject({ code: "stale-package" })
})

const spoil: readonly (readonly [string, (seal: LoadSeal) => LoadSeal])[] = [
  ["a part that holds fewer rows than sealed", (seal) => ({ ...seal, parts: seal.parts.map((one) => ({ ...one, rowCount: 3 })) })],
  ["counters that say more rows", (seal) => ({ ...seal, counters: { things: { ...noRows, normalized: 3 } } })],
  ["counters of a table without parts", (seal) => ({ ...seal, counters: { ...seal.counters, other: { ...noRows, normalized: 1 } } })],
  ["a table without counters", (seal) => ({ ...seal, counters: {} })],
]

test.each(spoil)("%s: the load is rolled back", async (_, change) => {
  const session = await fixture.open()
  const seal = change(sealOf("1", [things], [await part([1, 2])], { state: stateRow("s1") }))
  await expect(load(session, seal)).rejects.toMatchObject({ code: "accounting-mismatch" })
  await expect(rows(session, "FROM things")).rejects.toThrow("does not exist")
  expect(await session.snapshot()).toMatchObject({ exists: false, state: undefined })
})

test("a part that was staged, but is not sealed, rolls the load back", async () => {
  const session = await fixture.open()
  const { epoch } = await session.takeLease({ owner: "a", takeOver: false })
  const writer = await session.begin({ loadId: "1", epoch })
  await writer.stage(await part([1]), { things })
  await expect(writer.commit(sealOf("1", [things], [], { epoch }))).rejects.toMatchObject({ code: "accounting-mismatch" })
})

test("rejects are committed with the rows, from a part of their own", async () => {
  const session = await fixture.open()
  const types = { load_id: "text", table_name: "text", ordinal: "bigint", code: "text", message: "text", line: "bigint" }
  const rejects = await fixture.part("_lading_rejects", types, [["1", "things", 4, "not-json", "torn", 12]])
  await load(session, sealOf("1", [things], [await part([1]), rejects]))
  expect(await rows(session, 'SELECT load_id, table_name, "ordinal", code, message, "value", line FROM _lading_rejects')).toEqual([
    ["1", "things", 4, "not-json", "torn", null, 12],
  ])
})

test("tables that hold rows are created with the first load that knows them, tables that never had a row are not", async () => {
  const session = await fixture.open()
  const seen: Table = { ...table("seen", { a: "bigint", ...rootColumns }), "x-normalizer": { "seen-data": true } }
  await load(session, sealOf("1", [seen, table("declared", { a: "bigint" })], []))
  expect(await rows(session, "SELECT table_name FROM duckdb_tables() WHERE table_name IN ('seen', 'declared')")).toEqual([["seen"]])
})

test("the fault points lie in the order of the protocol", async () => {
  const session = await fixture.open()
  const seal = sealOf("1", [things], [await part([1])])
  const points: string[] = []
  onFault((point) => points.push(point))
  try {
    await load(session, seal)
  } finally {
    onFault(undefined)
  }
  expect(points).toEqual(["publish.before-begin", "publish.after-stage", "publish.before-commit", "publish.after-commit"])
})
