import { describe, expect, it } from "vitest"
import { createTarget, inputFile } from "./support/target.ts"

describe("contract-freeze-null-nested (dlt-hub/dlt#3183)", () => {
  it("with columns frozen a known list that is null passes, and a new column fails the run with its place and commits nothing", async () => {
    const target = createTarget()
    const load = (part: number, contract?: { columns: "freeze" }) =>
      target.pipeline.run(inputFile(`contract-null-nested.${part}.ndjson`, { table: "t", ...(contract === undefined ? {} : { contract }) }))
    const counts = async (): Promise<unknown> =>
      (await target.read("select (select count(*) from t) as t, (select count(*) from t__parts) as parts"))[0]

    await load(1)
    const columns = await target.columns("t")
    const second = await load(2, { columns: "freeze" })
    expect(second.schemaChanges).toEqual([])
    expect(await counts()).toEqual({ t: 4, parts: 1 })
    expect(await target.columns("t")).toEqual(columns)

    const third = load(3, { columns: "freeze" })
    await expect(third).rejects.toMatchObject({
      code: "contract-violation",
      details: {
        table: "t",
        column: "z",
        entity: "columns",
        mode: "freeze",
        line: 2,
        key: { id: 6 },
        origin: expect.stringContaining("contract-null-nested.3"),
      },
    })
    expect(await target.read("select id from t where id >= 5")).toEqual([])

    expect((await load(2, { columns: "freeze" })).status).toBe("committed")
    expect(await counts()).toEqual({ t: 7, parts: 1 })
  })
})
