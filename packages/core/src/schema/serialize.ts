import { LadingError } from "../errors.ts"
import { fromBase64 } from "../hash/base64.ts"
import { decodeUtf8 } from "../hash/utf8.ts"
import { jsonText } from "../types/json-text.ts"
import { schemaEngineVersion } from "./create.ts"
import { migrateSchema, oldestEngineVersion, type RawSchema, recordOf } from "./migrate.ts"
import type { DataType, SchemaDocument } from "./model.ts"
import { systemTableNames } from "./system-tables.ts"

const dataTypes: Readonly<Record<DataType, true>> = {
  ...{ text: true, double: true, bool: true, timestamp: true, date: true, time: true, bigint: true, binary: true },
  ...{ json: true, decimal: true, wei: true },
}

/** The compact JSON that `_dlt_version.schema` holds, top-level keys in dlt's order (reference: schema 1.1). */
export function serializeSchema(document: SchemaDocument): string {
  const { version, version_hash, engine_version, name, tables, settings, normalizers, previous_hashes, ...rest } = document
  return jsonText({ version, version_hash, engine_version, name, tables, settings, normalizers, previous_hashes, ...rest })
}

/**
 * Reads `_dlt_version.schema`: JSON, or JSON that dlt compressed for destinations with short texts, then `inflate` (zlib) is needed.
 * Documents of engine versions 9 and 10 are migrated.
 * @throws LadingError `schema-unreadable`, `schema-engine-unsupported`
 */
export function parseSchema(text: string, inflate?: (bytes: Uint8Array) => Uint8Array): SchemaDocument {
  const schema = parseObject(inflate === undefined || text.startsWith("{") ? text : inflated(text, inflate))
  const name = typeof schema.name === "string" ? schema.name : undefined
  const engine = schema.engine_version
  if (name === undefined || typeof engine !== "number") throw unreadable("it has no name or no engine_version")
  if (engine > schemaEngineVersion || engine < oldestEngineVersion) throw unsupportedEngine(name, engine)
  migrateSchema(schema)
  checkTables(name, schema)
  schema.version ??= 1
  schema.version_hash ??= ""
  schema.settings ??= {}
  schema.previous_hashes ??= []
  const normalizers = recordOf(schema.normalizers)
  if (typeof normalizers.names !== "string" || typeof recordOf(normalizers.json).module !== "string")
    throw unreadable(`schema ${name} does not say how names and JSON are normalized`)
  return schema as unknown as SchemaDocument
}

/** Checks what the rest of the code relies on, and fills in what exports leave out: names, and defaults of root tables. */
function checkTables(name: string, schema: RawSchema): void {
  const tables = recordOf(schema.tables)
  for (const system of [systemTableNames.version, systemTableNames.loads])
    if (tables[system] === undefined) throw unreadable(`schema ${name} lacks the table ${system}`)
  for (const [tableName, value] of Object.entries(tables)) {
    const table = recordOf(value)
    if (table !== value) throw unreadable(`table ${tableName} of schema ${name} is not an object`)
    table.name ??= tableName
    table.columns ??= {}
    if (table.parent === undefined) {
      table.write_disposition ??= "append"
      table.resource ??= tableName
    }
    for (const [columnName, column] of Object.entries(recordOf(table.columns)))
      checkColumn(`${tableName}.${columnName}`, columnName, column)
  }
}

function checkColumn(place: string, name: string, value: unknown): void {
  const column = recordOf(value)
  if (column !== value) throw unreadable(`column ${place} is not an object`)
  column.name ??= name
  const type = column.data_type
  if (type !== undefined && (typeof type !== "string" || !Object.hasOwn(dataTypes, type)))
    throw unreadable(`column ${place} has the unknown type ${JSON.stringify(type)}`)
}

function inflated(text: string, inflate: (bytes: Uint8Array) => Uint8Array): string {
  const compressed = fromBase64(text)
  if (compressed === undefined) return text
  const bytes = inflate(compressed)
  return decodeUtf8(bytes, 0, bytes.length) ?? text
}

function parseObject(text: string): RawSchema {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw unreadable("it is not JSON", cause)
  }
  const schema = recordOf(parsed)
  if (schema !== parsed) throw unreadable("it is not a JSON object")
  return schema
}

function unreadable(why: string, cause?: unknown): LadingError {
  return new LadingError({
    code: "schema-unreadable",
    message: `A stored schema cannot be read: ${why}`,
    hint: "Restore the newest good row of _dlt_version, or delete the broken one",
    cause,
  })
}

function unsupportedEngine(name: string, engine: number): LadingError {
  return new LadingError({
    code: "schema-engine-unsupported",
    message: `Schema ${name} has engine version ${engine}; versions ${oldestEngineVersion} to ${schemaEngineVersion} can be read`,
    hint: engine > schemaEngineVersion ? "Use a newer Lading" : "Load once with a current dlt, which migrates the schema",
    details: { schema: name, engineVersion: engine },
  })
}
