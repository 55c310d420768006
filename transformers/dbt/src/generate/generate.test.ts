import { mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createSchema, type SchemaDocument } from "@lading/core"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { generate } from "./generate.ts"
import { columnName, literal, quoted } from "./jinja.ts"
import { ownerOf, withMarker } from "./marker.ts"
import { toYaml } from "./yaml.ts"

const sources = "models/staging/shop/sources.yml"
const orders = "models/staging/shop/stg_shop__orders.sql"
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lading-generate-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function schema(): SchemaDocument {
  const document = createSchema("shop")
  document.tables.orders = {
    name: "orders",
    description: 'Orders: "all" of {{ them }}',
    write_disposition: "merge",
    columns: {
      id: { name: "id", data_type: "bigint", nullable: false, primary_key: true, description: "Number of the order" },
      order: { name: "order", data_type: "text", nullable: true },
      never_seen: { name: "never_seen", nullable: true },
      _dlt_id: { name: "_dlt_id", data_type: "text", nullable: false, unique: true, row_key: true },
    },
  }
  return document
}

const read = (path: string): string => readFileSync(join(folder, path), "utf8")
const actions = async (document = schema()): Promise<Record<string, string>> =>
  Object.fromEntries((await generate({ schema: document, folder, dataset: "shop_data" })).map(({ path, action }) => [path, action]))

describe("lading dbt generate", () => {
  it("writes a project, its sources with descriptions, tests and freshness, and a staging model for each table", async () => {
    expect(await actions()).toEqual({ "dbt_project.yml": "created", [sources]: "created", [orders]: "created" })
    expect(read(sources).split("\n").slice(1).join("\n")).toBe(`version: 2
sources:
  - name: shop
    schema: "{{ var('lading_dataset', 'shop_data') }}"
    tables:
      - name: orders
        description: "Orders: \\"all\\" of {{ '{{' }} them }}"
        columns:
          - name: id
            description: Number of the order
            data_type: bigint
            data_tests:
              - not_null
              - unique
          - name: order
            data_type: text
            quote: true
          - name: _dlt_id
            data_type: text
            data_tests:
              - not_null
              - unique
      - name: _dlt_loads
        description: One row for each committed load
        config:
          loaded_at_field: inserted_at
          freshness:
            warn_after:
              count: 24
              period: hour
            error_after:
              count: 48
              period: hour
            filter: "schema_name = 'shop' and status = 0"
        columns:
          - name: load_id
            data_type: text
            data_tests:
              - not_null
`)
    expect(read(orders).split("\n").slice(1).join("\n")).toBe(`{{ config(materialized='view') }}

select
    id,
    {{ adapter.quote('order') }},
    _dlt_id
from {{ source('shop', 'orders') }}
`)
  })

  it("changes nothing when it runs again on the same schema", async () => {
    await actions()
    const before = [read(sources), read(orders)]
    expect(new Set(Object.values(await actions()))).toEqual(new Set(["unchanged"]))
    expect([read(sources), read(orders)]).toEqual(before)
  })

  it("follows the schema in files that nobody changed, and keeps and reports those that somebody did", async () => {
    await actions()
    writeFileSync(join(folder, orders), read(orders).replace("_dlt_id", "_dlt_id as row_id"))
    const edited = read(orders)
    const grown = schema()
    if (grown.tables.orders !== undefined) grown.tables.orders.columns.paid = { name: "paid", data_type: "bool", nullable: true }
    expect(await actions(grown)).toEqual({ "dbt_project.yml": "unchanged", [sources]: "updated", [orders]: "kept" })
    expect(read(orders)).toBe(edited)
    expect(read(sources)).toContain("- name: paid")
  })

  it.each([
    ["the hash is gone", (text: string) => text.split("\n").slice(1).join("\n")],
    ["a line is added", (text: string) => `${text}-- mine\n`],
    ["the file is emptied", () => ""],
  ])("takes a file for somebody's when %s", async (_how, edit) => {
    await actions()
    writeFileSync(join(folder, orders), edit(read(orders)))
    expect((await actions())[orders]).toBe("kept")
  })

  it("takes a file that a checkout gave other line ends for its own", async () => {
    await actions()
    writeFileSync(join(folder, orders), read(orders).replaceAll("\n", "\r\n"))
    expect((await actions())[orders]).toBe("unchanged")
  })

  it("leaves a project that is there as it is", async () => {
    writeFileSync(join(folder, "dbt_project.yml"), "name: mine\nprofile: mine\n")
    expect((await actions())["dbt_project.yml"]).toBe("kept")
    expect(read("dbt_project.yml")).toContain("mine")
  })

  it("leaves out the results of dbt itself", async () => {
    const document = schema()
    document.tables.dbt_results = { name: "dbt_results", columns: { name: { name: "name", data_type: "text" } } }
    expect(Object.keys(await actions(document))).toEqual(["dbt_project.yml", sources, orders])
    expect(read(sources)).not.toContain("dbt_results")
  })

  it("leaves out what it is told to, and has no freshness where none is wanted", async () => {
    await generate({ schema: schema(), folder, exclude: ["orders"], freshness: false })
    expect(readdirSync(join(folder, "models/staging/shop"))).toEqual(["sources.yml"])
    expect(read(sources)).not.toContain("freshness")
    expect(read(sources)).toContain("'shop_dataset'")
  })

  it("does not overwrite what it cannot read", async () => {
    await actions()
    unlinkSync(join(folder, orders))
    writeFileSync(join(folder, "file"), "")
    await expect(generate({ schema: schema(), folder: join(folder, "file") })).rejects.toMatchObject({ code: "file-unreadable" })
  })
})

describe("the first line of a generated file", () => {
  it("tells a text that is as it was generated from any other", () => {
    const text = withMarker("select 1\n", "--")
    expect(ownerOf(text)).toBe("generator")
    expect(ownerOf(text.replace("1", "2"))).toBe("people")
    expect(ownerOf("select 1\n")).toBe("people")
    expect(ownerOf("-- generated by lading, 0123456789abcdef")).toBe("people")
  })
})

describe("texts in YAML and Jinja", () => {
  it.each([
    ["yes", '"yes"'],
    ["1.0", '"1.0"'],
    ["a: b", '"a: b"'],
    ["# a", '"# a"'],
    ["two\nlines", '"two\\nlines"'],
    ["plain text", "plain text"],
    ["", '""'],
  ])("%j is the scalar %s", (text, expected) => {
    expect(toYaml(text)).toBe(expected)
  })

  it("nothing in a description is rendered", () => {
    expect(literal("{{ a }} {% b %} {# c #} { d }")).toBe("{{ '{{' }} a }} {{ '{%' }} b %} {{ '{#' }} c #} { d }")
  })

  it("names are quoted where a database would not take them", () => {
    expect(["id", "order", "Großes", "2nd"].map(columnName)).toEqual([
      "id",
      "{{ adapter.quote('order') }}",
      "{{ adapter.quote('Großes') }}",
      "{{ adapter.quote('2nd') }}",
    ])
    expect(quoted("it's \\ a")).toBe("'it\\'s \\\\ a'")
  })
})
