import type { DataType, MergeStrategy } from "@lading/core"
import fc from "fast-check"
import type { ModelItem, ModelRow } from "./rows.ts"

/** A merged table and what is loaded into it, load by load. */
export interface MergeCase {
  readonly strategy: Exclude<MergeStrategy, "scd2">
  readonly keyTypes: readonly DataType[]
  readonly mergeKeyTypes: readonly DataType[]
  readonly hardDelete: "none" | "bool" | "text"
  readonly sort: "none" | "asc" | "desc"
  /** Levels of nested tables, 0 to 2. */
  readonly depth: number
  readonly replacesRows: boolean
  readonly loads: readonly (readonly ModelRow[])[]
}

/** An scd2 table and what is loaded into it, load by load. */
export interface Scd2Case {
  readonly mergeKeyTypes: readonly DataType[]
  /** The data brings its own row version. */
  readonly hasVersionColumn: boolean
  readonly hasActiveTimestamp: boolean
  readonly depth: number
  readonly loads: readonly (readonly ModelRow[])[]
}

/** Few values of each type, so that keys meet; texts are as both databases write them. */
const domains = {
  bigint: ["1", "2", "-9007199254740993"],
  text: ["", "a", "A", "a'", 'é"', "1"],
  date: ["2024-01-01", "2024-02-29"],
  decimal: ["1.500000000", "-0.000000001"],
  bool: ["true", "false"],
} as const satisfies Partial<Record<DataType, readonly string[]>>

const keyType: fc.Arbitrary<keyof typeof domains> = fc.constantFrom("bigint", "text", "date", "decimal", "bool")
const item: fc.Arbitrary<ModelItem> = fc.record({
  x: fc.constantFrom("1", "2", "3"),
  m: fc.array(fc.constantFrom("1", "2"), { maxLength: 2 }),
})

/** Columns `k1`, `k2` are the primary key, `p1`, `p2` the merge key. */
function rowOf(
  keys: readonly (keyof typeof domains)[],
  mergeKeys: readonly (keyof typeof domains)[],
  hasNulls: boolean,
): fc.Arbitrary<ModelRow> {
  const column = (type: keyof typeof domains) => {
    const values: fc.Arbitrary<string> = fc.constantFrom(...domains[type])
    return hasNulls ? fc.option(values, { freq: 8 }) : values
  }
  const named = (prefix: string, types: readonly (keyof typeof domains)[]) =>
    types.map((type, i) => [`${prefix}${i + 1}`, column(type)] as const)
  const values = fc.record<Record<string, string | null>>({
    ...Object.fromEntries([...named("k", keys), ...named("p", mergeKeys)]),
    v: fc.constantFrom("1", "2", "3"),
    gone: fc.option(fc.constantFrom("true", "false"), { freq: 2 }),
    at: fc.option(fc.constantFrom("1", "2", "3"), { freq: 4 }),
  })
  return fc.record({ values, l: fc.array(item, { maxLength: 3 }) })
}

const loadsOf = (row: fc.Arbitrary<ModelRow>) => fc.array(fc.array(row, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 })

/** Tables merged by key. */
export const mergeCases: fc.Arbitrary<MergeCase> = fc
  .record({
    strategy: fc.constantFrom<MergeCase["strategy"]>("delete-insert", "upsert", "insert-only"),
    keyTypes: fc.array(keyType, { minLength: 0, maxLength: 2 }),
    mergeKeyTypes: fc.array(keyType, { minLength: 0, maxLength: 2 }),
  })
  .map((shape) =>
    shape.strategy === "delete-insert"
      ? shape
      : { ...shape, keyTypes: shape.keyTypes.length === 0 ? (["bigint"] as const) : shape.keyTypes },
  )
  .chain((shape) =>
    fc.record<MergeCase>({
      strategy: fc.constant(shape.strategy),
      keyTypes: fc.constant(shape.keyTypes),
      mergeKeyTypes: fc.constant(shape.mergeKeyTypes),
      hardDelete: fc.constantFrom("none", "bool", "text"),
      sort: fc.constantFrom("none", "asc", "desc"),
      depth: fc.nat({ max: 2 }),
      replacesRows: fc.boolean(),
      loads: loadsOf(rowOf(shape.keyTypes, shape.mergeKeyTypes, shape.strategy === "delete-insert")),
    }),
  )

/** Tables that keep versions. */
export const scd2Cases: fc.Arbitrary<Scd2Case> = fc.array(keyType, { minLength: 0, maxLength: 2 }).chain((mergeKeyTypes) =>
  fc.record<Scd2Case>({
    mergeKeyTypes: fc.constant(mergeKeyTypes),
    hasVersionColumn: fc.boolean(),
    hasActiveTimestamp: fc.boolean(),
    depth: fc.nat({ max: 2 }),
    loads: loadsOf(rowOf([], mergeKeyTypes, true)),
  }),
)
