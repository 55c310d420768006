import { resource } from "@lading/engine"
import { describe, expect, it } from "vitest"
import { createTarget, inputFile, type Target } from "./support/target.ts"

async function ids(target: Target): Promise<unknown[]> {
  return (await target.read("select id from t order by id")).map(({ id }) => id)
}

/** A cursor value of the receipt as an instant in ISO form. */
function instant(value: unknown): string {
  return typeof value === "bigint" ? new Date(Number(value / 1000n)).toISOString() : new Date(String(value)).toISOString()
}

describe("inc-ties (airbytehq/airbyte#14732)", () => {
  it.each([
    ["with a primary key", { primaryKey: "id" }],
    ["without a key", {}],
  ])("rows that tie with the last cursor value are loaded once each, %s", async (_, key) => {
    const target = createTarget()
    const load = (part: number) =>
      target.pipeline.run(inputFile(`inc-ties.${part}.ndjson`, { name: "t", table: "t", incremental: { cursor: "updated_at" }, ...key }))
    await load(1)
    expect(await ids(target)).toEqual([1, 2, 3])
    await load(2)
    expect(await ids(target)).toEqual([1, 2, 3, 4, 5, 6])
    const receipt = await load(2)
    expect(await ids(target)).toEqual([1, 2, 3, 4, 5, 6])
    expect(instant(receipt.cursors["t"])).toBe("2024-01-04T00:00:00.000Z")
  })
})

describe("inc-late-commit (dlt-hub/dlt#2269)", () => {
  const load = (target: Target, part: number, hints: Parameters<typeof inputFile>[1]) =>
    target.pipeline.run(inputFile(`inc-late.${part}.ndjson`, { name: "t", table: "t", ...hints }))

  it("(a) a merge with a lag picks up a row that was committed late, and loads none twice", async () => {
    const target = createTarget()
    const hints = { writeDisposition: "merge", primaryKey: "id", incremental: { cursor: "created", lag: 60 } } as const
    for (const part of [1, 2, 2]) {
      const receipt = await load(target, part, hints)
      expect(instant(receipt.cursors["t"])).toBe(part === 1 ? "2023-09-14T21:45:00.000Z" : "2023-09-14T21:46:00.000Z")
      expect(await ids(target)).toEqual(part === 1 ? [1, 2] : [1, 2, 3, 4])
    }
  })

  it("(b) an append with a lag picks it up, too; that it repeats rows is told before it happens", async () => {
    const target = createTarget()
    const hints = { incremental: { cursor: "created", lag: 60 } } as const
    const first = await load(target, 1, hints)
    const receipt = await load(target, 2, hints)
    expect(new Set(await ids(target))).toEqual(new Set([1, 2, 3, 4]))
    expect(instant(receipt.cursors["t"])).toBe("2023-09-14T21:46:00.000Z")
    expect(first.warnings.join("\n")).toMatch(/lag/)
  })

  it("(c) without a lag it is left out, and counted where it can be seen", async () => {
    const target = createTarget()
    const hints = { incremental: { cursor: "created" } } as const
    await load(target, 1, hints)
    const receipt = await load(target, 2, hints)
    expect(await ids(target)).toEqual([1, 2, 4])
    expect(receipt.tables["t"]).toMatchObject({ extracted: 4, filtered: 2, deduplicated: 1, loaded: 1 })
    const again = await load(target, 2, hints)
    expect(await ids(target)).toEqual([1, 2, 4])
    expect(instant(again.cursors["t"])).toBe("2023-09-14T21:46:00.000Z")
  })
})

// Under other time zones of the process: test/e2e/cases-zones.test.ts.
describe("inc-offset-strings (airbytehq/airbyte#7962)", () => {
  it("cursor values with different offsets are compared as instants", async () => {
    const target = createTarget()
    const load = (part: number) =>
      target.pipeline.run(inputFile(`inc-offsets.${part}.ndjson`, { name: "t", table: "t", incremental: { cursor: "updated_at" } }))
    const first = await load(1)
    expect(await ids(target)).toEqual([1, 2])
    expect(instant(first.cursors["t"])).toBe("2023-03-01T17:00:00.000Z")
    const second = await load(2)
    expect(await ids(target)).toEqual([1, 2, 3, 4])
    expect(instant(second.cursors["t"])).toBe("2023-03-01T18:00:00.000Z")
    expect(second.tables["t"]).toMatchObject({ extracted: 5, loaded: 2, deduplicated: 1, filtered: 2 })
    expect(await target.types("t")).toEqual({ id: "BIGINT", updated_at: "TIMESTAMP WITH TIME ZONE" })
  })
})

// The case reads Postgres; what the cursor does with rows without a value is the same for every source.
describe("inc-null-cursor-sql (dlt-hub/dlt#1935), rows instead of a Postgres table", () => {
  const before = [
    { id: 1, closed: "2021-06-07T15:00:00Z" },
    { id: 2, closed: null },
    { id: 3, closed: "2021-06-07T15:30:00Z" },
  ]
  const after = [before[0], { id: 2, closed: "2021-06-07T16:00:00Z" }, before[2], { id: 4, closed: null }]
  const visits = (rows: readonly unknown[], onMissing: "include" | "exclude" | "raise") =>
    resource("t", { primaryKey: "id", writeDisposition: "merge", incremental: { cursor: "closed", onMissing } }, [rows])

  it("included rows are loaded every time, and a value that is filled in later arrives", async () => {
    const target = createTarget()
    await target.pipeline.run(visits(before, "include"))
    expect(await ids(target)).toEqual([1, 2, 3])
    const receipt = await target.pipeline.run(visits(after, "include"))
    expect(await target.read("select id, closed::varchar as closed from t where id in (2, 4) order by id")).toEqual([
      { id: 2, closed: "2021-06-07 16:00:00+00" },
      { id: 4, closed: null },
    ])
    expect(instant(receipt.cursors["t"])).toBe("2021-06-07T16:00:00.000Z")
  })

  it("excluded rows are counted as filtered", async () => {
    const target = createTarget()
    expect((await target.pipeline.run(visits(before, "exclude"))).tables["t"]).toMatchObject({ extracted: 3, filtered: 1, loaded: 2 })
    await target.pipeline.run(visits(after, "exclude"))
    expect(await ids(target)).toEqual([1, 2, 3])
  })

  it("by default such a row stops the run with an error that names column and key, and nothing is committed", async () => {
    const target = createTarget()
    const run = target.pipeline.run(visits(before, "raise"))
    await expect(run).rejects.toMatchObject({ code: "cursor-missing", message: expect.stringMatching(/closed.*id 2/) })
    expect(await target.read("select count(*) as n from information_schema.tables where table_name = 't'")).toEqual([{ n: 0 }])
  })
})
