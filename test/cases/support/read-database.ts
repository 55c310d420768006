import { DuckDBInstance, type DuckDBValue } from "@duckdb/node-api"

/** A row as it is read; integers are numbers where exact, everything that JavaScript has no type for is DuckDB's text. */
export type ReadRow = Record<string, string | number | bigint | boolean | null | Uint8Array>

/** Opens a DuckDB file read-only with DuckDB's own client, runs one statement in UTC on the schema `data`, and closes it. */
export async function readDatabase(path: string, sql: string): Promise<ReadRow[]> {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" })
  try {
    const connection = await instance.connect()
    try {
      await connection.run("set TimeZone = 'UTC'; set search_path = 'data'")
      const reader = await connection.runAndReadAll(sql)
      return reader.getRowObjects().map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toPlain(value)])))
    } finally {
      connection.closeSync()
    }
  } finally {
    instance.closeSync()
  }
}

function toPlain(value: DuckDBValue): ReadRow[string] {
  if (typeof value === "bigint") return BigInt(Number(value)) === value ? Number(value) : value
  if (typeof value !== "object" || value === null) return value
  return "bytes" in value && value.bytes instanceof Uint8Array ? Uint8Array.from(value.bytes) : String(value)
}
