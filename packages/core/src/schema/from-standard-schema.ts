import type { StandardSchema } from "../plugin/plugin.ts"
import type { ColumnHints } from "../plugin/source.ts"
import type { DataType } from "./model.ts"

interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly JsonSchema[]
  readonly description?: string
}

/**
 * Column hints for the top-level fields of a row schema, from the JSON Schema that it gives of its output (standardschema.dev, Standard JSON
 * Schema). Lists and objects are left to the data, which flattens them; fields of several types too. A schema that gives none validates rows,
 * and its columns are inferred.
 */
export function columnsOfSchema(schema: StandardSchema): Record<string, ColumnHints> {
  const { properties = {}, required = [] } = describe(schema)
  const columns: Record<string, ColumnHints> = {}
  for (const [name, field] of Object.entries(properties)) {
    const types = typesOf(field)
    const dataType = types.length === 1 || (types.length === 2 && types.includes("null")) ? toDataType(field, types) : undefined
    if (dataType === undefined) continue
    const nullable = types.includes("null") || !required.includes(name)
    columns[name] = { dataType, nullable, ...(field.description === undefined ? {} : { description: field.description }) }
  }
  return columns
}

function describe(schema: StandardSchema): JsonSchema {
  try {
    const json = schema["~standard"].jsonSchema?.output({ target: "draft-2020-12", libraryOptions: { unrepresentable: "any" } })
    return (json ?? {}) as JsonSchema
  } catch {
    return {}
  }
}

function typesOf({ type, anyOf }: JsonSchema): readonly string[] {
  if (type !== undefined) return typeof type === "string" ? [type] : type
  return (anyOf ?? []).flatMap(typesOf)
}

function toDataType(field: JsonSchema, types: readonly string[]): DataType | undefined {
  const type = types.find((name) => name !== "null")
  if (type === "integer") return "bigint"
  if (type === "number") return "double"
  if (type === "boolean") return "bool"
  if (type !== "string") return undefined
  const format = field.format ?? field.anyOf?.find((choice) => choice.format !== undefined)?.format
  return format === "date-time" ? "timestamp" : format === "date" ? "date" : "text"
}
