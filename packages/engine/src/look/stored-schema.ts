import { inflateSync } from "node:zlib"
import { type DestinationSession, LadingError, type SchemaDocument } from "@lading/core"
import { quoteText, readRows } from "./read-rows.ts"

/** One content that a schema of a dataset had. */
export interface SchemaVersion {
  readonly name: string
  readonly version: number
  readonly hash: string
  readonly storedAt: string
}

/** Every content that the schemas of a dataset had, the newest first. */
export async function listSchemaVersions(session: DestinationSession): Promise<SchemaVersion[]> {
  const sql = `SELECT schema_name, "version", version_hash, inserted_at FROM _dlt_version ORDER BY schema_name, "version" DESC, inserted_at DESC`
  return (await readRows(session, sql)).map((row) => ({
    name: String(row.schema_name),
    version: Number(row.version),
    hash: String(row.version_hash),
    storedAt: String(row.inserted_at),
  }))
}

/** The document with a hash; undefined when it is not stored. @throws LadingError `schema-unreadable` */
export async function readStoredSchema(session: DestinationSession, hash: string): Promise<SchemaDocument | undefined> {
  const [row] = await readRows(session, `SELECT "schema" FROM _dlt_version WHERE version_hash = ${quoteText(hash)}`)
  return row === undefined ? undefined : parseStored(String(row.schema))
}

/** The stored document is plain JSON, or zlib-compressed JSON in base64 (reference: load 1.3.2). */
function parseStored(stored: string): SchemaDocument {
  try {
    return JSON.parse(stored.startsWith("{") ? stored : inflateSync(Buffer.from(stored, "base64")).toString("utf8"))
  } catch (cause) {
    throw new LadingError({
      code: "schema-unreadable",
      message: "A schema stored in _dlt_version is neither JSON nor compressed JSON",
      cause,
    })
  }
}
