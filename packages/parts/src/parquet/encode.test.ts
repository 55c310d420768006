import type { DataType, TableBatch } from "@lading/core"
import fc from "fast-check"
import { parquetMetadata, parquetReadObjects } from "hyparquet"
import { describe, expect, test } from "vitest"
import { queryPart } from "../testing/duckdb.ts"
import { type TestValue, toColumn } from "../testing/to-column.ts"
import { encodeParquet } from "./encode.ts"

type Cells = readonly (TestValue | undefined)[]

const long = "x".repeat(70_000)
const text = ["", "a", "Grüße, 世界 👋\u0000\ufeff", "end", long, ""]
const samples: readonly {
  readonly dataType: DataType
  readonly duckdb: string
  readonly cells: readonly TestValue[]
  readonly timezone?: boolean
}[] = [
  { dataType: "text", duckdb: "VARCHAR", cells: text },
  { dataType: "json", duckdb: "VARCHAR", cells: ['{"a":[1,2]}', "null", "1", '""', "[]", `"${long}"`] },
  { dataType: "decimal", duckdb: "VARCHAR", cells: ["0.1", "-12345678901234567890.123456789", "0", "1E5", "7", "8"] },
  { dataType: "wei", duckdb: "VARCHAR", cells: [String(2n ** 256n - 1n), "0", "1", "2", "3", "4"] },
  {
    dataType: "binary",
    duckdb: "BLOB",
    cells: [0, 1, 2, 255, 0, 65_536].map((size) => Uint8Array.from({ length: size }, (_, index) => 255 - (index % 256))),
  },
  { dataType: "bigint", duckdb: "BIGINT", cells: [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, -(2n ** 32n)] },
  { dataType: "double", duckdb: "DOUBLE", cells: [0, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, -1.7976931348623157e308] },
  { dataType: "bool", duckdb: "BOOLEAN", cells: [true, false, false, true, true, false] },
  {
    dataType: "timestamp",
    duckdb: "TIMESTAMP WITH TIME ZONE",
    cells: [0n, -1n, 1_709_211_600_000_001n, 253402300799999999n, -62135596800000000n, 1n],
  },
  { dataType: "timestamp", duckdb: "TIMESTAMP", timezone: false, cells: [0n, -1n, 1_709_211_600_000_001n, 253402300799999999n, 1n, 2n] },
  { dataType: "date", duckdb: "DATE", cells: [0, -1, 19_782, 2_932_896, -719_162, 1] },
  { dataType: "time", duckdb: "TIME", cells: [0n, 1n, 86_399_999_999n, 43_200_000_000n, 5n, 6n] },
]

function toBatch(rowCount: number, ...columns: TableBatch["columns"]): TableBatch {
  return { table: "things", rowCount, columns }
}

async function readColumn(
  dataType: DataType,
  cells: Cells,
  options: { readonly timezone?: boolean; readonly optional?: boolean; readonly maxPageBytes?: number } = {},
) {
  const { maxPageBytes = 2 ** 26, ...columnOptions } = options
  const { columns, rows } = await queryPart(
    encodeParquet(toBatch(cells.length, toColumn(dataType, cells, columnOptions)), { maxPageBytes }),
  )
  return { type: columns[0]?.type, cells: rows.map(([cell]) => toComparable(cell)) }
}

/** Bytes as text, because comparing large arrays element by element takes long. */
function toComparable(cell: unknown): unknown {
  return cell instanceof Uint8Array ? Buffer.from(cell).toString("hex") : cell
}

async function joinPieces(pieces: readonly Uint8Array[]): Promise<ArrayBuffer> {
  return new Blob([...pieces].map((piece) => Uint8Array.from(piece))).arrayBuffer()
}

