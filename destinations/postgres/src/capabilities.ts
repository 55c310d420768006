import type { DestinationCapabilities } from "@lading/core"

/** What PostgreSQL can do, read at plan time. A wei column has 78 digits before and 78 after the point, as dlt makes it; a wei is a whole number. */
export const capabilities: DestinationCapabilities = {
  guarantee: "A",
  writeDispositions: ["append", "replace", "merge", "skip"],
  mergeStrategies: ["delete-insert", "upsert", "insert-only", "scd2"],
  partFormats: ["copy-text"],
  maxIdentifierLength: 63,
  identifierUnit: "bytes",
  hasCaseSensitiveIdentifiers: true,
  decimal: { precision: 38, scale: 9 },
  wei: { precision: 78, scale: 0 },
  supportsNulInText: false,
  hasStrictJson: true,
  // 24 November of 4714 BC, the Julian day 0 (PostgreSQL 15 manual, table 8.9, and DATETIME_MIN_JULIAN).
  earliestDay: -2_440_588,
}
