import type { Column, SchemaDocument, Table } from "@lading/core"
import { isPlainName, literal, quoted } from "./jinja.ts"
import { toYaml, type YamlValue } from "./yaml.ts"

/** After how many hours without a load the data counts as stale. */
export interface Freshness {
  readonly warnAfterHours: number
  readonly errorAfterHours: number
}

/** What `sources.yml` says. */
export interface SourcesFacts {
  readonly schema: SchemaDocument
  readonly tables: readonly Table[]
  readonly dataset: string
  readonly freshness: Freshness | undefined
}

/**
 * `sources.yml` of a dataset (docs.getdbt.com, "Source properties" of dbt 1.11): descriptions, tests from the hints of the columns, and the
 * freshness of the loads of this schema.
 */
export function sourcesFile({ schema, tables, dataset, freshness }: SourcesFacts): string {
  const source: YamlValue = {
    name: schema.name,
    description: described(schema.description),
    schema: `{{ var('lading_dataset', ${quoted(dataset)}) }}`,
    tables: [...tables.map(toTable), loads(schema.name, freshness)],
  }
  return `${toYaml({ version: 2, sources: [source] })}\n`
}

/** Columns that exist: a column without a type was declared and never seen. */
export function storedColumns(table: Table): Column[] {
  return Object.values(table.columns).filter((column) => column.data_type !== undefined)
}

function toTable(table: Table): YamlValue {
  return {
    name: table.name,
    description: described(table.description),
    columns: storedColumns(table).map((column) => toColumn(column, table)),
  }
}

function toColumn(column: Column, table: Table): YamlValue {
  return {
    name: column.name,
    description: described(column.description),
    data_type: column.data_type,
    quote: isPlainName(column.name) ? undefined : true,
    data_tests: [...(column.nullable === false ? ["not_null"] : []), ...(isUnique(column, table) ? ["unique"] : [])],
  }
}

/** A single primary key is unique once rows are merged by it. */
function isUnique(column: Column, table: Table): boolean {
  if (column.unique === true) return true
  const keys = Object.values(table.columns).filter(({ primary_key }) => primary_key === true)
  return column.primary_key === true && keys.length === 1 && table.write_disposition === "merge" && !keepsHistory(table)
}

function keepsHistory(table: Table): boolean {
  return table["x-merge-strategy"] === "scd2"
}

function loads(schemaName: string, freshness: Freshness | undefined): YamlValue {
  const period = (count: number): YamlValue => ({ count, period: "hour" })
  return {
    name: "_dlt_loads",
    description: "One row for each committed load",
    config:
      freshness === undefined
        ? undefined
        : {
            loaded_at_field: "inserted_at",
            freshness: {
              warn_after: period(freshness.warnAfterHours),
              error_after: period(freshness.errorAfterHours),
              filter: `schema_name = '${schemaName.replaceAll("'", "''")}' and status = 0`,
            },
          },
    columns: [{ name: "load_id", data_type: "text", data_tests: ["not_null"] }],
  }
}

function described(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : literal(text)
}
