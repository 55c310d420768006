import type { MergeStrategy, Table } from "@lading/core"
import { describe, expect, test } from "vitest"
import type { Dialect } from "./dialect.ts"
import { quoteWithDoubleQuotes } from "./identifiers.ts"
import { planMerge } from "./merge.ts"
import type { MergeStatement } from "./merge-chain.ts"

const dialect: Dialect = {
  name: "test",
  quote: quoteWithDoubleQuotes,
  fold: (name) => name.toLowerCase(),
  columnType: () => "TEXT",
  isWidening: () => false,
  cast: (expression) => expression,
  alterType: () => "",
  arrivalOrder: "arrival",
}

const orders: Table = {
  name: "orders",
  columns: {
    id: { name: "id", data_type: "bigint", primary_key: true },
    at: { name: "at", data_type: "timestamp", dedup_sort: "desc" },
    gone: { name: "gone", data_type: "bool", hard_delete: true },
    _dlt_id: { name: "_dlt_id", data_type: "text", row_key: true },
    pending: { name: "pending" },
  },
}
const lines: Table = {
  name: "lines",
  parent: "orders",
  columns: {
    _dlt_root_id: { name: "_dlt_root_id", data_type: "text", root_key: true },
    _dlt_id: { name: "_dlt_id", data_type: "text", row_key: true },
  },
}
const plain = (columns: Table["columns"]): Table => ({
  name: "orders",
  columns: { ...columns, _dlt_id: { name: "_dlt_id", data_type: "text", row_key: true } },
})

function plan(
  strategy: MergeStrategy,
  root: Table,
  nested: readonly Table[] = [],
  more: { isDeduplicated?: boolean; staged?: boolean; replacesRows?: boolean } = {},
): readonly string[] {
  return merges(strategy, nested, { ...more, root }).map(({ sql }) => sql)
}

function merges(
  strategy: MergeStrategy,
  nested: readonly Table[],
  more: { root?: Table; isDeduplicated?: boolean; staged?: boolean; replacesRows?: boolean } = {},
): readonly MergeStatement[] {
  return planMerge(dialect, {
    root: { table: more.root ?? orders, target: "T", staging: "S" },
    nested: nested.map((table) => ({ table, target: "N", staging: more.staged === false ? undefined : "NS" })),
    strategy,
    isDeduplicated: more.isDeduplicated ?? false,
    replacesRows: more.replacesRows ?? false,
    loadedAt: new Date(0),
    temporary: (purpose) => `tmp_${purpose}`,
  })
}

const ranked = `(SELECT *, ROW_NUMBER() OVER (PARTITION BY "id" ORDER BY "at" DESC NULLS LAST, arrival) AS "_lading_rank" FROM S) AS s`
const live = `s."_lading_rank" = 1 AND (s."gone" IS NOT TRUE)`
const rootColumns = `"id", "at", "gone", "_dlt_id"`
const insertRoot = `INSERT INTO T (${rootColumns})\nSELECT s."id", s."at", s."gone", s."_dlt_id" FROM ${ranked} WHERE ${live}`
const insertLines = `INSERT INTO N ("_dlt_root_id", "_dlt_id")\nSELECT s."_dlt_root_id", s."_dlt_id" FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY arrival) AS "_lading_rank" FROM NS) AS s WHERE s."_lading_rank" = 1 AND s."_dlt_root_id" IN (SELECT "_dlt_id" FROM tmp_survivors)`
const mixed = `SELECT 1 FROM NS AS s JOIN (SELECT "_dlt_id", count(*) AS "_lading_versions" FROM S WHERE "_dlt_id" IN (SELECT "_dlt_id" FROM tmp_survivors) GROUP BY "_dlt_id" HAVING count(*) > 1) AS r ON s."_dlt_root_id" = r."_dlt_id"
GROUP BY r."_lading_versions", s."_dlt_root_id", s."_dlt_id" HAVING count(*) <> r."_lading_versions" LIMIT 1`

