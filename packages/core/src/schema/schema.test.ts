import { readFileSync } from "node:fs"
import { deflateSync, inflateSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import { isLadingError } from "../errors.ts"
import { createSchema } from "./create.ts"
import { diffSchemas } from "./diff.ts"
import { bumpVersion, schemaHash } from "./hash.ts"
import type { SchemaDocument, Table } from "./model.ts"
import { parseSchema, serializeSchema } from "./serialize.ts"
import { pipelineStateTable } from "./system-tables.ts"

/** Written by dlt 1.31 after a first run with a merge table, a nested table and two incremental resources. */
const fromDlt = readFileSync(new URL("./fixtures/dlt-1.31.schema.json", import.meta.url), "utf8")

function codeOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return isLadingError(error) ? error.code : "another error"
  }
  return "none"
}

function withTable(document: SchemaDocument, table: Table): SchemaDocument {
  return { ...document, tables: { ...document.tables, [table.name]: table } }
}

const things: Table = {
  name: "things",
  columns: {
    id: { name: "id", data_type: "bigint", nullable: true },
    _dlt_id: { name: "_dlt_id", data_type: "text" },
    open: { name: "open" },
  },
  write_disposition: "append",
  resource: "things",
}

describe("schema hash", () => {
  test("a new schema has the hash that dlt 1.31 gives it", () => {
    expect(createSchema("x").version_hash).toBe("EXjV++XaDVaW3hBQfQlYfYzPzek5EXlsSaX1iwv6l+I=")
  })

  test("without the descriptions of columns it is the schema of dlt 1.26 and has its hash", () => {
    const schema = createSchema("x")
    for (const table of Object.values(schema.tables)) for (const column of Object.values(table.columns)) delete column.description
    expect(schemaHash(schema)).toBe("6jSBq6e4diREAeOLH+rWVJATDkln1janPXSr1D+Fmag=")
  })

  test("a schema that dlt wrote has the hash that dlt stored, before and after a round trip", () => {
    const schema = parseSchema(fromDlt)
    expect(schemaHash(schema)).toBe(schema.version_hash)
    expect(parseSchema(serializeSchema(schema))).toEqual(schema)
    expect(bumpVersion(schema)).toBe(schema)
  })

  test("dlt's state table is defined as dlt stores it", () => {
    const { description: _, ...table } = pipelineStateTable()
    expect(JSON.stringify(parseSchema(fromDlt).tables._dlt_pipeline_state?.columns)).toBe(JSON.stringify(table.columns))
    expect(parseSchema(fromDlt).tables._dlt_pipeline_state).toEqual(table)
  })

  test("the order of columns counts, that of tables not", () => {
    const one = withTable(withTable(createSchema("x"), things), { ...things, name: "others" })
    const two = withTable(withTable(createSchema("x"), { ...things, name: "others" }), things)
    expect(schemaHash(two)).toBe(schemaHash(one))
    const { id, ...rest } = things.columns
    expect(schemaHash(withTable(one, { ...things, columns: { ...rest, ...(id && { id }) } }))).not.toBe(schemaHash(one))
  })

  test("a change raises the version and remembers the last ten hashes, newest first", () => {
    let schema = createSchema("x")
    const hashes = [schema.version_hash]
    for (let i = 0; i < 12; i++) {
      schema = bumpVersion({ ...schema, description: `change ${i}` })
      hashes.unshift(schema.version_hash)
    }
    expect(schema.version).toBe(13)
    expect(schema.previous_hashes).toEqual(hashes.slice(1, 11))
    expect(createSchema("x")).toMatchObject({ version: 1, previous_hashes: [] })
  })
})

