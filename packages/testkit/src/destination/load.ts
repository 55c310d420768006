import {
  type CommitResult,
  type DestinationSession,
  type LoadSeal,
  type LoadWriter,
  noRows,
  type SealedPart,
  type Table,
  type TableCounters,
} from "@lading/core"
import { byName, defineSchema } from "../data/tables.ts"

/** A seal before its epoch is known. */
export type UnfencedSeal = Omit<LoadSeal, "epoch">

/** A seal whose schema and counters follow from its tables and parts; `more` overrides anything. */
export function sealOf(
  loadId: string,
  tables: readonly Table[],
  parts: readonly SealedPart[],
  more: Partial<UnfencedSeal> = {},
): UnfencedSeal {
  const counters: Record<string, TableCounters> = {}
  for (const part of parts) {
    if (part.table.startsWith("_lading_")) continue
    const normalized = (counters[part.table]?.normalized ?? 0) + part.rowCount
    const isRoot = byName(tables)[part.table]?.parent === undefined
    counters[part.table] = { ...noRows, extracted: isRoot ? normalized : 0, normalized, loaded: normalized }
  }
  return {
    loadId,
    schema: defineSchema(tables),
    parentStateHash: undefined,
    state: undefined,
    names: [],
    counters,
    parts,
    emptied: [],
    schemaChanges: "[]",
    sealedAt: new Date("2024-05-01T10:00:00.123Z"),
    ...more,
  }
}

/** The owner under which the kit takes leases: a host that is not this one, so that nobody can look whether it lives. */
export const kitOwner = "kit-host:kit-boot:1"

/** Takes the lease, whoever holds it, and begins a load. */
export async function begin(session: DestinationSession, loadId: string): Promise<{ readonly writer: LoadWriter; readonly epoch: number }> {
  const { epoch } = await session.takeLease({ owner: kitOwner, takeOver: true })
  return { writer: await session.begin({ loadId, epoch }), epoch }
}

/** One whole load: lease, begin, commit; aborted when it is refused. Parts are staged one by one before the commit when `stageFirst` is set. */
export async function load(session: DestinationSession, seal: UnfencedSeal, { stageFirst = false } = {}): Promise<CommitResult> {
  const { writer, epoch } = await begin(session, seal.loadId)
  try {
    if (stageFirst) for (const part of seal.parts) await writer.stage(part, seal.schema.tables)
    return await writer.commit({ ...seal, epoch })
  } finally {
    await writer.abort()
  }
}
