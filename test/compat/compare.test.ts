import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { compareDatasets, type Side } from "./compare.mjs"
import { canonicalJson, openDataset } from "./read-dataset.mjs"

const base = `
  create schema compat;
  create table compat.t (id bigint not null, seen timestamptz, x double, o json, _dlt_load_id varchar not null, _dlt_id varchar not null);
  create table compat.t__l (value bigint, _dlt_parent_id varchar not null, _dlt_list_idx bigint not null, _dlt_id varchar not null);
  insert into compat.t values (1, '2024-01-01T00:00:00.000001Z', 0.1, '{"a": [1, 2.5]}', 'L', 'AAAAAAAAAAAAAA'), (2, null, null, null, 'L', 'BBBBBBBBBBBBBB');
  insert into compat.t__l values (7, 'AAAAAAAAAAAAAA', 0, 'yjS0MS+UcVocSA'), (8, 'BBBBBBBBBBBBBB', 0, 'p0k82FDl4tp4Bw');`

let folder = ""
let files = 0

async function datasetOf(sql: string, loadId = "L"): Promise<Side> {
  const path = join(folder, `${files++}.duckdb`)
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  await connection.run("set TimeZone = 'UTC'")
  await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
  const { tables, close } = await openDataset(path)
  close()
  return { tables, loads: new Map([[loadId, "1"]]) }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "compat-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe("compareDatasets", () => {
  it("finds nothing between a dataset and itself", async () => {
    const dataset = await datasetOf(base)
    expect(compareDatasets(dataset, dataset)).toEqual([])
  })

  it("takes other random row ids and load ids for the same dataset", async () => {
    const renamed = base
      .replaceAll("'L'", "'M'")
      .replaceAll("AAAAAAAAAAAAAA", "CCCCCCCCCCCCCC")
      .replaceAll("yjS0MS+UcVocSA", "qvsrKKMzXGFUaw")
    expect(compareDatasets(await datasetOf(base), await datasetOf(renamed, "M"))).toEqual([])
    expect(compareDatasets(await datasetOf(base), await datasetOf(renamed, "M"), { exactIds: true }).map(({ aspect }) => aspect)).toEqual([
      "rows",
    ])
  })

  it.each([
    ["a value", "update compat.t set x = 0.2 where id = 1", "rows"],
    ["a microsecond", "update compat.t set seen = '2024-01-01T00:00:00.000002Z' where id = 1", "rows"],
    ["a value inside json", `update compat.t set o = '{"a": [1, 2.25]}' where id = 1`, "rows"],
    ["a double for an integer inside json", `update compat.t set o = '{"a": [1.0, 2.5]}' where id = 1`, "rows"],
    ["a missing row", "delete from compat.t__l where value = 8", "rows"],
    ["a row twice", "insert into compat.t select id, seen, x, o, _dlt_load_id, 'DDDDDDDDDDDDDD' from compat.t where id = 2", "rows"],
    ["the load of a row", "update compat.t set _dlt_load_id = 'other' where id = 2", "rows"],
    ["the place in the list", "update compat.t__l set _dlt_list_idx = 1, _dlt_id = 'x' where value = 8", "rows"],
    ["the parents of rows", "update compat.t__l set value = 15 - value", "tree"],
    ["a type", "alter table compat.t alter id type decimal(38,0)", "columns"],
    ["an extra column", "alter table compat.t add column y bigint", "columns"],
    ["nullability", "alter table compat.t alter id drop not null", "nullability"],
    ["a table", "create table compat.extra (a bigint)", "tables"],
    ["the id of a nested row", "update compat.t__l set _dlt_id = 'x' where value = 8", "ids"],
    ["the form of a root id", "update compat.t set _dlt_id = 'short' where id = 2", "ids"],
  ])("finds %s that differs", async (_what, change, aspect) => {
    const found = compareDatasets(await datasetOf(base), await datasetOf(`${base};${change}`))
    expect(found.map((entry) => entry.aspect)).toContain(aspect)
  })

  it("tells the order of columns apart from their presence", async () => {
    const swapped = base
      .replace("(id bigint not null, seen timestamptz,", "(seen timestamptz, id bigint not null,")
      .replaceAll("values (1, '2024-01-01T00:00:00.000001Z',", "values ('2024-01-01T00:00:00.000001Z', 1,")
      .replace("(2, null,", "(null, 2,")
    expect(compareDatasets(await datasetOf(base), await datasetOf(swapped)).map(({ aspect }) => aspect)).toEqual(["order"])
  })

  it("leaves out what is covered and nothing else", async () => {
    const changed = await datasetOf(`${base};update compat.t set x = 0.2 where id = 1`)
    expect(compareDatasets(await datasetOf(base), changed, { covered: [{ table: "t", columns: ["x"] }] })).toEqual([])
    expect(compareDatasets(await datasetOf(base), changed, { covered: [{ table: "t", columns: ["seen"] }] })).not.toEqual([])
  })
})

describe("canonicalJson", () => {
  it.each([
    ['{ "a" : 1 }', '{"a":1}'],
    ['["\\u00e9"]', '["é"]'],
    ["[1.0,1,1e2]", "[double 1,1,double 100]"],
    ["9223372036854775807", "9223372036854775807"],
  ])("writes %s as %s", (text, expected) => {
    expect(canonicalJson(text)).toBe(expected)
  })
})
