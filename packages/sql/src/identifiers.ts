/** An identifier in double quotes, inner quotes doubled (SQL standard; Postgres, DuckDB, SQLite, Snowflake). */
export function quoteWithDoubleQuotes(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** Identifiers quoted and joined by dots: `qualifiedName(dialect.quote, "dataset", "table")`. */
export function qualifiedName(quote: (identifier: string) => string, ...parts: readonly string[]): string {
  return parts.map(quote).join(".")
}

/** A text literal in single quotes, inner quotes doubled; for databases in which a backslash is an ordinary character. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
