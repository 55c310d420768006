import { qualifiedName } from "@lading/sql"
import { duckdbDialect } from "./dialect.ts"

/** A dataset in an open database file. DuckDB names the catalogue after the file, so both are needed to be unambiguous. */
export interface Place {
  readonly catalog: string
  readonly dataset: string
}

/** Fully qualified, quoted name of a table of the dataset. */
export function tableAt(place: Place, table: string): string {
  return qualifiedName(duckdbDialect.quote, place.catalog, place.dataset, table)
}

/** Quoted name of the dataset itself. */
export function datasetAt(place: Place): string {
  return qualifiedName(duckdbDialect.quote, place.catalog, place.dataset)
}

/** Fully qualified, quoted name of a temporary table, which only its own connection sees. */
export function temporaryTable(name: string): string {
  return qualifiedName(duckdbDialect.quote, "temp", "main", name)
}
