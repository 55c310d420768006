import { LadingError } from "@lading/core"

/** Python packages that run dbt on one kind of database, at versions that were seen to work together. */
export interface AdapterPackages {
  /** Package that holds the adapter. */
  readonly adapter: string
  /** What `pip install` is given, exact versions only. */
  readonly requirements: readonly string[]
}

/** dbt-core 1.12 builds from a source archive that fetches more while it is built, so 1.11 is the newest that installs anywhere. */
const core = "dbt-core==1.11.16"

/** By the name of dbt's adapter. `duckdb` is pinned to the version of the DuckDB destination: a newer one writes files that older ones cannot read. */
const table: Readonly<Record<string, AdapterPackages>> = {
  duckdb: { adapter: "dbt-duckdb", requirements: [core, "dbt-duckdb==1.11.1", "duckdb==1.5.6"] },
  postgres: { adapter: "dbt-postgres", requirements: [core, "dbt-postgres==1.11.0"] },
}

/**
 * The packages for an adapter.
 * @throws LadingError `dbt-profile` for an adapter that is not in the table
 */
export function adapterPackages(type: string): AdapterPackages {
  const found = Object.hasOwn(table, type) ? table[type] : undefined
  if (found !== undefined) return found
  throw new LadingError({
    code: "dbt-profile",
    message: `dbt cannot be run on this destination: there is no adapter of the name ${type}`,
    hint: `Known adapters: ${Object.keys(table).join(", ")}.`,
  })
}
