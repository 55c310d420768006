import type { Column, DestinationSession, LoadSeal, LoadWriter, QueryBatch, SealedPart, Table } from "@lading/core"

/** A session whose members may be replaced by broken ones. `memory` is shared by all sessions of one destination. */
export type Saboteur = (session: DestinationSession, memory: Memory) => Partial<DestinationSession>

/** What broken sessions of one destination remember together. */
export interface Memory {
  epoch: number
}

/** Breaks a destination one writer at a time. */
function breakWriter(change: (writer: LoadWriter, session: DestinationSession) => Partial<LoadWriter>): Saboteur {
  return (session) => ({
    async begin(header) {
      const writer = await session.begin(header)
      return { ...writer, ...change(writer, session) }
    },
  })
}

/** Breaks a destination by handing it another seal than the one it was given. */
function breakSeal(change: (seal: LoadSeal, session: DestinationSession) => LoadSeal | Promise<LoadSeal>): Saboteur {
  return breakWriter((writer, session) => ({ commit: async (seal) => writer.commit(await change(seal, session)) }))
}

const ignoresEpoch: Saboteur = (session, memory) => ({
  async takeLease(request) {
    const lease = await session.takeLease(request)
    memory.epoch = lease.epoch
    return lease
  },
  async begin(header) {
    const writer = await session.begin({ ...header, epoch: memory.epoch })
    return { ...writer, commit: (seal) => writer.commit({ ...seal, epoch: memory.epoch }) }
  },
})

const losesLastPart = breakSeal((seal) => {
  const last = seal.parts.at(-1)
  const counters = { ...seal.counters }
  const before = last === undefined ? undefined : counters[last.table]
  if (last !== undefined && before !== undefined) counters[last.table] = { ...before, normalized: before.normalized - last.rowCount }
  return { ...seal, parts: seal.parts.slice(0, -1), counters }
})

const commitsTwice = breakWriter((writer, session) => ({
  async commit(seal) {
    const result = await writer.commit(seal)
    const again = await session.begin(seal)
    const parentStateHash = seal.state?.version_hash ?? seal.parentStateHash
    await again.commit({ ...seal, loadId: `${seal.loadId}-again`, state: undefined, parentStateHash, names: [] })
    return result
  },
}))

const forgetsMarker = breakSeal(async (seal, session) => {
  const isCommitted = (await session.committedLoads([seal.loadId])).size > 0
  const { state } = await session.snapshot()
  return isCommitted ? { ...seal, loadId: `${seal.loadId}-again`, state: undefined, parentStateHash: state?.version_hash, names: [] } : seal
})

const ignoresParentState = breakSeal(async (seal, session) => ({
  ...seal,
  parentStateHash: (await session.snapshot()).state?.version_hash,
}))

const believesCounters = breakSeal((seal) => {
  const counters: Record<string, LoadSeal["counters"][string]> = {}
  for (const { table, rowCount } of seal.parts) {
    const normalized = (counters[table]?.normalized ?? 0) + rowCount
    counters[table] = { extracted: normalized, filtered: 0, deduplicated: 0, rejected: 0, normalized, loaded: normalized }
  }
  return { ...seal, counters }
})

const stagesInTheOpen: Saboteur = (session) => ({
  async begin(header) {
    const writer = await session.begin(header)
    return {
      ...writer,
      async stage(part: SealedPart, tables: Readonly<Record<string, Table>>) {
        const open = await session.begin({ ...header, loadId: part.sha256 })
        const seal = await openSeal(session, header, part, tables)
        await open.commit(seal)
      },
    }
  },
})

