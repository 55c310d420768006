import { readFileSync } from "node:fs"
import { diffSchemas, schemaHash, toSchemaFile } from "@lading/core"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { parseSchemaFile } from "./parse-schema-file.ts"

/** What dlt 1.31 exported; fixtures/make_dlt_schema.py makes it. */
const fixture = (extension: string): string => readFileSync(new URL(`./fixtures/dlt_shop.schema.${extension}`, import.meta.url), "utf8")

describe("a schema file that dlt exported", () => {
  it.each(["yaml", "json"])("is read from %s with the hash that dlt wrote into it", (extension) => {
    const text = fixture(extension)
    const { schema, hash } = parseSchemaFile(text, `dlt_shop.schema.${extension}`)
    expect(hash).toBe(parse(text).version_hash)
    expect(schemaHash(schema)).toBe(hash)
    expect(schema.tables["orders"]).toMatchObject({
      name: "orders",
      write_disposition: "merge",
      columns: {
        on: { name: "on", data_type: "text" },
        note: { description: "yes: 'quoted', 2024-01-01" },
        price: { data_type: "decimal", precision: 10, scale: 2 },
        total__v_text: { variant: true },
      },
    })
    expect(schema.tables["orders__items"]).not.toHaveProperty("parent")
  })

  it("comes back out as dlt wrote it, key by key", () => {
    const content: Record<string, unknown> = parse(fixture("yaml"))
    const { schema } = parseSchemaFile(fixture("yaml"), "dlt_shop.schema.yaml")
    const { version: _, previous_hashes: _previous, ...written } = toSchemaFile(schema, { processingHints: "keep" })
    const { version: _version, previous_hashes: _hashes, ...expected } = content
    expect(JSON.stringify(written)).toBe(JSON.stringify(expected))
  })
})

describe("a schema file that somebody wrote by hand", () => {
  it("needs nothing but a name and what it has to say", () => {
    const text = "name: shop\ntables:\n  orders:\n    columns:\n      id: {data_type: bigint, description: number of the order}\n"
    const { schema } = parseSchemaFile(text, "shop.schema.yaml")
    expect(Object.keys(schema.tables).sort()).toEqual(["_dlt_loads", "_dlt_version", "orders"])
    expect(schema.tables["orders"]).toMatchObject({ write_disposition: "append", resource: "orders", columns: { id: { name: "id" } } })
    expect(schema.normalizers.names).toBe("snake_case")
    expect(diffSchemas(undefined, schema)).toMatchObject([{ kind: "table-added", columns: { id: "bigint" } }])
  })

  const yaml = "name: shop\ntables:\n  orders:\n"
  it.each([
    ["YAML that is broken", "shop.schema.yaml", "name: shop\ntables: [\n", /^shop\.schema\.yaml:\d+:\d+: /],
    ["JSON that is broken", "shop.schema.json", '{\n  "name": "shop",\n}', /^shop\.schema\.json:3:1: /],
    ["YAML in a JSON file", "shop.schema.json", "name: shop\n", /^shop\.schema\.json:1:1: /],
    ["a missing name", "shop.schema.yaml", "tables: {}\n", /^shop\.schema\.yaml:1:1: name is missing/],
    ["no mapping at all", "shop.schema.yaml", "- a\n", /1:1: expected a mapping/],
    [
      "an unknown key of a table",
      "shop.schema.yaml",
      `${yaml}    colums: {}\n`,
      /4:5: tables\.orders\.colums: there is no colums here; there are .*columns/,
    ],
    [
      "an unknown key of a column",
      "shop.schema.yaml",
      `${yaml}    columns:\n      id:\n        dataType: bigint\n`,
      /6:9: tables\.orders\.columns\.id\.dataType: there is no dataType here; there are .*data_type/,
    ],
    [
      "an unknown type",
      "shop.schema.yaml",
      `${yaml}    columns:\n      id: {data_type: integer}\n`,
      /5:23: tables\.orders\.columns\.id\.data_type: expected text, double/,
    ],
    [
      "a hint that is no boolean",
      "shop.schema.yaml",
      `${yaml}    columns: {id: {nullable: sometimes}}\n`,
      /4:30: .*nullable: expected true or false/,
    ],
    [
      "an unknown disposition",
      "shop.schema.yaml",
      `${yaml}    write_disposition: upsert\n`,
      /4:24: .*expected append, replace, merge, skip/,
    ],
    [
      "an unknown contract",
      "shop.schema.yaml",
      "name: shop\nsettings: {schema_contract: {column: freeze}}\n",
      /2:30: .*there is no column here/,
    ],
    ["a key that comes twice", "shop.schema.yaml", "name: shop\nname: store\n", /2:1: Map keys must be unique/],
  ])("is refused with the position of %s", (_, path, text, message) => {
    expect(() => parseSchemaFile(text, path)).toThrow(
      expect.objectContaining({ code: "schema-file-invalid", message: expect.stringMatching(message) }),
    )
  })

  it("may hold keys of anybody's that start with x-", () => {
    const { schema } = parseSchemaFile(`${yaml}    x-owner: league\n    columns: {}\n`, "shop.schema.yaml")
    expect(schema.tables["orders"]?.["x-owner"]).toBe("league")
  })

  it("is refused when it is newer than what can be read", () => {
    expect(() => parseSchemaFile("name: shop\nengine_version: 99\n", "shop.schema.yaml")).toThrow(
      expect.objectContaining({ code: "schema-engine-unsupported" }),
    )
  })
})