describe.each(samples)("a $dataType column that DuckDB reads as $duckdb", ({ dataType, duckdb, cells, timezone = true }) => {
  test("keeps every value", async () => {
    expect(await readColumn(dataType, cells, { timezone })).toEqual({ type: duckdb, cells: cells.map(toComparable) })
  })

  test("keeps every value when it is optional without nulls", async () => {
    expect(await readColumn(dataType, cells, { timezone, optional: true })).toEqual({ type: duckdb, cells: cells.map(toComparable) })
  })

  test.each(cells.map((_, position) => position))("keeps a null in row %i", async (position) => {
    const expected = cells.map((cell, row) => (row === position ? undefined : cell))
    expect(await readColumn(dataType, expected, { timezone })).toEqual({ type: duckdb, cells: expected.map(toComparable) })
  })

  test("can be null in every row", async () => {
    const expected = Array.from({ length: 19 }, () => undefined)
    expect(await readColumn(dataType, expected, { timezone })).toEqual({ type: duckdb, cells: expected.map(toComparable) })
  })

  test("can have no rows", async () => {
    expect(await readColumn(dataType, [], { timezone })).toEqual({ type: duckdb, cells: [] })
  })

  test("can have one row", async () => {
    expect(await readColumn(dataType, cells.slice(0, 1), { timezone })).toEqual({
      type: duckdb,
      cells: cells.slice(0, 1).map(toComparable),
    })
  })

  test("keeps rows in order across many small pages", async () => {
    const expected = Array.from({ length: 203 }, (_, row) => (row % 7 === 3 ? undefined : cells[row % 4]))
    expect(await readColumn(dataType, expected, { timezone, maxPageBytes: 20 })).toEqual({
      type: duckdb,
      cells: expected.map(toComparable),
    })
  })
})

test("hyparquet reads what DuckDB reads", async () => {
  const texts = ["", "é", undefined, long]
  const integers = [1n, undefined, -(2n ** 63n), 3n]
  const columns = [
    toColumn("text", texts),
    toColumn("bigint", integers),
    toColumn("double", [0.5, 1.5, -2, undefined]),
    toColumn("bool", [true, false, true, true]),
    toColumn("date", [0, 1, 2, 19_782]),
    toColumn("timestamp", [0n, 1000n, undefined, 1_709_211_600_000_000n]),
  ]
  const file = await joinPieces(encodeParquet(toBatch(4, ...columns)))
  expect(await parquetReadObjects({ file })).toEqual([
    { text: "", bigint: 1n, double: 0.5, bool: true, date: new Date(0), timestamp: new Date(0) },
    { text: "é", bigint: null, double: 1.5, bool: false, date: new Date(86_400_000), timestamp: new Date(1) },
    { text: null, bigint: -(2n ** 63n), double: -2, bool: true, date: new Date(2 * 86_400_000), timestamp: null },
    { text: long, bigint: 3n, double: null, bool: true, date: new Date("2024-02-29"), timestamp: new Date("2024-02-29T13:00:00Z") },
  ])
})

test("the metadata tells row count, null count, repetition and where each column lies", async () => {
  const batch = toBatch(3, toColumn("text", ["a", undefined, "b"]), toColumn("time", [1n, 2n, 3n]))
  const file = await joinPieces(encodeParquet(batch))
  const metadata = parquetMetadata(file)
  expect(metadata.num_rows).toBe(3n)
  expect(metadata.schema).toMatchObject([
    { name: "schema", num_children: 2 },
    { name: "text", type: "BYTE_ARRAY", repetition_type: "OPTIONAL", logical_type: { type: "STRING" } },
    { name: "time", type: "INT64", repetition_type: "REQUIRED", logical_type: { type: "TIME", isAdjustedToUTC: false, unit: "MICROS" } },
  ])
  const [first, second] = metadata.row_groups[0]?.columns ?? []
  expect(first?.meta_data).toMatchObject({ num_values: 3n, statistics: { null_count: 1n }, data_page_offset: 4n })
  expect(second?.meta_data?.data_page_offset).toBe(4n + (first?.meta_data?.total_compressed_size ?? 0n))
})

test("a million rows keep their values", async () => {
  const rowCount = 1_000_000
  const rows = Array.from({ length: rowCount }, (_, row) => row)
  const batch = toBatch(
    rowCount,
    toColumn("bigint", rows),
    toColumn(
      "text",
      rows.map((row) => (row % 3 === 0 ? undefined : `row ${row}`)),
    ),
    toColumn(
      "bool",
      rows.map((row) => row % 5 === 0),
    ),
  )
  const sql = `SELECT count(*), count("text"), sum((file_row = "bigint")::int), sum(("text" = 'row ' || "bigint")::int), sum(("bool" = ("bigint" % 5 = 0))::int)
    FROM (SELECT *, row_number() OVER () - 1 AS file_row FROM part)`
  expect((await queryPart(encodeParquet(batch), { sql })).rows).toEqual([[1_000_000n, 666_666n, 1_000_000n, 666_666n, 1_000_000n]])
})

