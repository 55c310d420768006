import { type DestinationPlace, type PostgresServer, sharedPostgres } from "@lading/testkit"
import pg from "pg"
import { environment } from "../src/testing/environment.ts"

/** The server of this process's tests. */
export function testServer(): Promise<PostgresServer> {
  return sharedPostgres(environment)
}

/** Runs a statement with a client of its own, as a superuser, and gives its rows. */
export async function ask(sql: string, values: readonly unknown[] = []): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString: (await testServer()).url })
  await client.connect()
  try {
    const { rows } = await client.query(sql, [...values])
    return rows
  } finally {
    await client.end()
  }
}

/** Drops the schemas that a check made: its dataset, and those whose names start with it. */
export async function dropDatasets({ dataset }: DestinationPlace): Promise<void> {
  const found = await ask(
    "SELECT quote_ident(nspname) AS name FROM pg_namespace WHERE nspname = $1 OR starts_with(nspname::text, $1 || '_')",
    [dataset],
  )
  for (const { name } of found) await ask(`DROP SCHEMA ${String(name)} CASCADE`)
}
