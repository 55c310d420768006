import { gunzipSync, inflateSync } from "node:zlib"
import type { SchemaChange } from "@lading/core"
import { describe, expect, it } from "vitest"
import { createTarget, inputFile, type Target } from "./support/target.ts"

/** The columns of a table in the newest stored schema document, incomplete ones included. */
async function schemaColumns(target: Target, table: string): Promise<string[]> {
  const [row] = await target.read("select schema from _dlt_version order by inserted_at desc, version desc limit 1")
  const document = JSON.parse(decode(String(row?.["schema"])))
  return Object.keys(document.tables[table]?.columns ?? {})
}

function decode(stored: string): string {
  if (stored.startsWith("{")) return stored
  const bytes = Buffer.from(stored, "base64")
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : inflateSync(bytes)).toString()
}

describe("evolve-null-then-list (dlt-hub/dlt#3125)", () => {
  it("a field that is null first and a list later leaves no column behind, complete or not", async () => {
    const target = createTarget()
    const load = (part: number) => target.pipeline.run(inputFile(`evolve-null-then-list.${part}.ndjson`, { table: "t" }))
    const changes: string[][] = []
    for (const part of [1, 2, 3]) {
      const { schemaChanges } = await load(part)
      const isOurs = ({ table, column = "" }: SchemaChange): boolean => `${table}.${column}`.includes("pets")
      changes.push(schemaChanges.filter(isOurs).map(({ kind, table, column = "*" }) => `${kind} ${table}.${column}`))
      expect(await schemaColumns(target, "t")).not.toContain("pets")
    }
    expect(changes).toEqual([[], ["table-added t__pets.*"], []])
    expect(await target.columns("t")).toEqual(["id"])
    expect(await target.read("select id from t order by id")).toHaveLength(4)
    expect(
      await target.read("select t.id, p._dlt_list_idx as i, p.n from t__pets p join t on t._dlt_id = p._dlt_parent_id order by i"),
    ).toEqual([
      { id: 2, i: 0, n: "a" },
      { id: 2, i: 1, n: "b" },
    ])
  })
})

// Of the outcomes the case allows we take: refused before anything is read.
describe("evolve-hint-change (dlt-hub/dlt#4340)", () => {
  it("a type hint that contradicts the stored type is refused, and the run with the old hint loads", async () => {
    const target = createTarget()
    const load = (part: number, dataType: "bigint" | "text") =>
      target.pipeline.run(inputFile(`evolve-hint-change.${part}.ndjson`, { table: "t", columns: { value: { dataType } } }))
    await load(1, "bigint")
    const refused = load(2, "text")
    await expect(refused).rejects.toMatchObject({ code: "type-conflict" })
    await expect(refused).rejects.toThrow(/t\.value.*bigint.*text/)
    const receipt = await load(2, "bigint")
    expect(receipt.recovered).toEqual([])
    expect(receipt.schemaChanges).toContainEqual(expect.objectContaining({ kind: "variant-added", table: "t", column: "value__v_text" }))
    expect(await target.types("t")).toEqual({ id: "BIGINT", value: "BIGINT", value__v_text: "VARCHAR" })
    expect(await target.read("select id, value, value__v_text as text from t order by id")).toEqual([
      { id: 1, value: 5, text: null },
      { id: 2, value: null, text: "q-4" },
      { id: 3, value: 8, text: null },
    ])
  })
})
