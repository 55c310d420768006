import { expect, test } from "vitest"
import { queryPart } from "../testing/duckdb.ts"
import { toColumn } from "../testing/to-column.ts"
import { encodeNdjson } from "./encode.ts"

const columns = [
  toColumn("text", ['\ufeff"quoted"\n', undefined, ""], { name: 'the "key"' }),
  toColumn("json", ['{"a":\n[1]}', "null", undefined]),
  toColumn("bigint", [-(2n ** 63n), undefined, 2n ** 53n + 1n]),
  toColumn("double", [0.1, Number.NaN, undefined]),
  toColumn("bool", [true, undefined, false]),
  toColumn("decimal", ["1.10", undefined, "2"]),
  toColumn("binary", [Uint8Array.of(0, 255), undefined, new Uint8Array(0)]),
  toColumn("date", [19_782, undefined, 0]),
  toColumn("time", [1n, undefined, 0n]),
  toColumn("timestamp", [1n, undefined, -1n]),
  toColumn("timestamp", [undefined, undefined, 1_709_211_600_000_000n], { name: "local", timezone: false }),
]
const expected = [
  '{"the \\"key\\"":"\ufeff\\"quoted\\"\\n","json":{"a": [1]},"bigint":-9223372036854775808,"double":0.1,"bool":true,"decimal":"1.10","binary":"AP8=","date":"2024-02-29","time":"00:00:00.000001","timestamp":"1970-01-01T00:00:00.000001Z"}',
  '{"json":null,"double":"NaN"}',
  '{"the \\"key\\"":"","bigint":9007199254740993,"bool":false,"decimal":"2","binary":"","date":"1970-01-01","time":"00:00:00.000000","timestamp":"1969-12-31T23:59:59.999999Z","local":"2024-02-29T13:00:00.000000"}',
]

test("every type has its JSON form, and a missing value is left out", () => {
  const bytes = encodeNdjson({ table: "things", rowCount: 3, columns })
  expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)).toBe(`${expected.join("\n")}\n`)
})

test("rows without any column are empty objects", () => {
  expect(new TextDecoder().decode(encodeNdjson({ table: "things", rowCount: 2, columns: [] }))).toBe("{}\n{}\n")
})

test("no rows are no bytes", () => {
  expect(encodeNdjson({ table: "things", rowCount: 0, columns: [] })).toHaveLength(0)
})

test("DuckDB reads the lines", async () => {
  const bytes = encodeNdjson({ table: "things", rowCount: 3, columns })
  const { rows } = await queryPart([bytes], { format: "ndjson", sql: `SELECT "bigint", "date", "decimal" FROM part` })
  expect(rows).toEqual([
    [-(2n ** 63n), 19_782, "1.10"],
    [undefined, undefined, undefined],
    [2n ** 53n + 1n, 0, "2"],
  ])
})

test("a batch that contradicts itself is refused", () => {
  expect(() => encodeNdjson({ table: "things", rowCount: 2, columns: [toColumn("bool", [true])] })).toThrowError(
    expect.objectContaining({ code: "invalid-batch" }),
  )
})
