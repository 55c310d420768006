import { LadingError, type Resource } from "@lading/core"

/** When a long extract is cut: as soon as one of these is reached, at the next moment at which the source stands still. */
export interface CommitEvery {
  /** Rows that were read since the last cut. */
  readonly rows?: number
  /** Bytes of sealed parts since the last cut; rows that wait for a part of their own do not count. */
  readonly bytes?: number
  readonly minutes?: number
}

/** How much a package holds by now. */
export interface PackageSize {
  readonly rows: number
  readonly bytes: number
  readonly minutes: number
}

/** True when it is time to cut. */
export function isDue({ rows, bytes, minutes }: CommitEvery, size: PackageSize): boolean {
  const reached = (limit: number | undefined, value: number): boolean => limit !== undefined && value >= limit
  return size.rows > 0 && (reached(rows, size.rows) || reached(bytes, size.bytes) || reached(minutes, size.minutes))
}

/**
 * Checks that an extract may be published in several packages: a run that starts again behind any of them must read exactly what is missing.
 * @throws LadingError `config-invalid` when no limit is given, or one that is not above 0; `commit-every-unsafe` naming the resource and what it lacks
 */
export function checkCommitEvery(commitEvery: CommitEvery, resources: readonly Resource[], parallel: number): void {
  const limits = [commitEvery.rows, commitEvery.bytes, commitEvery.minutes].filter((limit) => limit !== undefined)
  if (limits.length === 0 || limits.some((limit) => !(limit > 0))) {
    throw new LadingError({
      code: "config-invalid",
      message: "commitEvery: expected rows, bytes or minutes, above 0",
      hint: "commitEvery: { rows: 1_000_000 }",
    })
  }
  if (parallel > 1)
    throw unsafe("resources are read in parallel", "leave parallel away: the state of one is not settled while another is cut")
  for (const resource of resources) {
    const fault = faultOf(resource)
    if (fault !== undefined) throw unsafe(`resource ${resource.name} ${fault.lacks}`, fault.remedy, resource.name)
  }
}

interface Unsafe {
  readonly lacks: string
  readonly remedy: string
}

function faultOf({ hints, parent }: Resource): Unsafe | undefined {
  const { incremental, writeDisposition = "append" } = hints
  const [disposition, strategy] =
    typeof writeDisposition === "string" ? [writeDisposition, undefined] : [writeDisposition.disposition, writeDisposition.strategy]
  if (disposition === "replace")
    return { lacks: "replaces its table", remedy: "readers would see the first part without the rest; load it without commitEvery" }
  if (strategy === "scd2")
    return {
      lacks: "keeps versions of a snapshot",
      remedy: "a part of a snapshot would close every version that it lacks; load it without commitEvery",
    }
  if (hints.mergeKey !== undefined)
    return {
      lacks: "has a merge key",
      remedy: "a package would delete what the one before it brought for the same merge key; use a primary key",
    }
  if (parent !== undefined)
    return {
      lacks: "is fed by another resource",
      remedy: "what is under way between the two is in neither's state; load it without commitEvery",
    }
  if (incremental === undefined)
    return {
      lacks: "has no cursor",
      remedy: 'a run that starts again would not know where; give it incremental: { cursor, rowOrder: "asc" }',
    }
  if (incremental.rowOrder !== "asc")
    return {
      lacks: "does not say that its rows come in the order of the cursor",
      remedy: 'have the source sort them, and say so: incremental: { rowOrder: "asc" }',
    }
  if (incremental.endValue !== undefined)
    return { lacks: "reads up to an end value", remedy: "such a run keeps no state to continue from; leave endValue or commitEvery away" }
  if (incremental.onMissing === "include")
    return { lacks: "includes rows without a cursor value", remedy: 'they have no place in the order; use onMissing: "exclude"' }
  return disposition === "append" ? appendFault(hints) : undefined
}

/** Rows at the cut are known again by their key; with `[]` they would come twice, and by their whole content two that are alike would become one. */
function appendFault({ incremental, primaryKey }: Resource["hints"]): Unsafe | undefined {
  const key = incremental?.boundaryKey ?? primaryKey
  if (incremental?.lag !== undefined)
    return { lacks: "appends with a lag", remedy: "rows within the lag would be loaded twice; use merge with a primary key" }
  if (key !== undefined && key.length > 0) return undefined
  return {
    lacks: "appends rows without a key",
    remedy: "rows at the cut could not be told apart; give it a primaryKey, or incremental: { boundaryKey }",
  }
}

function unsafe(what: string, hint: string, resource?: string): LadingError {
  return new LadingError({
    code: "commit-every-unsafe",
    message: `commitEvery is not safe here: ${what}`,
    hint,
    details: resource === undefined ? {} : { resource },
  })
}
