import { createSchema, schemaEngineVersion } from "./create.ts"
import { schemaHash } from "./hash.ts"
import { recordOf } from "./migrate.ts"
import type { Column, SchemaDocument, Table } from "./model.ts"
import { parseSchema } from "./serialize.ts"
import { isSystemName, systemTableNames } from "./system-tables.ts"

/** What a run notes down for the next one (reference: schema 1.2); no part of what people say about a schema. */
const processingHints: ReadonlySet<string> = new Set(["x-normalizer", "x-loader", "x-extractor"])

/** What becomes of processing hints in a file. */
export interface SchemaFileOptions {
  readonly processingHints: "keep" | "remove"
}

/**
 * A schema as dlt exports it (reference: schema 1.1, 1.9): keys in dlt's order, the names of tables and columns only as keys, without the hash
 * of what was imported. Its hash is that of what the file holds.
 */
export function toSchemaFile(document: SchemaDocument, options: SchemaFileOptions): Record<string, unknown> {
  const keep = options.processingHints === "keep"
  const shown = keep ? document : withoutProcessingHints(document)
  const { version, engine_version, name, tables, settings, normalizers, previous_hashes, description } = shown
  return {
    version,
    version_hash: schemaHash(shown),
    engine_version,
    name,
    tables: mapValues(tables, ({ name: _, ...table }) => ({
      ...table,
      columns: mapValues(table.columns, ({ name: _name, ...column }) => column),
    })),
    settings,
    normalizers,
    previous_hashes,
    ...(description === undefined ? {} : { description }),
  }
}

/** A schema without what runs noted down. */
export function withoutProcessingHints(document: SchemaDocument): SchemaDocument {
  const clean = <Value extends object>(value: Value): Value =>
    Object.fromEntries(Object.entries(value).filter(([key]) => !processingHints.has(key))) as Value
  return { ...document, tables: mapValues(document.tables, (table) => clean({ ...table, columns: mapValues(table.columns, clean) })) }
}

/**
 * The document of a schema file whose content was checked. What people may leave out is filled in: versions, system tables, settings,
 * normalizers, and names. `hash` is the content hash as dlt computes it for such a file.
 * @throws LadingError `schema-unreadable`, `schema-engine-unsupported`, `invalid-schema-name`
 */
export function fromSchemaFile(content: Readonly<Record<string, unknown>>): { readonly schema: SchemaDocument; readonly hash: string } {
  const name = String(content["name"])
  const defaults = createSchema(name)
  const { _dlt_version: version, _dlt_loads: loads } = defaults.tables
  const tables = { ...(content["tables"] === undefined ? {} : recordOf(content["tables"])) }
  for (const [key, table] of [[systemTableNames.version, version] as const, [systemTableNames.loads, loads] as const]) tables[key] ??= table
  const { version: _, version_hash: _hash, previous_hashes: _previous, ...rest } = content
  const complete = { engine_version: schemaEngineVersion, settings: defaults.settings, normalizers: defaults.normalizers, ...rest, tables }
  const schema = parseSchema(JSON.stringify(complete))
  return { schema, hash: schemaHash(schema) }
}

/**
 * The schema that a run starts from when a schema file was imported: what the file says, and what the dataset holds beyond it. Without a stored
 * schema it is the file's. Unlike in dlt, which forgets what the file lacks, tables and columns with data stay known. The file is
 * followed once: until its hash changes, the stored schema goes on as it is.
 * @param refuse is given the columns whose type the file contradicts, and throws
 */
export function importSchema(
  stored: SchemaDocument | undefined,
  imported: { readonly schema: SchemaDocument; readonly hash: string },
  refuse: (stored: Column, imported: Column, table: string) => never,
): SchemaDocument {
  const fresh = withoutProcessingHints(imported.schema)
  if (stored === undefined) return { ...fresh, imported_version_hash: imported.hash }
  if (stored.imported_version_hash === imported.hash) return stored
  const tables: Record<string, Table> = { ...stored.tables }
  for (const [name, table] of Object.entries(fresh.tables)) {
    const known = stored.tables[name]
    tables[name] = known === undefined || isSystemName(name) ? (known ?? table) : mergeTable(known, table, refuse)
  }
  const { settings, normalizers, description } = fresh
  return {
    ...stored,
    tables,
    settings,
    normalizers: { ...normalizers, names: stored.normalizers.names },
    ...(description === undefined ? {} : { description }),
    imported_version_hash: imported.hash,
  }
}

/** The file's table, with the columns and notes that the dataset has; columns keep their order, for it is that of the table. */
function mergeTable(stored: Table, imported: Table, refuse: (stored: Column, imported: Column, table: string) => never): Table {
  const columns: Record<string, Column> = {}
  for (const [name, column] of Object.entries(stored.columns)) {
    const wanted = imported.columns[name]
    if (wanted?.data_type !== undefined && column.data_type !== undefined && wanted.data_type !== column.data_type)
      refuse(column, wanted, stored.name)
    columns[name] = wanted === undefined ? column : { ...wanted, ...typeOf(wanted, column), ...notesOf(column) }
  }
  for (const [name, column] of Object.entries(imported.columns)) columns[name] ??= column
  return { ...imported, ...chainOf(stored), ...notesOf(stored), columns }
}

/** The stored type of a column that the file gives none. */
function typeOf(wanted: Column, { data_type, nullable }: Column): Partial<Column> {
  if (wanted.data_type !== undefined || data_type === undefined) return {}
  return { data_type, ...(wanted.nullable === undefined && nullable !== undefined ? { nullable } : {}) }
}

/** Where a table with rows belongs is not for a file to change. */
function chainOf({ parent, resource }: Table): Partial<Table> {
  return { ...(parent === undefined ? {} : { parent }), ...(resource === undefined ? {} : { resource }) }
}

function notesOf(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => processingHints.has(key)))
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