describe("delete-insert", () => {
  test("of one table deletes by key, then inserts the surviving rows", () => {
    expect(plan("delete-insert", orders)).toEqual([
      `DELETE FROM T AS d WHERE EXISTS (SELECT 1 FROM S AS s WHERE d."id" = s."id")`,
      insertRoot,
    ])
  })

  test("of a chain deletes nested rows first and inserts only what belongs to surviving root rows", () => {
    expect(plan("delete-insert", orders, [lines])).toEqual([
      `CREATE TEMPORARY TABLE tmp_matched AS SELECT d."_dlt_id" FROM T AS d WHERE EXISTS (SELECT 1 FROM S AS s WHERE d."id" = s."id")`,
      `DELETE FROM N WHERE "_dlt_root_id" IN (SELECT "_dlt_id" FROM tmp_matched)`,
      `DELETE FROM T WHERE "_dlt_id" IN (SELECT "_dlt_id" FROM tmp_matched)`,
      `CREATE TEMPORARY TABLE tmp_survivors AS SELECT s."_dlt_id" FROM ${ranked} WHERE ${live}`,
      insertRoot,
      insertLines,
      `DROP TABLE tmp_matched`,
      `DROP TABLE tmp_survivors`,
    ])
  })

  test("has a delete for each key group instead of an OR", () => {
    const both = plain({ a: { name: "a", data_type: "bigint", primary_key: true }, b: { name: "b", data_type: "bigint", merge_key: true } })
    const deletes = plan("delete-insert", both).filter((sql) => sql.startsWith("DELETE"))
    expect(deletes).toEqual([
      `DELETE FROM T AS d WHERE EXISTS (SELECT 1 FROM S AS s WHERE d."a" = s."a")`,
      `DELETE FROM T AS d WHERE EXISTS (SELECT 1 FROM S AS s WHERE d."b" = s."b")`,
    ])
    expect(plan("delete-insert", both, [lines]).join("\n")).not.toMatch(/\bOR\b/)
  })

  test("with a merge key only keeps equal rows, but each row key once where there are nested tables", () => {
    const grouped = plain({ a: { name: "a", data_type: "bigint", merge_key: true } })
    expect(plan("delete-insert", grouped).at(-1)).toBe(`INSERT INTO T ("a", "_dlt_id")\nSELECT s."a", s."_dlt_id" FROM S AS s WHERE TRUE`)
    expect(plan("delete-insert", grouped, [lines]).join("\n")).toContain(`PARTITION BY "_dlt_id" ORDER BY arrival`)
  })

  test("of rows known to be unique ranks nothing", () => {
    expect(plan("delete-insert", orders, [lines], { isDeduplicated: true }).join("\n")).not.toContain("ROW_NUMBER")
  })

  test("without any key deletes nothing", () => {
    const keyless = plain({ a: { name: "a", data_type: "bigint" } })
    expect(plan("delete-insert", keyless)).toEqual([`INSERT INTO T ("a", "_dlt_id")\nSELECT s."a", s."_dlt_id" FROM S AS s WHERE TRUE`])
  })
})

test("upsert of a chain deletes flagged rows, merges the live ones, and replaces the nested rows of both", () => {
  expect(plan("upsert", orders, [lines], { staged: true })).toEqual([
    `CREATE TEMPORARY TABLE tmp_matched AS SELECT d."_dlt_id" FROM T AS d WHERE EXISTS (SELECT 1 FROM S AS s WHERE d."id" = s."id")`,
    `DELETE FROM N WHERE "_dlt_root_id" IN (SELECT "_dlt_id" FROM tmp_matched)`,
    `CREATE TEMPORARY TABLE tmp_survivors AS SELECT s."_dlt_id" FROM ${ranked} WHERE ${live}`,
    mixed,
    `DELETE FROM T AS d WHERE EXISTS (SELECT 1 FROM ${ranked} WHERE s."_lading_rank" = 1 AND s."gone" IS TRUE AND d."id" = s."id")`,
    `MERGE INTO T AS d USING (SELECT ${rootColumns} FROM ${ranked} WHERE ${live}) AS s ON d."id" = s."id"
WHEN MATCHED THEN UPDATE SET "id" = s."id", "at" = s."at", "gone" = s."gone", "_dlt_id" = s."_dlt_id"
WHEN NOT MATCHED THEN INSERT (${rootColumns}) VALUES (s."id", s."at", s."gone", s."_dlt_id")`,
    insertLines,
    `DROP TABLE tmp_matched`,
    `DROP TABLE tmp_survivors`,
  ])
})

test("upsert may replace whole rows instead of updating them", () => {
  expect(plan("upsert", orders, [], { replacesRows: true })).toEqual([
    `DELETE FROM T AS d WHERE EXISTS (SELECT 1 FROM ${ranked} WHERE s."_lading_rank" = 1 AND s."gone" IS TRUE AND d."id" = s."id")`,
    `DELETE FROM T AS d WHERE EXISTS (SELECT 1 FROM S AS s WHERE d."id" = s."id")`,
    insertRoot,
  ])
})

