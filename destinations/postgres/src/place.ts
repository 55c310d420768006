import { LadingError } from "@lading/core"
import { qualifiedName, textLiteral } from "@lading/sql"
import { maxNameBytes, postgresDialect } from "./dialect.ts"

/** A dataset, which is a schema of the database. */
export interface Place {
  readonly dataset: string
}

/**
 * Qualified, quoted name of a table of the dataset.
 * @throws LadingError `identifier-too-long`: PostgreSQL would cut the name in silence
 */
export function tableAt({ dataset }: Place, table: string): string {
  return qualifiedName(postgresDialect.quote, dataset, table)
}

/** Qualified, quoted name of a temporary table, which only its own connection sees. */
export function temporaryTable(name: string): string {
  return qualifiedName(postgresDialect.quote, "pg_temp", name)
}

/** Expression that takes the lock under which the tables of a dataset are created and altered, until the transaction ends. */
export function ddlLock({ dataset }: Place): string {
  return `SELECT pg_advisory_xact_lock(hashtextextended(${textLiteral(`lading ${dataset}`)}, 0))`
}

/** Checks the name of a dataset. Throws LadingError `identifier-too-long`. */
export function checkDataset(dataset: string): void {
  if (Buffer.byteLength(dataset) > maxNameBytes)
    throw new LadingError({
      code: "identifier-too-long",
      message: `The dataset name "${dataset}" has more than ${maxNameBytes} bytes`,
      hint: "Choose a shorter one: PostgreSQL would cut it.",
    })
}
