import { describe, expect, it } from "vitest"
import { readBatch } from "../columns/read-batch.ts"
import { createNormalizer } from "../normalize/fixtures/create-normalizer.ts"
import type { ResourceHints } from "../plugin/source.ts"
import { createSchema } from "../schema/create.ts"
import { resolveContract } from "./contract.ts"

type Contract = NonNullable<ResourceHints["contract"]>

/** Loads `first` without a contract, then `second` under one; gives what the second load made. */
function loadUnder(contract: Contract, first: readonly unknown[], second: readonly unknown[]) {
  const { normalizer: before, target } = createNormalizer()
  before.pushRows(target, first)
  before.takeBatches(0)
  const { normalizer, target: next } = createNormalizer({ contract }, true, { schema: before.schema })
  normalizer.pushRows(next, second)
  const rows = Object.fromEntries(normalizer.takeBatches(0).map((batch) => [batch.table, readBatch(batch).map(withoutSystem)]))
  return {
    rows,
    rejects: normalizer.takeRejects().map(({ ordinal, code, pointer, value }) => ({ ordinal, code, pointer, value })),
    rejected: next.rejected,
  }
}

function withoutSystem(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !key.startsWith("_dlt_")))
}

const known = [{ id: 1, v: 1 }]
const withNewColumn = [
  { id: 2, v: 2 },
  { id: 3, new: 5 },
  { id: 4, new: null },
  { id: 5, v: null },
]
const withOtherType = [{ id: 2, v: "x" }, { id: 3, v: "5" }, { id: 4 }]

describe("a contract on columns", () => {
  it("discards the rows that bring a new one, and keeps them as rejects", () => {
    const { rows, rejects, rejected } = loadUnder({ columns: "discard_row" }, known, withNewColumn)
    expect(rows["t"]).toEqual([{ id: 2, v: 2 }, { id: 4 }, { id: 5 }])
    expect(rejects).toEqual([{ ordinal: 1, code: "contract-column", pointer: "/new", value: '{"id":3,"new":5}' }])
    expect(rejected).toBe(1)
  })

  it("discards only the value, and keeps it as a reject", () => {
    const { rows, rejects, rejected } = loadUnder({ columns: "discard_value" }, known, withNewColumn)
    expect(rows["t"]).toEqual([{ id: 2, v: 2 }, { id: 3 }, { id: 4 }, { id: 5 }])
    expect(rejects).toEqual([{ ordinal: 1, code: "contract-column", pointer: "/new", value: "5" }])
    expect(rejected).toBe(0)
  })

  it("fails under freeze, naming table, column and row", () => {
    expect(() => loadUnder({ columns: "freeze" }, known, withNewColumn)).toThrow(
      expect.objectContaining({
        code: "contract-violation",
        details: expect.objectContaining({ table: "t", column: "new", entity: "columns", ordinal: 1 }),
      }),
    )
  })

  it("does not bind a table that is new in this load, whatever the order of its rows", () => {
    const { normalizer, target } = createNormalizer({ contract: { columns: "freeze" } })
    normalizer.pushRows(target, [
      { id: 1, l: [{ a: 1 }, { a: 2, b: 3 }] },
      { id: 2, later: true },
    ])
    expect(Object.keys(normalizer.schema.tables["t__l"]?.columns ?? {})).toContain("b")
  })

  it("drops a nested row alone, with the rows below it", () => {
    const first = [{ id: 1, l: [{ a: 1, m: [1] }] }]
    const { rows, rejects } = loadUnder({ columns: "discard_row" }, first, [
      { id: 2, l: [{ a: 2 }, { a: 3, b: 4, m: [9] }, { a: 5, m: [7] }] },
    ])
    expect(rows).toEqual({ t: [{ id: 2 }], t__l: [{ a: 2 }, { a: 5 }], t__l__m: [{ value: 7 }] })
    expect(rejects).toMatchObject([{ code: "contract-column", pointer: "/l/1/b" }])
  })

  it("takes a known list that is null for what it is", () => {
    expect(loadUnder({ columns: "freeze" }, [{ id: 1, parts: [{ a: 1 }] }], [{ id: 2, parts: null }]).rows["t"]).toEqual([{ id: 2 }])
  })
})

describe("a contract on types", () => {
  it.each([
    ["discard_row", [{ id: 3, v: 5 }, { id: 4 }]],
    ["discard_value", [{ id: 2 }, { id: 3, v: 5 }, { id: 4 }]],
  ] as const)("under %s keeps what can be coerced", (mode, expected) => {
    expect(loadUnder({ dataType: mode }, known, withOtherType).rows["t"]).toEqual(expected)
  })

  it("under freeze fails on a variant, also in a new table", () => {
    expect(() => loadUnder({ dataType: "freeze" }, known, withOtherType)).toThrow(expect.objectContaining({ code: "contract-violation" }))
    expect(() => loadUnder({ dataType: "freeze" }, [], [{ v: 1 }, { v: "x" }])).toThrow(
      expect.objectContaining({ code: "contract-violation" }),
    )
  })

  it("does not widen a known column", () => {
    expect(loadUnder({ dataType: "discard_value" }, known, [{ id: 2, v: 0.5 }]).rows["t"]).toEqual([{ id: 2 }])
  })
})

describe("a contract on tables", () => {
  it.each(["discard_row", "discard_value"] as const)("under %s drops a new list and keeps its parent", (mode) => {
    const { rows, rejects } = loadUnder({ tables: mode }, known, [{ id: 2, l: [{ a: 1 }] }])
    expect(rows).toEqual({ t: [{ id: 2 }] })
    expect(rejects).toEqual([{ ordinal: 0, code: "contract-table", pointer: "/l", value: '[{"a":1}]' }])
  })

  it("under freeze fails on a new list", () => {
    expect(() => loadUnder({ tables: "freeze" }, known, [{ id: 2, l: [1] }])).toThrow(
      expect.objectContaining({ code: "contract-violation" }),
    )
  })
})

describe("the contract of a table", () => {
  it("takes each entity from the nearest level that names it", () => {
    const schema = createSchema("s")
    schema.settings.schema_contract = { tables: "freeze", columns: "freeze", data_type: "discard_row" }
    schema.tables["t"] = { name: "t", columns: {}, schema_contract: { columns: "evolve" } }
    schema.tables["t__l"] = { name: "t__l", parent: "t", columns: {}, schema_contract: { tables: "evolve" } }
    expect(resolveContract(schema, schema.tables["t__l"])).toEqual({ tables: "evolve", columns: "evolve", data_type: "discard_row" })
  })
})
