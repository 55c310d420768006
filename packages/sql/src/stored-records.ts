import { inflateSync } from "node:zlib"
import { LadingError, type LedgerEntry, type SchemaDocument, type StateRow, type TableCommit } from "@lading/core"
import { numberOf, type Row, textOf } from "./rows.ts"

/**
 * The document in the column `schema` of a row of `_dlt_version`: plain JSON, or zlib-compressed JSON in base64 (reference: load 1.3.2).
 * @throws LadingError `schema-unreadable`
 */
export function toStoredSchema(row: Row): SchemaDocument {
  const stored = textOf(row, "schema")
  try {
    const text = stored.startsWith("{") ? stored : inflateSync(Buffer.from(stored, "base64")).toString("utf8")
    return JSON.parse(text)
  } catch (error) {
    throw new LadingError({
      code: "schema-unreadable",
      message: "A schema stored in _dlt_version is neither JSON nor compressed JSON",
      cause: error,
    })
  }
}

/** A row of `_dlt_pipeline_state`; `created_at` is a text that `Date` reads. */
export function toStoredState(row: Row): StateRow {
  return {
    version: numberOf(row, "version"),
    engine_version: numberOf(row, "engine_version"),
    pipeline_name: textOf(row, "pipeline_name"),
    state: textOf(row, "state"),
    created_at: new Date(textOf(row, "created_at")),
    version_hash: textOf(row, "version_hash"),
  }
}

/** A row of `_lading_names`. */
export function toLedgerEntry(row: Row): LedgerEntry {
  return {
    table: textOf(row, "table_name"),
    column: typeof row.column_name === "string" ? row.column_name : undefined,
    path: textOf(row, "path"),
  }
}

/** The rows of `_lading_load_tables` of one load, by table. */
export function toTableCommits(rows: readonly Row[]): Readonly<Record<string, TableCommit>> {
  return Object.fromEntries(
    rows.map((row) => {
      const effects = (["inserted", "updated", "deleted"] as const).filter((effect) => row[effect] !== null)
      return [
        textOf(row, "table_name"),
        { loaded: numberOf(row, "loaded"), ...Object.fromEntries(effects.map((effect) => [effect, numberOf(row, effect)])) },
      ]
    }),
  )
}
