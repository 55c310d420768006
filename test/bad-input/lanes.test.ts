import { pipe } from "@lading/engine"
import { files } from "@lading/source-files"
import { describe, expect, it } from "vitest"
import { anyRejects, createTarget, expectAccounted } from "../cases/support/target.ts"
import { dump } from "./support/dump.ts"
import { loadLines, loadObjects, writeInput } from "./support/lanes.ts"

describe("the lanes agree on", () => {
  // Open: a line `null` is a row without values in the bytes lane (packages/core/src/normalize), while a null among objects is no row, as in dlt.
  it("rows that are null", async () => {
    const objects = await loadObjects([{ id: 1 }, null, { id: 2 }])
    const bytes = await loadLines('{"id":1}\nnull\n{"id":2}')
    expect(objects.receipt.tables["t"]).toMatchObject({ extracted: 3, filtered: 1, loaded: 2 })
    expect(bytes.receipt.tables).toEqual(objects.receipt.tables)
    expect(await dump(bytes.target.database)).toEqual(await dump(objects.target.database))
  })

  const lines = [
    '{"id":1,"i":9007199254740993,"d":1.0,"e":1e3,"big":123456789012345678901234567890,"z":-0,"huge":1e400,"l":[1.0,2]}',
    '{"id":2,"i":1,"d":2.0,"e":1E3,"__proto__":{"a":1},"":1}',
    '{"id":3,"i":1,"d":7,"e":1,"l":[]}',
  ].join("\n")

  it("rows that a cursor looks at, whole doubles included", async () => {
    const straight = await loadLines(lines)
    const target = createTarget(anyRejects)
    const path = writeInput("rows.ndjson", lines)
    const looked = await target.pipeline.run(files({ path, table: "t", incremental: { cursor: "id" } }))
    expectAccounted(looked)
    expect(looked.tables).toEqual(straight.receipt.tables)
    expect(await dump(target.database)).toEqual(await dump(straight.target.database))
    expect((await target.types("t"))["d"]).toBe("DOUBLE")
  })

  it("rows that go through a step which changes nothing, but that JavaScript has one type for 1 and 1.0", async () => {
    const straight = await loadLines(lines.replaceAll("1.0", "1").replaceAll("2.0", "2").replaceAll(/1e3/gi, "1000"))
    const target = createTarget(anyRejects)
    const stepped = await target.pipeline.run(pipe(files({ path: writeInput("rows.ndjson", lines), table: "t" })).map((row) => row))
    expectAccounted(stepped)
    expect(stepped.tables).toEqual(straight.receipt.tables)
    expect(await dump(target.database)).toEqual(await dump(straight.target.database))
  })
})