async function openSeal(
  session: DestinationSession,
  header: { readonly epoch: number },
  part: SealedPart,
  tables: Readonly<Record<string, Table>>,
): Promise<LoadSeal> {
  const { rowCount, table } = part
  const { state, schemas } = await session.snapshot()
  const schema = schemas[0] ?? {
    version: 1,
    version_hash: "open",
    engine_version: 11,
    name: "open",
    settings: {},
    normalizers: { names: "snake_case", json: { module: "relational" } },
    previous_hashes: [],
    tables: {},
  }
  return {
    loadId: part.sha256,
    epoch: header.epoch,
    schema: { ...schema, tables: { ...tables } },
    parentStateHash: state?.version_hash,
    state: undefined,
    names: [],
    counters: { [table]: { extracted: rowCount, filtered: 0, deduplicated: 0, rejected: 0, normalized: rowCount, loaded: rowCount } },
    parts: [part],
    emptied: [],
    schemaChanges: "[]",
    sealedAt: new Date(),
  }
}

/** An abort that keeps what was staged. */
const commitsOnAbort: Saboteur = (session) => ({
  async begin(header) {
    const staged: { readonly part: SealedPart; readonly tables: Readonly<Record<string, Table>> }[] = []
    const writer = await session.begin(header)
    return {
      ...writer,
      async stage(part, tables) {
        staged.push({ part, tables })
        await writer.stage(part, tables)
      },
      async abort() {
        await writer.abort()
        for (const { part, tables } of staged.splice(0)) {
          const kept = await session.begin({ ...header, loadId: part.sha256 })
          await kept.commit(await openSeal(session, header, part, tables))
        }
      },
    }
  },
})

/** Changes the tables that a load is done with. */
function breakTables(change: (table: Table) => Table): Saboteur {
  const changeAll = (tables: Readonly<Record<string, Table>>) =>
    Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, change(table)]))
  return breakWriter((writer) => ({
    stage: (part, tables) => writer.stage(part, changeAll(tables)),
    commit: (seal) => writer.commit({ ...seal, schema: { ...seal.schema, tables: changeAll(seal.schema.tables) } }),
  }))
}

function breakColumns(table: Table, change: (column: Column) => Column): Table {
  return { ...table, columns: Object.fromEntries(Object.entries(table.columns).map(([name, column]) => [name, change(column)])) }
}

function breakQuery(change: (batch: QueryBatch, index: number) => QueryBatch | undefined): Saboteur {
  return (session) => ({
    async *query(sql) {
      let index = 0
      for await (const batch of session.query(sql)) {
        const changed = change(batch, index++)
        if (changed !== undefined) yield changed
      }
    },
  })
}

const mapValues = (change: (value: unknown) => unknown): Saboteur =>
  breakQuery((batch) => ({ ...batch, rows: batch.rows.map((row) => row.map(change)) }))

