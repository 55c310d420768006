import type { Table } from "@lading/core"
import { columnName, quoted } from "./jinja.ts"
import { storedColumns } from "./sources-file.ts"

/** Model that reads one table of a source column by column: the place where people rename, cast and filter. */
export function stagingModel(sourceName: string, table: Table): string {
  const columns = storedColumns(table).map(({ name }) => `    ${columnName(name)}`)
  return [
    "{{ config(materialized='view') }}",
    "",
    "select",
    columns.join(",\n"),
    `from {{ source(${quoted(sourceName)}, ${quoted(table.name)}) }}`,
    "",
  ].join("\n")
}
