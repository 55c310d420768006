import type { LoadSeal, Table } from "@lading/core"
import { hasSeenData, numberOf, planClear, planTable, rootOf } from "@lading/sql"
import { readCatalog } from "./catalog.ts"
import { execute, readRows } from "./connection.ts"
import { postgresDialect } from "./dialect.ts"
import type { Load, StagingTable } from "./load.ts"
import { ddlLock, tableAt } from "./place.ts"
import { isSwapped } from "./staging-table.ts"
import { isSystemTable } from "./system-tables.ts"

const { quote } = postgresDialect

/** A statement that brings the dataset closer to the schema. */
interface Change {
  readonly sql: string
  readonly what: string
  /** Table whose old rows this statement counts. */
  readonly counts?: string
}

/** What is left to do after the tables are as the schema has them. */
export interface Prepared {
  /** Tables that were made out of their staging table, with all their rows. */
  readonly adopted: ReadonlySet<string>
  /** Rows of the tables that had to make place for theirs. */
  readonly dropped: ReadonlyMap<string, number>
}

/**
 * Creates and alters the tables of the load, in its transaction. The catalogue is read again under the lock, because another load may have been
 * faster.
 */
export async function prepareTables(load: Load, seal: LoadSeal): Promise<Prepared> {
  const { client } = load.connection
  const { place } = load.scope
  load.catalog = await readCatalog(client, place)
  if (planChanges(load, seal).changes.length > 0) {
    await execute(client, ddlLock(place), "wait for the lock on the dataset")
    load.catalog = await readCatalog(client, place)
  }
  const { changes, adopted } = planChanges(load, seal)
  const dropped = new Map<string, number>()
  for (const { sql, what, counts } of changes) {
    if (counts === undefined) await execute(client, sql, what)
    else dropped.set(counts, numberOf((await readRows(client, sql, what))[0], "total"))
  }
  if (changes.length > 0) load.catalog = await readCatalog(client, place)
  return { adopted, dropped }
}

function planChanges(load: Load, seal: LoadSeal): { readonly changes: readonly Change[]; readonly adopted: ReadonlySet<string> } {
  const loaded = new Set(seal.parts.map(({ table }) => table))
  const adopted = new Set<string>()
  const changes: Change[] = []
  const needed = dataTables(load).filter((table) => loaded.has(table.name) || hasSeenData(table))
  for (const table of needed.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const staging = load.staging.get(table.name)
    const isAdopted = staging !== undefined && canAdopt(load, table, staging, loaded)
    if (isAdopted) adopted.add(table.name)
    const [target, existing] = isAdopted
      ? [staging.name, staging.types]
      : [tableAt(load.scope.place, table.name), load.catalog.get(table.name)]
    for (const change of planTable(postgresDialect, target, table, existing))
      changes.push({ sql: change.sql, what: `${change.kind.replace("-", " ")} of table "${table.name}"` })
    if (isAdopted && load.catalog.has(table.name)) changes.push(...dropTable(load, table.name))
    if (isAdopted)
      changes.push({
        sql: `ALTER TABLE ${staging.name} RENAME TO ${quote(table.name)}; COMMENT ON TABLE ${tableAt(load.scope.place, table.name)} IS NULL`,
        what: `create table "${table.name}"`,
      })
  }
  return { changes, adopted }
}

/** Tables of the schema that hold the user's data. */
export function dataTables(load: Load): readonly Table[] {
  return Object.values(load.tables).filter(({ name }) => !name.startsWith("_dlt_") && !isSystemTable(name))
}

function dropTable(load: Load, name: string): readonly Change[] {
  return planClear(postgresDialect, tableAt(load.scope.place, name), "staging-optimized").map(({ sql, gives }) => ({
    sql,
    what: `replace table "${name}"`,
    ...(gives === "total" ? { counts: name } : {}),
  }))
}

function canAdopt(load: Load, table: Table, { mayBecomeTarget }: StagingTable, loaded: ReadonlySet<string>): boolean {
  if (!mayBecomeTarget) return false
  const root = rootOf(load.tables, table.name)
  if (!load.catalog.has(table.name)) return root.write_disposition !== "merge"
  return isSwapped(load, table.name) && loaded.has(root.name)
}
