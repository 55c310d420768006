/**
 * Makes a database anew, empty or as a copy of another one, and writes everything to disk, so that no run pays for what was before it.
 * @param {{ ask: (database: string, sql: string) => Promise<object[]> }} server as `withPostgres` lends it
 * @param {string} name lower-case letters and underscores
 * @param {string} [template] name of the database to copy
 */
export async function recreateDatabase({ ask }, name, template = "template1") {
  await ask("postgres", `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await ask("postgres", `CREATE DATABASE ${name} TEMPLATE ${template}`)
  await ask("postgres", "CHECKPOINT")
}

/** A name of a database out of any text, and never a word of SQL. */
export function toDatabaseName(text) {
  return `bench_${text.replaceAll(/[^a-z]+/g, "_")}`
}
