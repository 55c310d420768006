import type { StoredRow } from "./rows.ts"

/** A version of a row, valid from one moment until another; open while it has no end. Moments are milliseconds. */
export interface Version {
  readonly row: StoredRow
  readonly version: string
  readonly from: number
  readonly to: number | undefined
}

/** What an scd2 table is told about its rows. */
export interface Scd2Rules {
  readonly mergeKey: readonly string[]
  readonly versionOf: (row: StoredRow) => string
}

/**
 * What an scd2 table holds after a load: open versions that the load lacks end, with a merge key only where the load brings that key; versions that are not open
 * begin, each once.
 */
export function scd2Model(rules: Scd2Rules, table: readonly Version[], staged: readonly StoredRow[], at: number): readonly Version[] {
  const brought = new Set(staged.map(rules.versionOf))
  const isReached = ({ row }: Version) =>
    rules.mergeKey.length === 0 ||
    staged.some((other) => rules.mergeKey.every((key) => row.values[key] !== null && row.values[key] === other.values[key]))
  const closed = table.map((one) => (one.to === undefined && !brought.has(one.version) && isReached(one) ? { ...one, to: at } : one))
  const open = new Set(closed.filter(({ to }) => to === undefined).map(({ version }) => version))
  const begun: Version[] = []
  for (const row of staged) {
    const version = rules.versionOf(row)
    if (open.has(version)) continue
    open.add(version)
    begun.push({ row, version, from: at, to: undefined })
  }
  return [...closed, ...begun]
}
