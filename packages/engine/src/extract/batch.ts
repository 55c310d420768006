import type { Batch, Yield } from "@lading/core"

/** A tagged batch or an array of rows as a batch; undefined for a single row. */
export function toBatch(item: Yield): Batch | undefined {
  if (Array.isArray(item)) return { kind: "rows", rows: item }
  return isBatch(item) ? item : undefined
}

/** True for a tagged batch; a row may have a column `kind`, too. */
export function isBatch(item: unknown): item is Batch {
  if (typeof item !== "object" || item === null || !("kind" in item)) return false
  return (
    (item.kind === "rows" && "rows" in item && Array.isArray(item.rows)) ||
    (item.kind === "json-lines" && "bytes" in item && item.bytes instanceof Uint8Array) ||
    (item.kind === "rejects" && "rejects" in item && Array.isArray(item.rejects))
  )
}
