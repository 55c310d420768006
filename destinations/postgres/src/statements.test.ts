import { planClear, planMerge, replaceStrategies } from "@lading/sql"
import { type MergeShape, mergeShapes } from "@lading/testkit"
import { expect, test } from "vitest"
import { postgresDialect } from "./dialect.ts"

const { quote } = postgresDialect

function merge({ root, nested, ...shape }: MergeShape): readonly string[] {
  return planMerge(postgresDialect, {
    ...shape,
    root: { table: root, target: quote(root.name), staging: quote("s1") },
    nested: nested.map((table) => ({ table, target: quote(table.name), staging: quote("s2") })),
    loadedAt: new Date("2024-05-01T10:00:00.123Z"),
    temporary: (purpose) => quote(`_lading_${purpose}`),
  }).map(({ sql }) => sql)
}

const statements = new Map([
  ...mergeShapes.map((shape) => [shape.name, merge(shape)] as const),
  ...replaceStrategies.map(
    (strategy) => [`replace, ${strategy}`, planClear(postgresDialect, quote("orders"), strategy).map(({ sql }) => sql)] as const,
  ),
])

test("the statements of every merge and replace strategy are these", async () => {
  const text = [...statements].map(([name, list]) => `-- ${name}\n${list.map((sql) => `${sql};\n`).join("")}`).join("\n")
  await expect(text).toMatchFileSnapshot("fixtures/statements.sql")
})

test("nothing is deleted or closed by a condition with OR", () => {
  const all = [...statements.values()].flat().filter((sql) => /^(DELETE|UPDATE)\b/.test(sql))
  expect(all.length).toBeGreaterThan(8)
  expect(all.filter((sql) => /\bOR\b/i.test(sql))).toEqual([])
})
