import type { Column, DataType, DestinationCapabilities, PartFormat } from "@lading/core"
import { defineTable } from "../../data/tables.ts"
import type { Cell } from "../../data/to-column.ts"
import type { DestinationCheck } from "../fixture.ts"
import { load, sealOf } from "../load.ts"
import { assertRows } from "../read.ts"

const formats: readonly PartFormat[] = ["parquet", "ndjson", "copy-text"]

/** Greatest and smallest decimals of a width, and the smallest step. */
function decimals({ precision, scale }: { readonly precision: number; readonly scale: number }): readonly string[] {
  const digits = "9".repeat(precision)
  const greatest = scale === 0 ? digits : `${digits.slice(0, precision - scale) || "0"}.${digits.slice(precision - scale)}`
  const step = scale === 0 ? "1" : `0.${"0".repeat(scale - 1)}1`
  return ["0", greatest, `-${greatest}`, step, `-${step}`]
}

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index)

/** Values at the ends of each type, and those that are easily mistaken. */
const extremes: Readonly<Record<DataType, (capabilities: DestinationCapabilities) => readonly Cell[]>> = {
  text: ({ supportsNulInText }) => [
    "",
    " ",
    "null",
    "NaN",
    'it\'s "quoted" \\ `so`',
    "a\tb\r\nc",
    "😀 日本 ñ \u{10ffff} \ufeff\u200b",
    "x".repeat(70_000),
    ...(supportsNulInText ? ["a\u0000b"] : []),
  ],
  bigint: () => [0, -1, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)],
  double: () => [0, 0.1, -1.5, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 2.2250738585072014e-308, 2 ** 53 + 2, 1e22, 5e-324],
  bool: () => [true, false],
  date: () => ["0001-01-01", "1582-10-10", "1969-12-31", "1970-01-01", "2000-02-29", "9999-12-31"],
  time: () => ["00:00:00", "00:00:00.000001", "12:30:00", "23:59:59.999999"],
  timestamp: () => [
    "0001-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999999Z",
    "1970-01-01T00:00:00Z",
    "2024-02-29T12:34:56.123456Z",
    "2024-03-31T02:30:00Z",
    "9999-12-31T23:59:59.999999Z",
  ],
  binary: () => [new Uint8Array(0), everyByte],
  json: () => ["{}", "[]", '{"a":{"b":[1,2.5,"x",null,true]},"é":"\\u0001 \\" \\\\"}', '"text"', "12", "true", "[[]]"],
  decimal: ({ decimal }) => decimals(decimal),
  wei: ({ wei }) => decimals(wei),
}

function roundTripCheck(dataType: DataType, format: PartFormat, hints: Partial<Column> = {}): DestinationCheck {
  const kind = hints.timezone === false ? `${dataType} without zone` : dataType
  return {
    concern: "types",
    name: `gives back every ${kind} as it came, from ${format}`,
    appliesTo: ({ partFormats }) => partFormats.includes(format),
    async check(fixture) {
      const session = await fixture.open()
      const table = defineTable("values", { n: "bigint", v: { data_type: dataType, ...hints } })
      const cells = extremes[dataType](fixture.destination.capabilities)
      const rows = [...cells, null].map((v, n) => ({ n, v }))
      await load(session, sealOf("1", [table], [await fixture.part(table, rows, format)]))
      await assertRows(fixture, session, table, rows)
    },
  }
}

const types = Object.keys(extremes) as readonly DataType[]

/** Every data type at its ends, and nulls. */
export const typeChecks: readonly DestinationCheck[] = [
  ...formats.flatMap((format) => [
    ...types.map((type) => roundTripCheck(type, format)),
    roundTripCheck("timestamp", format, { timezone: false }),
  ]),
  {
    concern: "types",
    name: "stores nulls in every type, also where a part brings no value at all for a column",
    appliesTo: () => true,
    async check(fixture) {
      const session = await fixture.open()
      const table = defineTable("sparse", { n: "bigint", ...Object.fromEntries(types.map((type) => [`c_${type}`, type])) })
      const full = Object.fromEntries(types.map((type) => [`c_${type}`, extremes[type](fixture.destination.capabilities)[1]]))
      const empty = Object.fromEntries(types.map((type) => [`c_${type}`, null]))
      const parts = [await fixture.part(table, [{ n: 1 }, { n: 2 }]), await fixture.part(table, [{ n: 3, ...full }, { n: 4 }])]
      await load(session, sealOf("1", [table], parts))
      await assertRows(fixture, session, table, [
        { n: 1, ...empty },
        { n: 2, ...empty },
        { n: 3, ...full },
        { n: 4, ...empty },
      ])
    },
  },
]
