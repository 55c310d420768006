import { inflateSync } from "node:zlib"
import { decodeState, formatTimestamp, incrementalState, microsToTimestamp, type StateDocument, type TypedValue } from "@lading/core"
import type { PipelineOptions } from "../options.ts"
import { resolvePipeline, withSession } from "./open-dataset.ts"

/** Where a cursor stands. */
export interface CursorReport {
  /** Path of the field. */
  readonly path: string
  /** Value that the next run starts from, less its lag; undefined before the first row. */
  readonly last: unknown
  readonly initial: unknown
  /** Rows at `last` that the next run leaves out when they come again. */
  readonly boundaryRows: number
}

/** What is remembered of one resource. */
export interface ResourceStateReport {
  readonly schema: string
  readonly resource: string
  readonly cursors: readonly CursorReport[]
  /** State that the resource keeps itself. */
  readonly own: Readonly<Record<string, unknown>>
}

/** The newest committed state of a pipeline. */
export interface StateReport {
  readonly pipeline: string
  readonly destination: string
  readonly dataset: string
  /** Undefined before the first load; the version rises by one with each change. */
  readonly version: number | undefined
  readonly hash: string | undefined
  /** ISO 8601. */
  readonly committedAt: string | undefined
  readonly resources: readonly ResourceStateReport[]
  /** The whole document in dlt's layout; undefined before the first load. */
  readonly document: StateDocument | undefined
}

/**
 * Reads the state that the next run of a pipeline would continue from.
 * @throws LadingError of the destination, `state-unreadable`
 */
export async function readState(given: PipelineOptions): Promise<StateReport> {
  const resolved = await resolvePipeline(given)
  const { options, location, dataset } = resolved
  const { state } = await withSession(resolved, (session) => session.snapshot())
  const document = state === undefined ? undefined : decodeState(state.state, (bytes) => inflateSync(bytes))
  return {
    pipeline: options.name,
    destination: location,
    dataset,
    version: state?.version,
    hash: state?.version_hash,
    committedAt: state?.created_at.toISOString(),
    resources: document === undefined ? [] : resourcesOf(document),
    document,
  }
}

function resourcesOf(document: StateDocument): ResourceStateReport[] {
  return Object.entries(document.sources ?? {}).flatMap(([schema, { resources = {} }]) =>
    Object.entries(resources).map(([resource, { incremental, ...own }]) => ({
      schema,
      resource,
      cursors: Object.keys({ ...(incremental as object | undefined) }).flatMap((path) => {
        const slot = incrementalState(document, schema, resource, path)
        if (slot === undefined) return []
        return [{ path, last: shown(slot.last), initial: shown(slot.initial), boundaryRows: slot.uniqueHashes.length }]
      }),
      own,
    })),
  )
}

/** A value as people write it; what JSON cannot hold is a text. */
function shown(typed: TypedValue | undefined): unknown {
  if (typed === undefined) return undefined
  const { type, value } = typed
  if (type === "timestamp" && typeof value === "bigint") {
    const { days, micros } = microsToTimestamp(value)
    return formatTimestamp(days, micros, true)
  }
  if (type === "date" && typeof value === "number") return new Date(value * 86_400_000).toISOString().slice(0, 10)
  return typeof value === "bigint" ? String(value) : value
}
