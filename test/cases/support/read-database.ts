import { DuckDBInstance, type DuckDBValue } from "@duckdb/node-api"

/** A row as it is read; integers are numbers where exact, everything that JavaScript has no type for is DuckDB's text. */
export type ReadRow = Record<string, string | number | bigint | boolean | null | Uint8Array>

/** A database that is open for reading; nothing may write to it meanwhile. */
export interface Reader {
  read(sql: string): Promise<ReadRow[]>
  close(): void
}

/** Opens a DuckDB file read-only with DuckDB's own client; statements run in UTC and on one schema. */
export async function openDatabase(path: string, schema = "data"): Promise<Reader> {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" })
  const connection = await instance.connect()
  await connection.run(`set TimeZone = 'UTC'; set search_path = '${schema}'`)
  return {
    async read(sql) {
      const reader = await connection.runAndReadAll(sql)
      return reader.getRowObjects().map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toPlain(value)])))
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** Opens a DuckDB file, runs one statement, and closes it. */
export async function readDatabase(path: string, sql: string, schema = "data"): Promise<ReadRow[]> {
  const reader = await openDatabase(path, schema)
  try {
    return await reader.read(sql)
  } finally {
    reader.close()
  }
}

function toPlain(value: DuckDBValue): ReadRow[string] {
  if (typeof value === "bigint") return BigInt(Number(value)) === value ? Number(value) : value
  if (typeof value !== "object" || value === null) return value
  return "bytes" in value && value.bytes instanceof Uint8Array ? Uint8Array.from(value.bytes) : String(value)
}
