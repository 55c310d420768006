import type { SchemaChange } from "@lading/core"

/** A schema change in a few words. */
export function describeChange(change: SchemaChange): string {
  const place = change.column === undefined ? change.table : `${change.table}.${change.column}`
  if (change.kind === "table-added") {
    const columns = Object.keys(change.columns ?? {}).length
    return `+ ${place} (new table, ${columns} ${columns === 1 ? "column" : "columns"})`
  }
  if (change.kind === "table-removed" || change.kind === "column-removed") return `- ${place}`
  if (change.before !== undefined) return `~ ${place} ${String(change.before)} → ${String(change.after)}`
  return `+ ${place} ${String(change.after ?? "")}`.trimEnd()
}
