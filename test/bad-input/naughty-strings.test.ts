import naughty from "big-list-of-naughty-strings" with { type: "json" }
import { describe, expect, it } from "vitest"
import { type Loaded, loadLines, loadObjects } from "./support/lanes.ts"

const strings: readonly string[] = naughty
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

const lanes: readonly (readonly [name: string, load: (rows: readonly unknown[]) => Promise<Loaded>])[] = [
  ["objects", (rows) => loadObjects(rows)],
  ["bytes", (rows) => loadLines(rows.map((row) => JSON.stringify(row)).join("\n"))],
]

describe.each(lanes)("the big list of naughty strings in the %s lane", (_, load) => {
  it("reads back every string as it was", async () => {
    const { receipt, target } = await load([{ id: -1, s: "plain" }, ...strings.map((s, id) => ({ id, s }))])
    expect(receipt.rejects.samples).toEqual([])
    // As bytes: DuckDB's client takes a U+FEFF at the start of a text for a byte-order mark.
    const rows = await target.read("select encode(s) as s from t where id >= 0 order by id")
    expect(rows.map(({ s }) => decoder.decode(s as Uint8Array))).toEqual(strings)
  })

  it("reads back every string as it was when each is the first of its column", async () => {
    const { target } = await load([Object.fromEntries(strings.map((s, i) => [`c${i}`, s]))])
    const [row] = await target.read(`select ${strings.map((_, i) => `encode(c${i}) as c${i}`).join(", ")} from t`)
    expect(strings.map((_, i) => decoder.decode(row?.[`c${i}`] as Uint8Array))).toEqual(strings)
  })

  it("loses no value under any of them as a key", async () => {
    const keys = [...new Set(strings)]
    const { receipt, target } = await load([Object.fromEntries(keys.map((key, i) => [key, i]))])
    expect(receipt.tables["t"]).toMatchObject({ loaded: 1 })
    const [row] = await target.read("select * exclude (_dlt_id, _dlt_load_id) from t")
    const values = Object.values(row ?? {}).sort((a, b) => Number(a) - Number(b))
    expect(values).toEqual(keys.map((_, i) => i))
  })

  it("loses no value when each is the key of a row of its own", async () => {
    const keys = [...new Set(strings)]
    const { target } = await load(keys.map((key, i) => ({ id: i, o: { [key]: i } })))
    const rows = await target.read("select * exclude (_dlt_id, _dlt_load_id) from t order by id")
    expect(rows).toHaveLength(keys.length)
    const held = rows.map((row) =>
      Object.entries(row)
        .filter(([name, value]) => name !== "id" && value !== null)
        .map(([, value]) => value),
    )
    expect(held).toEqual(keys.map((_key, i) => [i]))
  })
})
