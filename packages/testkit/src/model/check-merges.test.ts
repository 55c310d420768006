import { expect, test } from "vitest"
import { checkMerges, checkScd2 } from "./check-merges.ts"
import type { ModelEngine, TextRow } from "./engine.ts"

/** Knows no merge: whatever comes stays. */
function appendingEngine(): ModelEngine {
  const tables = new Map<string, TextRow[]>()
  return {
    create: async (created) => created.forEach(({ name }) => void tables.set(name, [])),
    merge: async ({ rows }) => rows.forEach((more, name) => void tables.get(name)?.push(...more)),
    read: async ({ name }) => tables.get(name) ?? [],
  }
}

test.each([checkMerges, checkScd2])("a database that only appends is found out (%s)", async (check) => {
  await expect(check(appendingEngine(), { runs: 200, seed: 1 })).rejects.toThrow(/does|Property failed/)
})
