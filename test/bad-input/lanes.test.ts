import { pipe } from "@lading/engine"
import { files } from "@lading/source-files"
import { describe, expect, it } from "vitest"
import { anyRejects, createTarget, expectAccounted } from "../cases/support/target.ts"
import { dump } from "./support/dump.ts"
import { loadLines, loadObjects, writeInput } from "./support/lanes.ts"

describe("the lanes agree on", () => {
  it("rows that are null", async () => {
    const objects = await loadObjects([{ id: 1 }, null, { id: 2 }])
    const bytes = await loadLines('{"id":1}\nnull\n{"id":2}')
    expect(objects.receipt.tables["t"]).toMatchObject({ extracted: 3, filtered: 1, loaded: 2 })
    expect(bytes.receipt.tables).toEqual(objects.receipt.tables)
    expect(await dump(bytes.target.database)).toEqual(await dump(objects.target.database))
  })

  it("rows that go through a step which changes nothing, numbers included", async () => {
    const lines = [
      '{"id":1,"i":9007199254740993,"d":1.0,"e":1e3,"big":123456789012345678901234567890,"z":-0,"huge":1e400,"l":[1.0,2]}',
      '{"id":2,"i":1,"d":2.5,"e":1E-3,"__proto__":{"a":1},"":1}',
    ].join("\n")
    const straight = await loadLines(lines)
    const target = createTarget(anyRejects)
    const stepped = await target.pipeline.run(pipe(files({ path: writeInput("rows.ndjson", lines), table: "t" })).map((row) => row))
    expectAccounted(stepped)
    expect(stepped.tables).toEqual(straight.receipt.tables)
    expect(await dump(target.database)).toEqual(await dump(straight.target.database))
  })
})
