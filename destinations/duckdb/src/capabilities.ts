import type { DestinationCapabilities } from "@lading/core"

/** What DuckDB can do, read at plan time. */
export const capabilities: DestinationCapabilities = {
  guarantee: "A",
  writeDispositions: ["append", "replace", "merge", "skip"],
  mergeStrategies: ["delete-insert", "upsert", "insert-only", "scd2"],
  partFormats: ["parquet"],
  maxIdentifierLength: 65_536,
  hasCaseSensitiveIdentifiers: false,
  decimal: { precision: 38, scale: 9 },
  wei: { precision: 38, scale: 0 },
  supportsNulInText: true,
}
