import type { SchemaChange, SchemaDocument } from "@lading/core"
import { describeChange } from "../describe-change.ts"

/** What people are told when a load changed the schema of a dataset. */
export interface SchemaChangeNotice {
  readonly pipeline: string
  readonly destination: string
  readonly dataset: string
  /** The load that brought the changes. */
  readonly loadId: string
  /** The newest load before it with the schema as it was; undefined for a new dataset. */
  readonly sinceLoadId: string | undefined
  readonly changes: readonly OwnedChange[]
}

/** A change, with whoever owns the source of its table. */
export interface OwnedChange extends SchemaChange {
  readonly resource?: string
  readonly owner?: string
}

/** Takes a notice somewhere; what it throws becomes a warning of the receipt, never a failed load. */
export type SchemaChangeSink = (notice: SchemaChangeNotice, signal: AbortSignal) => void | Promise<void>

/** Adds resource and owner of each change's root table, as the schema knows them. */
export function withOwners(changes: readonly SchemaChange[], schema: SchemaDocument): OwnedChange[] {
  return changes.map((change) => {
    let table = schema.tables[change.table]
    while (table?.parent !== undefined) table = schema.tables[table.parent]
    const owner = table?.["x-lading-owner"]
    return {
      ...change,
      ...(table?.resource === undefined ? {} : { resource: table.resource }),
      ...(typeof owner === "string" ? { owner } : {}),
    }
  })
}

/** A notice as plain text: one line a change. */
export function describeNotice({ pipeline, destination, dataset, loadId, sinceLoadId, changes }: SchemaChangeNotice): string {
  const since = sinceLoadId === undefined ? "first load" : `since load ${sinceLoadId}`
  const lines = changes.map((change) => {
    const owner = change.owner === undefined ? "" : ` (${change.owner})`
    const from = change.resource === undefined ? "" : ` from ${change.resource}`
    return `${describeChange(change)}${from}${owner}`
  })
  return [`${pipeline} → ${destination} · ${dataset}: the schema changed in load ${loadId}, ${since}`, ...lines].join("\n")
}