test("upsert may update and insert in two statements", () => {
  const statements = planMerge(
    { ...dialect, upsertForm: "update-insert" },
    {
      root: { table: orders, target: "T", staging: "S" },
      nested: [],
      strategy: "upsert",
      isDeduplicated: false,
      replacesRows: false,
      loadedAt: new Date(0),
      temporary: (purpose) => `tmp_${purpose}`,
    },
  )
  expect(statements.slice(1)).toEqual([
    {
      sql: `UPDATE T AS d SET "id" = s."id", "at" = s."at", "gone" = s."gone", "_dlt_id" = s."_dlt_id"\nFROM ${ranked} WHERE ${live} AND d."id" = s."id"`,
      effect: { table: "orders", kind: "updated" },
    },
    {
      sql: `INSERT INTO T (${rootColumns})\nSELECT s."id", s."at", s."gone", s."_dlt_id" FROM ${ranked} WHERE ${live} AND NOT EXISTS (SELECT 1 FROM T AS d WHERE d."id" = s."id")`,
      effect: { table: "orders", kind: "inserted" },
    },
  ])
})

test("nested tables without new rows are cleared, and nothing is inserted into them", () => {
  const statements = plan("upsert", orders, [lines], { staged: false })
  expect(statements.filter((sql) => /(INTO|FROM) N /.test(sql))).toEqual([
    `DELETE FROM N WHERE "_dlt_root_id" IN (SELECT "_dlt_id" FROM tmp_matched)`,
  ])
})

test("insert-only inserts what is new, and nested rows only below what is new", () => {
  const isNew = `${live} AND NOT EXISTS (SELECT 1 FROM T AS d WHERE d."id" = s."id")`
  expect(plan("insert-only", orders, [lines])).toEqual([
    `CREATE TEMPORARY TABLE tmp_survivors AS SELECT s."_dlt_id" FROM ${ranked} WHERE ${isNew}`,
    mixed,
    `INSERT INTO T (${rootColumns})\nSELECT s."id", s."at", s."gone", s."_dlt_id" FROM ${ranked} WHERE ${isNew}`,
    insertLines,
    `DROP TABLE tmp_survivors`,
  ])
})

test.each<readonly [string, MergeStrategy, Table, readonly Table[], string]>([
  ["upsert without a primary key", "upsert", plain({}), [], "missing-primary-key"],
  ["insert-only without a primary key", "insert-only", plain({}), [], "missing-primary-key"],
  ["scd2 without its columns", "scd2", orders, [], "missing-validity"],
  [
    "a nested table without a root key",
    "delete-insert",
    orders,
    [{ ...lines, columns: { _dlt_id: { name: "_dlt_id", data_type: "text", row_key: true } } }],
    "missing-root-key",
  ],
  [
    "two hard delete columns",
    "delete-insert",
    plain({ a: { name: "a", data_type: "bool", hard_delete: true }, b: { name: "b", data_type: "bool", hard_delete: true } }),
    [],
    "ambiguous-hint",
  ],
  [
    "a root without a row key",
    "delete-insert",
    { name: "orders", columns: { a: { name: "a", data_type: "text" } } },
    [lines],
    "missing-row-key",
  ],
])("%s is refused", (_, strategy, root, nested, code) => {
  expect(() => plan(strategy, root, nested)).toThrow(expect.objectContaining({ code }))
})

describe("versions of a key that come in one load", () => {
  const refusals = (strategy: MergeStrategy, more: Parameters<typeof merges>[2] = {}) =>
    merges(strategy, [lines], more).filter(({ refusal }) => refusal !== undefined)

  test.each<MergeStrategy>(["upsert", "insert-only"])(
    "refuse an %s when their nested rows differ, before anything is inserted",
    (strategy) => {
      const [one, ...others] = refusals(strategy)
      expect(others).toEqual([])
      expect(one?.sql).toBe(mixed)
      expect(one?.refusal?.()).toMatchObject({ code: "duplicate-key", details: { table: "orders", nested: "lines", strategy } })
      const statements = merges(strategy, [lines]).map(({ sql }) => sql)
      expect(statements.indexOf(mixed)).toBeLessThan(statements.findIndex((sql) => /^(INSERT|MERGE)/.test(sql)))
    },
  )

  test.each<readonly [string, MergeStrategy, Parameters<typeof merges>[2]]>([
    ["under delete-insert, whose ids are each row's own", "delete-insert", {}],
    ["where the load is known to hold each key once", "upsert", { isDeduplicated: true }],
    ["where no nested rows are staged", "insert-only", { staged: false }],
  ])("cost no statement %s", (_, strategy, more) => {
    expect(refusals(strategy, more)).toEqual([])
  })
})
