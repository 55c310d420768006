import type { LoadSeal, TableCommit } from "@lading/core"
import { type LoadRecord, loadRecords } from "@lading/sql"
import type { Client } from "pg"
import { execute } from "./connection.ts"
import { postgresDialect } from "./dialect.ts"
import type { LeaseScope } from "./lease.ts"
import { type Place, tableAt } from "./place.ts"

const { quote } = postgresDialect

/** Writes everything that is committed with the rows of a load: marker, counts, names, schema, state and schema changes. */
export async function writeRecords(
  client: Client,
  { place, pipeline }: LeaseScope,
  seal: LoadSeal,
  tables: Readonly<Record<string, TableCommit>>,
): Promise<void> {
  for (const record of [...loadRecords(seal, tables), commitRecord(pipeline, seal)]) await insert(client, place, record)
}

/** The sequence of commits, given by the server: newest is what was committed last, whatever load ids and clocks say. */
function commitRecord(pipeline: string, { loadId, epoch, schema }: LoadSeal): LoadRecord {
  const row = { load_id: loadId, pipeline, epoch, schema_name: schema.name, version_hash: schema.version_hash }
  return { table: "_lading_commits", row }
}

const casts: Readonly<Record<string, string>> = { inserted_at: "timestamptz", created_at: "timestamptz", changes: "jsonb" }
const counts: ReadonlySet<string> = new Set([
  "epoch",
  "version",
  "engine_version",
  "status",
  "extracted",
  "filtered",
  "deduplicated",
  "rejected",
  "normalized",
  "loaded",
  "inserted",
  "updated",
  "deleted",
])

async function insert(client: Client, place: Place, { table, row, uniqueBy = [] }: LoadRecord): Promise<void> {
  const target = tableAt(place, table)
  const names = Object.keys(row)
  const values = new Map(names.map((name, index) => [name, `$${index + 1}::${casts[name] ?? (counts.has(name) ? "bigint" : "text")}`]))
  const same = uniqueBy.map((name) => `${quote(name)} = ${values.get(name)}`).join(" AND ")
  const condition = same === "" ? "" : ` WHERE NOT EXISTS (SELECT 1 FROM ${target} WHERE ${same})`
  const sql = `INSERT INTO ${target} (${names.map(quote).join(", ")}) SELECT ${[...values.values()].join(", ")}${condition}`
  await execute(client, sql, `write ${table}`, Object.values(row))
}
