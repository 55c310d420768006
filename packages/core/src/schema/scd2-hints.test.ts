import { describe, expect, it } from "vitest"
import { createNaming } from "../naming/convention.ts"
import { createLedger } from "../naming/ledger.ts"
import { capabilities, emptySchema } from "../normalize/fixtures/create-normalizer.ts"
import type { ResourceHints, Scd2Hint } from "../plugin/source.ts"
import { applyResourceHints } from "./hints.ts"
import type { SchemaDocument } from "./model.ts"

const scd2: Scd2Hint = { disposition: "merge", strategy: "scd2" }

function apply(hints: ResourceHints, document: SchemaDocument = emptySchema()) {
  const naming = createNaming("snake_case", undefined)
  return applyResourceHints(document, "t", hints, { naming, ledger: createLedger([], naming), capabilities })
}

describe("the hints of an scd2 merge", () => {
  it("are stored as dlt stores them", () => {
    expect(apply({ writeDisposition: scd2 }).table).toEqual({
      name: "t",
      resource: "t",
      write_disposition: "merge",
      "x-merge-strategy": "scd2",
      columns: {
        _dlt_valid_from: { name: "_dlt_valid_from", data_type: "timestamp", nullable: true, "x-valid-from": true },
        _dlt_valid_to: {
          name: "_dlt_valid_to",
          data_type: "timestamp",
          nullable: true,
          "x-valid-to": true,
          "x-active-record-timestamp": null,
        },
        _dlt_id: { name: "_dlt_id", nullable: false, "x-row-version": true, unique: false, row_key: false },
      },
    })
  })

  it("take names, moments and a version column of the user's, with names normalized", () => {
    const { table } = apply({
      writeDisposition: {
        ...scd2,
        validityColumnNames: ["Valid From", "until"],
        activeRecordTimestamp: "9999-12-31",
        boundaryTimestamp: new Date("2024-05-01T10:00:00Z"),
        rowVersionColumnName: "Version",
      },
    })
    expect(table["x-boundary-timestamp"]).toBe("2024-05-01T10:00:00.000Z")
    expect(Object.keys(table.columns)).toEqual(["valid_from", "until", "version"])
    expect(table.columns["until"]).toMatchObject({ "x-active-record-timestamp": "9999-12-31" })
    expect(table.columns["version"]).toMatchObject({ "x-row-version": true, nullable: false })
  })

  it("of an earlier setting do not stay behind", () => {
    const document = emptySchema()
    apply(
      { writeDisposition: { ...scd2, boundaryTimestamp: "2024-01-01", validityColumnNames: ["a", "b"], rowVersionColumnName: "c" } },
      document,
    )
    const { table } = apply({ writeDisposition: scd2 }, document)
    expect(table["x-boundary-timestamp"]).toBeUndefined()
    const marked = Object.values(table.columns).filter((column) => Object.keys(column).some((key) => key.startsWith("x-")))
    expect(marked.map(({ name }) => name)).toEqual(["_dlt_valid_from", "_dlt_valid_to", "_dlt_id"])
  })

  it("go when the table is merged by key or appended to, and its row ids are ids again", () => {
    const document = emptySchema()
    apply({ writeDisposition: scd2 }, document)
    const { table } = apply({ writeDisposition: "append" }, document)
    expect(table.columns["_dlt_id"]).toEqual({ name: "_dlt_id", nullable: false, unique: true, row_key: true })
    expect(table.columns["_dlt_valid_to"]).toEqual({ name: "_dlt_valid_to", data_type: "timestamp", nullable: true })
  })

  it.each(["yesterday", "10:00", "", new Date("never")])("refuse a moment that is none: %s", (moment) => {
    expect(() => apply({ writeDisposition: { ...scd2, boundaryTimestamp: moment } })).toThrow(
      expect.objectContaining({ code: "invalid-timestamp", message: expect.stringContaining("boundaryTimestamp") }),
    )
  })

  it("warn of hints that are not looked at, and of increments without a merge key", () => {
    const incremental = { cursor: "at" }
    expect(apply({ writeDisposition: scd2, columns: { gone: { hardDelete: true } } }).warnings.join()).toMatch(/gone/)
    expect(apply({ writeDisposition: scd2, incremental }).warnings.join()).toMatch(/merge key/)
    expect(apply({ writeDisposition: scd2, incremental, mergeKey: "id" }).warnings).toEqual([])
  })
})
