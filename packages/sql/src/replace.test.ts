import { expect, test } from "vitest"
import type { Dialect } from "./dialect.ts"
import { quoteWithDoubleQuotes } from "./identifiers.ts"
import { planClear, replaceStrategies } from "./replace.ts"

const dialect: Dialect = {
  name: "test",
  quote: quoteWithDoubleQuotes,
  fold: (name) => name,
  columnType: () => "TEXT",
  isWidening: () => false,
  cast: (expression) => expression,
  alterType: () => "",
  arrivalOrder: undefined,
}
const truncating: Dialect = { ...dialect, hasTruncate: true, lock: (table, against) => `LOCK ${table} AGAINST ${against}` }

test("a database without locks and TRUNCATE deletes, and drops what makes place", () => {
  expect(replaceStrategies.map((strategy) => planClear(dialect, "T", strategy).map(({ sql }) => sql))).toEqual([
    ["DELETE FROM T"],
    ["DELETE FROM T"],
    ["SELECT count(*) AS total FROM T", "DROP TABLE T"],
  ])
})

test("a table is locked before it is emptied, against readers where they would see it empty", () => {
  expect(replaceStrategies.map((strategy) => planClear(truncating, "T", strategy).map(({ sql }) => sql))).toEqual([
    ["LOCK T AGAINST everybody", "SELECT count(*) AS total FROM T", "TRUNCATE TABLE T"],
    ["LOCK T AGAINST writers", "DELETE FROM T"],
    ["LOCK T AGAINST everybody", "SELECT count(*) AS total FROM T", "DROP TABLE T"],
  ])
})

test.each(replaceStrategies)("exactly one statement says how many rows went (%s)", (strategy) => {
  for (const one of [dialect, truncating]) expect(planClear(one, "T", strategy).filter(({ gives }) => gives !== undefined)).toHaveLength(1)
})