describe("schema document", () => {
  test("keys are written in dlt's order", () => {
    const keys = Object.keys(JSON.parse(serializeSchema({ ...createSchema("x"), description: "d" })))
    expect(keys).toEqual([
      "version",
      "version_hash",
      "engine_version",
      "name",
      "tables",
      "settings",
      "normalizers",
      "previous_hashes",
      "description",
    ])
  })

  test("a compressed document is read too", () => {
    expect(parseSchema(deflateSync(fromDlt).toString("base64"), inflateSync)).toEqual(parseSchema(fromDlt))
    expect(parseSchema(fromDlt, inflateSync).name).toBe("mysrc")
  })

  test("an export without defaults gets its names, dispositions and resources back", () => {
    const schema = JSON.parse(fromDlt)
    schema.tables.plain = { columns: { a: { data_type: "text" } } }
    schema.tables.plain__l = { parent: "plain", columns: {} }
    const { plain, plain__l } = parseSchema(JSON.stringify(schema)).tables
    expect(plain).toEqual({
      name: "plain",
      columns: { a: { name: "a", data_type: "text" } },
      write_disposition: "append",
      resource: "plain",
    })
    expect(plain__l).toEqual({ name: "plain__l", columns: {}, parent: "plain" })
  })

  test("engine version 9 is migrated to 11", () => {
    const schema = JSON.parse(fromDlt)
    schema.engine_version = 9
    schema.settings.preferred_types = { payload: "complex" }
    schema.settings.default_hints.foreign_key = ["_dlt_parent_id"]
    const columns = schema.tables.things__l.columns
    Object.assign(columns, {
      doc: { name: "doc", data_type: "complex" },
      late: { name: "late", "x-normalizer": { "seen-null-first": true } },
    })
    delete columns._dlt_id.row_key
    delete columns._dlt_parent_id.parent_key
    columns._dlt_parent_id.foreign_key = true
    const migrated = parseSchema(JSON.stringify(schema))
    expect(migrated.engine_version).toBe(11)
    expect(migrated.normalizers.use_break_path_on_normalize).toBe(false)
    expect(migrated.settings.preferred_types).toEqual({ payload: "json" })
    expect(migrated.settings.default_hints).not.toHaveProperty("foreign_key")
    expect(migrated.tables.things__l?.columns).toMatchObject({ doc: { data_type: "json" }, _dlt_id: { row_key: true } })
    expect(migrated.tables.things__l?.columns._dlt_parent_id).toEqual({
      name: "_dlt_parent_id",
      data_type: "text",
      nullable: false,
      parent_key: true,
    })
    expect(migrated.tables.things__l?.columns).not.toHaveProperty("late")
  })

  test.each<[string, string, (schema: Record<string, never>) => unknown]>([
    ["schema-engine-unsupported", "a newer engine", (schema) => ({ ...schema, engine_version: 12 })],
    ["schema-engine-unsupported", "an engine that is too old", (schema) => ({ ...schema, engine_version: 8 })],
    ["schema-unreadable", "no name", (schema) => ({ ...schema, name: undefined })],
    ["schema-unreadable", "no engine version", (schema) => ({ ...schema, engine_version: "11" })],
    ["schema-unreadable", "no system tables", (schema) => ({ ...schema, tables: {} })],
    [
      "schema-unreadable",
      "an unknown type",
      (schema) => ({ ...schema, tables: { ...(schema.tables ?? {}), t: { columns: { a: { data_type: "toString" } } } } }),
    ],
    ["schema-unreadable", "a table that is a list", (schema) => ({ ...schema, tables: { ...(schema.tables ?? {}), t: [] } })],
    ["schema-unreadable", "no normalizers", (schema) => ({ ...schema, normalizers: {} })],
    ["schema-unreadable", "a list", () => []],
  ])("%s: %s", (code, _, change) => {
    expect(codeOf(() => parseSchema(JSON.stringify(change(JSON.parse(fromDlt)))))).toBe(code)
  })

  test("text that is not JSON and names that are not identifiers are refused", () => {
    expect(codeOf(() => parseSchema("{"))).toBe("schema-unreadable")
    expect(["1x", "", "a-b", "x".repeat(65)].map((name) => codeOf(() => createSchema(name)))).toEqual(Array(4).fill("invalid-schema-name"))
  })
})

describe("schema changes", () => {
  const base = withTable(createSchema("x"), things)
  const column = (name: string, more: object) => ({ ...things, columns: { ...things.columns, [name]: { name, ...more } } })

  test("a new table is one change with its columns; system tables and columns without type are silent", () => {
    expect(diffSchemas(undefined, base)).toEqual([{ kind: "table-added", table: "things", columns: { id: "bigint" } }])
    expect(diffSchemas(base, base)).toEqual([])
  })

  test.each<[string, Table, object[]]>([
    ["a column", column("b", { data_type: "text" }), [{ kind: "column-added", table: "things", column: "b", after: "text" }]],
    [
      "a declared column that got data",
      column("open", { data_type: "bool" }),
      [{ kind: "column-added", table: "things", column: "open", after: "bool" }],
    ],
    [
      "a variant",
      column("id__v_text", { data_type: "text", variant: true }),
      [{ kind: "variant-added", table: "things", column: "id__v_text", after: "text" }],
    ],
    [
      "a wider type",
      column("id", { data_type: "decimal" }),
      [{ kind: "column-widened", table: "things", column: "id", before: "bigint", after: "decimal" }],
    ],
    [
      "a hint",
      column("id", { data_type: "bigint", nullable: false }),
      [{ kind: "column-changed", table: "things", column: "id", before: "nullable: true", after: "nullable: false" }],
    ],
    [
      "a disposition",
      { ...things, write_disposition: "merge" },
      [{ kind: "table-changed", table: "things", before: "write_disposition: append", after: "write_disposition: merge" }],
    ],
  ])("%s is one change", (_, table, changes) => {
    expect(diffSchemas(base, withTable(base, table))).toEqual(changes)
  })

  test("what is gone is reported", () => {
    expect(diffSchemas(base, createSchema("x"))).toEqual([{ kind: "table-removed", table: "things" }])
    expect(diffSchemas(withTable(base, column("b", { data_type: "text" })), base)).toEqual([
      { kind: "column-removed", table: "things", column: "b" },
    ])
  })
})