/** Ways to be wrong, each with checks that must notice: `concern: name`, or the beginning of it. */
export const saboteurs: Readonly<Record<string, readonly [saboteur: Saboteur, ...noticedBy: string[]]>> = {
  "commits without looking at the epoch": [
    ignoresEpoch,
    "fencing: refuses the commit of a writer whose lease was taken over",
    "fencing: refuses an epoch",
  ],
  "loses the last part": [losesLastPart, "atomicity: stages in the commit what was not staged", "replace: keeps the rows of all parts"],
  "commits twice": [commitsTwice, "atomicity: shows nothing before", "guarantee A: lets one of two writers"],
  "forgets the marker": [forgetsMarker, "marker: does not load again"],
  "finds no load committed": [() => ({ committedLoads: async () => new Set<string>() }), "marker: knows exactly"],
  "finds every load committed": [() => ({ committedLoads: async (ids) => new Set(ids) }), "marker: knows exactly", "session: sees nothing"],
  "ignores which state a load was extracted from": [
    ignoresParentState,
    "state chain: refuses a load that was extracted from a state that is not",
  ],
  "believes any counters": [believesCounters, "accounting: refuses counters that say more", "accounting: refuses a table without"],
  "shows rows as soon as they are staged": [stagesInTheOpen, "atomicity: shows nothing before the commit"],
  "keeps what was staged when it aborts": [commitsOnAbort, "atomicity: leaves nothing after an abort"],
  "appends where it should replace": [
    breakTables((table) => (table.write_disposition === "replace" ? { ...table, write_disposition: "append" } : table)),
    "replace: puts the new rows",
    "guarantee A: shows a reader",
  ],
  "appends where it should merge": [
    breakTables((table) => (table.write_disposition === "merge" ? { ...table, write_disposition: "append" } : table)),
    "merge delete-insert: brings",
    "merge upsert: brings",
    "merge insert-only: brings",
    "merge scd2: closes the versions",
  ],
  "upserts whatever the strategy": [
    breakTables((table) => (table["x-merge-strategy"] === undefined ? table : { ...table, "x-merge-strategy": "upsert" })),
    "merge insert-only: brings",
  ],
  "opens versions without closing any": [
    breakTables((table) => breakColumns(table, (column) => (column["x-row-version"] === true ? { ...column, merge_key: true } : column))),
    "merge scd2: closes the versions",
    "merge scd2: opens a version that comes back",
    "merge scd2: keeps nested rows once",
  ],
  "closes every version that a load lacks": [
    breakTables((table) => breakColumns(table, (column) => ({ ...column, merge_key: false }))),
    "merge scd2: closes with a merge key only",
  ],
  "closes versions when the load was sealed, whatever the table says": [
    breakTables(({ "x-boundary-timestamp": _, ...table }) => table),
    "merge scd2: takes the moment",
  ],
  "forgets which rows are deleted": [
    breakTables((table) => breakColumns(table, (column) => ({ ...column, hard_delete: false }))),
    "merge delete-insert: removes the keys",
    "merge upsert: removes the keys",
  ],
  "gives every owner the lease": [
    (session) => ({ takeLease: (request) => session.takeLease({ ...request, takeOver: true }) }),
    "lease: refuses the lease of a living owner",
    "lease: does not let an old owner release",
  ],
  "gives the same epoch to all": [
    (session) => ({ takeLease: async (request) => ({ ...(await session.takeLease(request)), epoch: 1 }) }),
    "lease: gives a higher epoch",
  ],
  "rounds large integers": [mapValues((value) => (typeof value === "bigint" ? Number(value) : value)), "types: gives back every bigint"],
  "cuts timestamps to milliseconds": [
    mapValues((value) => (typeof value === "string" ? value.replace(/(\.\d{3})\d{3}(\+00:00)$/, "$1$2") : value)),
    "types: gives back every timestamp as",
  ],
  "reads empty text as null": [mapValues((value) => (value === "" ? null : value)), "types: gives back every text"],
  "reads decimals as doubles": [
    mapValues((value) => (typeof value === "string" && /^-?\d+\.\d{9}$/.test(value) ? Number(value) : value)),
    "types: gives back every decimal",
  ],
  "gives only the first batch of a query": [breakQuery((batch, index) => (index === 0 ? batch : undefined)), "query: gives all rows"],
  "gives nothing for an empty result": [
    breakQuery((batch) => (batch.rows.length === 0 ? undefined : batch)),
    "query: gives one empty batch",
  ],
  "throws bare errors": [
    (session) => ({
      async *query(sql) {
        try {
          yield* session.query(sql)
        } catch (error) {
          throw new Error(String(error))
        }
      },
    }),
    "query: reports a statement that cannot run",
  ],
  "forgets names": [breakSeal((seal) => ({ ...seal, names: [] })), "snapshot: gives schema, state and names back"],
  "forgets the state": [breakSeal((seal) => ({ ...seal, state: undefined })), "snapshot: gives schema, state", "atomicity: shows nothing"],
  "drops rejects": [
    breakSeal((seal) => ({ ...seal, parts: seal.parts.filter(({ table }) => table !== "_lading_rejects") })),
    "rejects: commits rejected rows",
  ],
  "never empties a table": [breakSeal((seal) => ({ ...seal, emptied: [] })), "replace: leaves a table alone"],
  "takes every integer for exact": [() => ({ inexactIntegerColumns: async () => new Set<string>() }), "widening: knows which stored"],
}
