import type { PartFormat, TableBatch } from "@lading/core"
import { expect, test } from "vitest"
import { chooseFormat, encodePart } from "./encode-part.ts"

const batch: TableBatch = {
  table: "t",
  rowCount: 1,
  columns: [
    { name: "a", dataType: "bool", timezone: true, valueCount: 1, validity: undefined, vector: { kind: "bool", values: Uint8Array.of(1) } },
  ],
}

test.each<readonly [readonly PartFormat[], PartFormat]>([
  [["parquet", "ndjson"], "parquet"],
  [["copy-text", "ndjson"], "copy-text"],
  [["avro" as PartFormat, "ndjson"], "ndjson"],
])("of %j a package is written as %s", (formats, format) => {
  expect(chooseFormat(formats)).toBe(format)
})

test("a destination that reads nothing that can be written is refused", () => {
  expect(() => chooseFormat(["avro" as PartFormat])).toThrow(expect.objectContaining({ code: "unsupported-part-format" }))
})

test("each format has its own bytes", () => {
  const textOf = (format: PartFormat) => Buffer.concat(encodePart(format, batch)).toString("latin1")
  expect(textOf("copy-text")).toBe("t\n")
  expect(textOf("ndjson")).toBe('{"a":true}\n')
  expect(textOf("parquet")).toMatch(/^PAR1/)
})
