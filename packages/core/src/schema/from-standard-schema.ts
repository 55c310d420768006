import type { StandardSchema } from "../plugin/plugin.ts"
import type { ColumnHints } from "../plugin/source.ts"
import type { DataType } from "./model.ts"

interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly pattern?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly JsonSchema[]
  readonly description?: string
}

/**
 * Column hints for the top-level fields of a row schema, from the JSON Schema that it gives of its output (standardschema.dev, Standard JSON
 * Schema). Lists and objects are left to the data, which flattens them; fields of several types too, and texts of a form that has no name, for
 * they may be timestamps. A schema that gives none validates rows, and its columns are inferred.
 */
export function columnsOfSchema(schema: StandardSchema): Record<string, ColumnHints> {
  const { properties = {}, required = [] } = describe(schema)
  const columns: Record<string, ColumnHints> = {}
  for (const [name, field] of Object.entries(properties)) {
    const types = typesOf(field)
    const dataType = types.length === 1 || (types.length === 2 && types.includes("null")) ? toDataType(field, types) : undefined
    if (dataType === undefined) continue
    const nullable = types.includes("null") || !required.includes(name)
    const type = dataType === "text" && isUnnamedForm(field) ? {} : { dataType }
    columns[name] = { ...type, nullable, ...(field.description === undefined ? {} : { description: field.description }) }
  }
  return columns
}

function describe(schema: StandardSchema): JsonSchema {
  try {
    const json = schema["~standard"].jsonSchema?.output({ target: "draft-2020-12", libraryOptions })
    return (json ?? {}) as JsonSchema
  } catch {
    return {}
  }
}

/** How zod and valibot are told to leave out what JSON Schema cannot say, instead of giving up; arktype does so by itself. */
const libraryOptions = {
  unrepresentable: "any",
  errorMode: "ignore",
  // valibot would describe the value before the transformation.
  overrideAction: ({ valibotAction, errors }: ValibotAction) =>
    errors !== undefined && valibotAction.kind === "transformation" ? {} : undefined,
}

interface ValibotAction {
  readonly valibotAction: { readonly kind: string }
  readonly errors: unknown
}

function typesOf({ type, anyOf }: JsonSchema): readonly string[] {
  if (type !== undefined) return typeof type === "string" ? [type] : type
  return (anyOf ?? []).flatMap(typesOf)
}

/** True for a text that is described by a pattern alone, as arktype does its dates. */
function isUnnamedForm({ pattern, format, anyOf = [] }: JsonSchema): boolean {
  return (pattern !== undefined && format === undefined) || anyOf.some(isUnnamedForm)
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
