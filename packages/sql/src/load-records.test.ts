import { type LoadSeal, noRows, type SchemaDocument } from "@lading/core"
import { expect, test } from "vitest"
import { checkAccounting } from "./accounting.ts"
import { loadRecords } from "./load-records.ts"

const schema: SchemaDocument = {
  version: 3,
  version_hash: "s3",
  engine_version: 11,
  name: "shop",
  settings: {},
  normalizers: { names: "snake_case", json: { module: "relational" } },
  previous_hashes: [],
  tables: {},
}
const at = new Date("2024-05-01T10:00:00.123Z")
const part = (table: string, path: string, rowCount: number): LoadSeal["parts"][number] => ({
  table,
  path,
  format: "parquet",
  rowCount,
  byteCount: 1,
  sha256: "",
  columns: [],
})
const seal: LoadSeal = {
  loadId: "100.5",
  epoch: 1,
  schema,
  parentStateHash: undefined,
  state: undefined,
  names: [{ table: "things", column: undefined, path: '["Things"]' }],
  counters: { things: { ...noRows, extracted: 3, rejected: 1, normalized: 2, loaded: 2 } },
  parts: [part("things", "a", 1), part("things", "b", 1), part("_lading_rejects", "r", 1)],
  emptied: [],
  schemaChanges: "",
  sealedAt: at,
}

test("every record of a load names its load; a schema is written where it is new", () => {
  const commits = { things: { loaded: 2, inserted: 2 }, _lading_rejects: { loaded: 1 } }
  const counts = { extracted: 0, filtered: 0, deduplicated: 0, rejected: 0, inserted: null, updated: null, deleted: null }
  const own = { load_id: "100.5", table_name: "things", extracted: 3, rejected: 1, normalized: 2, loaded: 2, inserted: 2 }
  const moment = at.toISOString()
  expect(loadRecords(seal, commits)).toEqual([
    { table: "_dlt_loads", row: { load_id: "100.5", schema_name: "shop", status: 0, inserted_at: moment, schema_version_hash: "s3" } },
    { table: "_lading_load_tables", row: { ...counts, ...own } },
    { table: "_lading_load_tables", row: { ...counts, load_id: "100.5", table_name: "_lading_rejects", normalized: 1, loaded: 1 } },
    { table: "_lading_names", row: { table_name: "things", column_name: null, path: '["Things"]', load_id: "100.5" } },
    {
      table: "_dlt_version",
      row: { version: 3, engine_version: 11, inserted_at: moment, schema_name: "shop", version_hash: "s3", schema: JSON.stringify(schema) },
      uniqueBy: ["schema_name", "version_hash"],
    },
  ])
})

test("a state and each schema change are rows; the id of a state's row is the same whenever the load is written", () => {
  const state = { version: 2, engine_version: 4, pipeline_name: "p", state: "{}", created_at: at, version_hash: "h" }
  const write = () => loadRecords({ ...seal, state, schemaChanges: '[{"kind":"a"},{"kind":"b"}]' }, {}).slice(-3)
  expect(write()).toEqual([
    {
      table: "_dlt_pipeline_state",
      row: { ...state, created_at: at.toISOString(), _dlt_load_id: "100.5", _dlt_id: expect.stringMatching(/^[\w+/]{14}$/) },
    },
    { table: "_lading_schema_changes", row: { load_id: "100.5", changes: '[{"kind":"a"}]' } },
    { table: "_lading_schema_changes", row: { load_id: "100.5", changes: '[{"kind":"b"}]' } },
  ])
  expect(write()).toEqual(write())
})

const arrived = (counts: Readonly<Record<string, number>>) =>
  new Map(Object.entries(counts).map(([path, rowCount]) => [path, { rowCount }]))

test("the rows of all parts of a table are its loaded rows", () => {
  expect(checkAccounting(arrived({ a: 1, b: 1, r: 1 }), seal)).toEqual(
    new Map([
      ["things", 2],
      ["_lading_rejects", 1],
    ]),
  )
})

test.each<readonly [string, ReturnType<typeof arrived>, Partial<LoadSeal>]>([
  ["a part that did not arrive", arrived({ a: 1, r: 1 }), {}],
  ["a part of which a row is missing", arrived({ a: 1, b: 0, r: 1 }), {}],
  ["a part that was not sealed", arrived({ a: 1, b: 1, r: 1, c: 0 }), {}],
  ["a counter that says more", arrived({ a: 1, b: 1, r: 1 }), { counters: { things: { ...noRows, normalized: 3 } } }],
  ["rows without a counter", arrived({ a: 1, b: 1, r: 1 }), { counters: {} }],
])("%s does not add up", (_, staged, more) => {
  expect(() => checkAccounting(staged, { ...seal, ...more })).toThrow(expect.objectContaining({ code: "accounting-mismatch" }))
})
