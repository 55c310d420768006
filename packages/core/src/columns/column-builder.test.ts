import { describe, expect, it } from "vitest"
import type { DataType } from "../schema/model.ts"
import { ColumnBuilder } from "./column-builder.ts"
import { readBatch } from "./read-batch.ts"

const rows = 5_000
const cases: readonly (readonly [DataType, (builder: ColumnBuilder, row: number) => void, (row: number) => unknown])[] = [
  ["bigint", (builder, row) => builder.pushInteger(row, row * 1e9 - 7), (row) => row * 1e9 - 7],
  ["bigint", (builder, row) => builder.pushBigInteger(row, 2n ** 62n + BigInt(row)), (row) => 2n ** 62n + BigInt(row)],
  ["double", (builder, row) => builder.pushDouble(row, row / 3), (row) => row / 3],
  ["bool", (builder, row) => builder.pushBoolean(row, row % 3 === 0), (row) => row % 3 === 0],
  ["date", (builder, row) => builder.pushDays(row, row - 100), (row) => row - 100],
  ["text", (builder, row) => builder.pushBytes(row, new TextEncoder().encode(`v${row}`), 0, `v${row}`.length), (row) => `v${row}`],
]

/** Every third row is left out, so that values and rows part ways. */
const hasValue = (row: number): boolean => row % 3 !== 1

describe("a column builder", () => {
  it.each(cases)("gives back every %s value in its row, through all growth of its arrays", (type, push, expected) => {
    const builder = new ColumnBuilder("c", type, true)
    for (let row = 0; row < rows; row++) if (hasValue(row)) push(builder, row)
    const values = readBatch({ table: "t", rowCount: rows, columns: [builder.take(rows)] }).map((row) => row["c"])
    expect(values).toEqual(Array.from({ length: rows }, (_, row) => (hasValue(row) ? expected(row) : undefined)))
  })

  it.each(cases)("takes back %s values of the newest rows and goes on", (type, push, expected) => {
    const builder = new ColumnBuilder("c", type, true)
    for (let row = 0; row < 300; row++) if (hasValue(row)) push(builder, row)
    builder.rollbackTo(200)
    for (let row = 200; row < 250; row++) push(builder, row)
    const values = readBatch({ table: "t", rowCount: 250, columns: [builder.take(250)] }).map((row) => row["c"])
    expect(values).toEqual(Array.from({ length: 250 }, (_, row) => (row >= 200 || hasValue(row) ? expected(row) : undefined)))
  })

  it("is empty after its values were taken, and starts again at row 0", () => {
    const builder = new ColumnBuilder("c", "text", true)
    builder.pushBytes(0, new TextEncoder().encode("first"), 0, 5)
    builder.take(1)
    builder.pushBytes(0, new TextEncoder().encode("second"), 0, 6)
    expect(readBatch({ table: "t", rowCount: 1, columns: [builder.take(1)] })).toEqual([{ c: "second" }])
  })
})
