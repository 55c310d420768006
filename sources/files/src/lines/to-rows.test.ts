import { expect, it } from "vitest"
import { toRows } from "./to-rows.ts"

it("keeps integers beyond 2^53 and gives batches of at most 4,096 rows", () => {
  const text = Array.from({ length: 5000 }, (_, id) => `{"id":${id},"n":9007199254740993}`).join("\n")
  const batch = { kind: "json-lines", bytes: Buffer.from(text), origin: { name: "a", line: 3 } } as const
  const found = [...toRows(batch, undefined, { fileColumn: undefined, lineColumn: "line" })]
  expect(found.map((part) => part.kind === "rows" && [part.rows.length, part.origin?.line])).toEqual([
    [4096, 3],
    [904, 4099],
  ])
  expect(found[1]?.kind === "rows" && found[1].rows[0]).toEqual({ id: 4096, n: 9007199254740993n, line: 4099 })
})
