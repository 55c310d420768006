import { createSchema } from "@lading/core"
import { describe, expect, it } from "vitest"
import { decodeManifest, encodeManifest, type Manifest } from "./manifest.ts"

const manifest: Manifest = {
  format: 1,
  loadId: "1700000000.0",
  pipeline: 'chess\u2028with "quotes"\nand lines',
  dataset: "data",
  destination: "duckdb chess.duckdb",
  parentStateHash: null,
  state: null,
  schema: createSchema("chess", { naming: "snake_case" }),
  schemaChanges: "[]",
  names: [],
  counters: {},
  emptied: [],
  parts: [
    { table: "t", file: "parts/t0001/000001.00000000.parquet", format: "parquet", rowCount: 1, byteCount: 2, sha256: "00", columns: [] },
  ],
  sealedAt: "2024-01-01T00:00:00.000Z",
  versions: {},
}
const text = encodeManifest(manifest)

describe("a manifest", () => {
  it("is read as it was written", () => {
    expect(decodeManifest(text)).toEqual(manifest)
  })

  it("does not exist when it is torn at any byte", () => {
    const whole = Array.from({ length: text.length }, (_, length) => length).filter(
      (length) => decodeManifest(text.slice(0, length)) !== undefined,
    )
    expect(whole).toEqual([])
  })

  it.each([
    ["in its body", text.replace('"rowCount":1', '"rowCount":2')],
    ["in its hash", text.replace(/[0-9a-f]\n$/, (end) => (end.startsWith("0") ? "1\n" : "0\n"))],
    ["by text before", ` ${text}`],
    ["by text after", `${text} `],
    ["by being written twice", text + text],
    ["by other line ends", text.replaceAll("\n", "\r\n")],
  ])("does not exist when it was altered %s", (_name, altered) => {
    expect(altered).not.toBe(text)
    expect(decodeManifest(altered)).toBeUndefined()
  })

  it("of another format is not read", () => {
    expect(decodeManifest(encodeManifest({ ...manifest, format: 2 as 1 }))).toBeUndefined()
  })
})
