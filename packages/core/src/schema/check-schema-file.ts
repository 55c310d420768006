/** Something in a schema file that nobody can follow, and where. */
export interface SchemaFileFault {
  /** Keys from the document to the fault. */
  readonly path: readonly string[]
  readonly message: string
  /** True when the key is at fault, not its value. */
  readonly isKey: boolean
}

/** Says what is wrong with a value; nothing when all is well. */
type Check = (value: unknown, path: readonly string[]) => readonly SchemaFileFault[]

const types = ["text", "double", "bool", "timestamp", "date", "time", "bigint", "binary", "json", "decimal", "wei"]
const modes = ["evolve", "freeze", "discard_row", "discard_value"]

const anything: Check = () => []
const text = typed((value) => typeof value === "string", "a text")
const flag = typed((value) => typeof value === "boolean", "true or false")
const whole = typed((value) => Number.isInteger(value), "a whole number")
const texts = typed((value) => Array.isArray(value) && value.every((item) => typeof item === "string"), "a list of texts")
const list = typed((value) => Array.isArray(value), "a list")
const dataType = oneOf(types)
const contract: Check = (value, path) =>
  isRecord(value) ? shape({ tables: oneOf(modes), columns: oneOf(modes), data_type: oneOf(modes) })(value, path) : oneOf(modes)(value, path)

const column = shape({
  ...{ name: text, description: text, data_type: dataType, nullable: flag, precision: whole, scale: whole, timezone: flag, variant: flag },
  ...{ primary_key: flag, merge_key: flag, unique: flag, row_key: flag, parent_key: flag, root_key: flag, hard_delete: anything },
  ...{ dedup_sort: oneOf(["asc", "desc"]), incremental: flag, partition: flag, cluster: flag, sort: flag },
})

const table = shape({
  ...{
    name: text,
    description: text,
    columns: recordOf(column),
    resource: text,
    parent: text,
    references: list,
    schema_contract: contract,
  },
  write_disposition: oneOf(["append", "replace", "merge", "skip"]),
  ...{
    table_format: text,
    file_format: text,
    filters: shape({ includes: texts, excludes: texts }),
    table_sealed: flag,
    variant_name: text,
  },
})

const document = shape(
  {
    ...{ version: whole, version_hash: text, engine_version: whole, name: text, description: text, tables: recordOf(table) },
    settings: shape({ schema_contract: contract, detections: texts, default_hints: recordOf(texts), preferred_types: recordOf(dataType) }),
    normalizers: shape({
      ...{ names: text, json: shape({ module: text, config: anything }), detections: anything },
      ...{ use_break_path_on_normalize: flag, allow_identifier_change_on_table_with_data: flag },
    }),
    ...{ previous_hashes: texts, imported_version_hash: text },
  },
  ["name"],
)

/** Everything in the content of a schema file that dlt's schema does not have; keys that start with `x-` are free. */
export function checkSchemaFile(content: unknown): readonly SchemaFileFault[] {
  return document(content, [])
}

function typed(test: (value: unknown) => boolean, expected: string): Check {
  return (value, path) => (test(value) ? [] : [{ path, message: `expected ${expected}`, isKey: false }])
}

function oneOf(names: readonly string[]): Check {
  return typed((value) => typeof value === "string" && names.includes(value), names.join(", "))
}

function recordOf(check: Check): Check {
  return (value, path) => {
    if (!isRecord(value)) return [{ path, message: "expected a mapping", isKey: false }]
    return Object.entries(value).flatMap(([key, inner]) => check(inner, [...path, key]))
  }
}

function shape(checks: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, path) => {
    if (!isRecord(value)) return [{ path, message: "expected a mapping", isKey: false }]
    const missing = required.filter((key) => value[key] === undefined)
    return [
      ...missing.map((key) => ({ path, message: `${key} is missing`, isKey: false })),
      ...Object.entries(value).flatMap(([key, inner]): readonly SchemaFileFault[] => {
        if (key.startsWith("x-")) return []
        const check = Object.hasOwn(checks, key) ? checks[key] : undefined
        if (check !== undefined) return check(inner, [...path, key])
        return [{ path: [...path, key], message: `there is no ${key} here; there are ${Object.keys(checks).join(", ")}`, isKey: true }]
      }),
    ]
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