test("more columns than a short Thrift list holds are all there", async () => {
  const columns = Array.from({ length: 300 }, (_, index) => toColumn("bigint", [BigInt(index)], { name: `column ${index} ü` }))
  const result = await queryPart(encodeParquet(toBatch(1, ...columns)))
  expect(result.columns.map(({ name }) => name)).toEqual(columns.map(({ name }) => name))
  expect(result.rows).toEqual([columns.map((_, index) => BigInt(index))])
})

test("numbers and strings are not copied", () => {
  const column = toColumn("text", ["abc", "def"])
  const pieces = encodeParquet(toBatch(2, column))
  expect(
    column.vector.kind === "bytes" && pieces.some((piece) => piece.buffer === (column.vector as { bytes: Uint8Array }).bytes.buffer),
  ).toBe(true)
})

test("a leading byte order mark stays, though DuckDB's client hides it", async () => {
  const { rows } = await queryPart(encodeParquet(toBatch(1, toColumn("text", ["\ufeffa"]))), { sql: `SELECT hex("text") FROM part` })
  expect(rows).toEqual([["EFBBBF61"]])
})

test("a vector that is a window of a larger buffer is read from its own start", async () => {
  const words = new Int32Array([9, 9, 7, 0, 8, 0, 9, 9]).subarray(2, 6)
  const column = { ...toColumn("bigint", [0n, 0n]), vector: { kind: "int64" as const, words } }
  expect((await queryPart(encodeParquet(toBatch(2, column)))).rows).toEqual([[7n], [8n]])
})

test("rows without any column are refused, because no reader would see them", () => {
  expect(() => encodeParquet(toBatch(3))).toThrowError(
    expect.objectContaining({ code: "no-columns", details: { table: "things", rowCount: 3 } }),
  )
})

test("a batch that contradicts itself is refused", () => {
  expect(() => encodeParquet(toBatch(3, toColumn("text", ["a", "b"])))).toThrowError(expect.objectContaining({ code: "invalid-batch" }))
})

test("a page of 2 GiB is refused", () => {
  const vector = { kind: "bytes" as const, bytes: new Uint8Array(2 ** 31), lengths: Int32Array.of(2 ** 30, 2 ** 30) }
  const column = { ...toColumn("binary", [new Uint8Array(0), new Uint8Array(0)]), vector }
  expect(() => encodeParquet(toBatch(2, column))).toThrowError(expect.objectContaining({ code: "part-too-large" }))
})

const arbitraries: Readonly<Record<DataType, fc.Arbitrary<TestValue>>> = {
  text: fc.string({ unit: "grapheme" }),
  json: fc.json(),
  decimal: fc.bigInt().map(String),
  wei: fc.bigInt().map(String),
  binary: fc.uint8Array({ maxLength: 300 }),
  double: fc.double(),
  bool: fc.boolean(),
  bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  timestamp: fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }),
  time: fc.bigInt({ min: 0n, max: 86_399_999_999n }),
  date: fc.integer({ min: -719_162, max: 2_932_896 }),
}
const types = Object.keys(arbitraries) as DataType[]
const randomColumns = fc.integer({ min: 0, max: 300 }).chain((rowCount) =>
  fc.array(
    fc.constantFrom(...types).chain((dataType) =>
      fc.record({
        dataType: fc.constant(dataType),
        cells: fc.array(fc.option(arbitraries[dataType], { nil: undefined, freq: 4 }), { minLength: rowCount, maxLength: rowCount }),
      }),
    ),
    { minLength: 1, maxLength: 6 },
  ),
)

test("random columns come back from DuckDB as they were", async () => {
  await fc.assert(
    fc.asyncProperty(randomColumns, fc.constantFrom(64, 1000, 2 ** 26), async (drawn, maxPageBytes) => {
      const rowCount = drawn[0]?.cells.length ?? 0
      const columns = drawn.map(({ dataType, cells }, index) => toColumn(dataType, cells, { name: `c${index}` }))
      const { rows } = await queryPart(encodeParquet(toBatch(rowCount, ...columns), { maxPageBytes }))
      expect(rows).toEqual(Array.from({ length: rowCount }, (_, row) => drawn.map(({ cells }) => cells[row])))
    }),
    { numRuns: 60 },
  )
})
