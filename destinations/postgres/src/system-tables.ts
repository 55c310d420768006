import type { Client } from "pg"
import { datasetExists, readCatalog } from "./catalog.ts"
import { execute, transaction } from "./connection.ts"
import { postgresDialect } from "./dialect.ts"
import { ddlLock, type Place, tableAt } from "./place.ts"

/** Columns of the tables that dlt shares (reference: schema 8.2 to 8.4) and of Lading's own. */
const definitions: Readonly<Record<string, string>> = {
  _dlt_loads: `load_id varchar(64) NOT NULL PRIMARY KEY, schema_name varchar, status bigint NOT NULL, inserted_at timestamptz NOT NULL, schema_version_hash varchar`,
  _dlt_version: `"version" bigint NOT NULL, engine_version bigint NOT NULL, inserted_at timestamptz NOT NULL, schema_name varchar NOT NULL, version_hash varchar NOT NULL, "schema" varchar NOT NULL`,
  _dlt_pipeline_state: `"version" bigint NOT NULL, engine_version bigint NOT NULL, pipeline_name varchar NOT NULL, state varchar NOT NULL, created_at timestamptz NOT NULL, version_hash varchar, _dlt_load_id varchar(64) NOT NULL, _dlt_id varchar NOT NULL`,
  _lading_commits: `load_id varchar NOT NULL PRIMARY KEY, pipeline varchar NOT NULL, epoch bigint NOT NULL, schema_name varchar NOT NULL, version_hash varchar NOT NULL, "sequence" bigint GENERATED ALWAYS AS IDENTITY`,
  _lading_lease: `pipeline varchar NOT NULL PRIMARY KEY, epoch bigint NOT NULL, "owner" varchar, heartbeat timestamptz`,
  _lading_load_tables: `load_id varchar NOT NULL, table_name varchar NOT NULL, extracted bigint NOT NULL, filtered bigint NOT NULL, deduplicated bigint NOT NULL, rejected bigint NOT NULL, normalized bigint NOT NULL, loaded bigint NOT NULL, inserted bigint, updated bigint, deleted bigint`,
  _lading_names: `table_name varchar NOT NULL, column_name varchar, path varchar NOT NULL, load_id varchar NOT NULL, "position" bigint GENERATED ALWAYS AS IDENTITY`,
  _lading_rejects: `load_id varchar NOT NULL, table_name varchar NOT NULL, "ordinal" bigint, code varchar NOT NULL, pointer varchar, message varchar, "value" varchar, value_hash varchar, origin varchar, line bigint`,
  _lading_schema_changes: `load_id varchar NOT NULL, changes jsonb NOT NULL`,
}

/** Creates the dataset and its system tables where they are missing. Empty system tables mean nothing to any reader. */
export async function ensureSystemTables(client: Client, place: Place): Promise<void> {
  if ((await missingTables(client, place)).length === 0) return
  await transaction(client, "create the system tables", async () => {
    await execute(client, ddlLock(place), "wait for the lock on the dataset")
    // Asked first: CREATE SCHEMA needs the right to create one even where it is there.
    if (!(await datasetExists(client, place)))
      await execute(client, `CREATE SCHEMA ${postgresDialect.quote(place.dataset)}`, `create dataset "${place.dataset}"`)
    for (const table of await missingTables(client, place))
      await execute(client, `CREATE TABLE ${tableAt(place, table)} (${definitions[table]})`, `create table "${table}"`)
  })
}

async function missingTables(client: Client, place: Place): Promise<readonly string[]> {
  const catalog = await readCatalog(client, place)
  return Object.keys(definitions).filter((table) => !catalog.has(table))
}

/** True for tables whose definition is fixed here and does not follow the schema. */
export function isSystemTable(name: string): boolean {
  return Object.hasOwn(definitions, name) || name.startsWith("_lading_")
}
