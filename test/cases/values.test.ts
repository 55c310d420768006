import { resource } from "@lading/engine"
import { describe, expect, it } from "vitest"
import { jsValues } from "./support/js-values.ts"
import { anyRejects, createTarget, expectAccounted } from "./support/target.ts"

// Of the outcomes the case allows we take: a Date that holds no time (row 2) rejects its row with `invalid-date`, as a function does (row 5);
// an integer beyond 64 bits (row 4) goes exactly to the variant column of wide integers.
describe("js-values (duckdb/duckdb-node-neo#69)", () => {
  it("values of a JavaScript program arrive exactly, or their row is rejected with a code", async () => {
    const target = createTarget(anyRejects)
    const receipt = await target.pipeline.run(resource("v", { table: "v" }, await jsValues()))
    expectAccounted(receipt)
    expect(receipt.tables["v"]).toMatchObject({ extracted: 5, loaded: 3, rejected: 2 })
    expect(await target.types("v")).toEqual({
      ...{ id: "BIGINT", n: "DECIMAL(38,0)", at: "TIMESTAMP WITH TIME ZONE", raw: "BLOB", f: "DOUBLE", m__k: "BIGINT" },
    })
    const rest = { raw: null, m__k: null }
    expect(await target.read('select id, n::varchar as n, "at"::varchar as "at", raw, f, m__k from v order by id')).toEqual([
      { id: 1, n: "9007199254740993", at: "2024-12-16 10:00:00.123+00", raw: new Uint8Array([0, 255, 18]), f: 1.5, m__k: 1 },
      { id: 3, n: "9223372036854775807", at: null, f: null, ...rest },
      { id: 4, n: "18446744073709551616", at: "0001-01-01 00:00:00+00", f: -0, ...rest },
    ])
    expect(
      await target.read("select v.id, t.value from v__tags t join v on v._dlt_id = t._dlt_parent_id order by t._dlt_list_idx"),
    ).toEqual([
      { id: 1, value: "a" },
      { id: 1, value: "b" },
    ])
    expect(await target.read("select ordinal, code, pointer from _lading_rejects order by ordinal")).toEqual([
      { ordinal: 1, code: "invalid-date", pointer: "/at" },
      { ordinal: 4, code: "unsupported-value", pointer: "/bad" },
    ])
    expect(receipt.warnings).toEqual(["1 values were not finite numbers and became null"])
  })
})
