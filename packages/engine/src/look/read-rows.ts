import { type DestinationSession, isLadingError } from "@lading/core"

/** A row of a system table, by column. */
export type SystemRow = Readonly<Record<string, unknown>>

/** The rows of one statement; none where a table is missing, as Lading's own are in a dataset that only dlt has loaded. */
export async function readRows(session: DestinationSession, sql: string): Promise<SystemRow[]> {
  const rows: SystemRow[] = []
  try {
    for await (const batch of session.query(sql)) {
      for (const row of batch.rows) rows.push(Object.fromEntries(batch.columns.map(({ name }, i) => [name, row[i]])))
    }
    return rows
  } catch (error) {
    if (isLadingError(error) && error.code === "destination-error" && isMissingTable(error.details)) return []
    throw error
  }
}

/** DuckDB's kind of error, or PostgreSQL's undefined_table and invalid_schema_name. */
function isMissingTable({ kind, sqlstate }: Readonly<Record<string, unknown>>): boolean {
  return kind === "catalog" || sqlstate === "42P01" || sqlstate === "3F000"
}

/** A name in double quotes, as SQL has it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text in single quotes, as SQL has it. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
