import type { TypedValue } from "../types/infer.ts"
import type { StateDocument } from "./state.ts"
import { fromStateValue, toStateValue } from "./state-value.ts"

/** What the incremental cursor of a resource remembers (reference: extract 2.3). */
export interface IncrementalState {
  /** Where the first run started, if it was told. */
  readonly initial: TypedValue | undefined
  /** Greatest value seen (least, when the direction is `min`). */
  readonly last: TypedValue | undefined
  /** Hashes of the rows at `last`, which the next run leaves out. */
  readonly uniqueHashes: readonly string[]
  /** Where the last run started. */
  readonly start: TypedValue | undefined
}

/** The resource's own state; empty when there is none. Do not change it, use `withResourceState`. */
export function resourceState(document: StateDocument, schema: string, resource: string): Readonly<Record<string, unknown>> {
  return document.sources?.[schema]?.resources?.[resource] ?? {}
}

/** The document with another state of the resource; the given one is not changed. */
export function withResourceState(
  document: StateDocument,
  schema: string,
  resource: string,
  state: Readonly<Record<string, unknown>>,
): StateDocument {
  const source = document.sources?.[schema] ?? {}
  const resources = { ...source.resources, [resource]: { ...state } }
  return { ...document, sources: { ...document.sources, [schema]: { ...source, resources } } }
}

/** State of the cursor on `path` of a resource, or undefined when it never ran. */
export function incrementalState(document: StateDocument, schema: string, resource: string, path: string): IncrementalState | undefined {
  const slots = resourceState(document, schema, resource).incremental
  const slot: unknown = isRecord(slots) ? slots[path] : undefined
  if (!isRecord(slot)) return undefined
  const hashes = slot.unique_hashes
  return {
    initial: fromStateValue(slot.initial_value),
    last: fromStateValue(slot.last_value),
    uniqueHashes: Array.isArray(hashes) ? hashes.filter((hash) => typeof hash === "string") : [],
    start: fromStateValue(slot.start_value),
  }
}

/** The document with another state of the cursor on `path`; the given one is not changed. */
export function withIncrementalState(
  document: StateDocument,
  schema: string,
  resource: string,
  path: string,
  state: IncrementalState,
): StateDocument {
  const own = resourceState(document, schema, resource)
  const slots = isRecord(own.incremental) ? own.incremental : {}
  const slot = {
    initial_value: state.initial === undefined ? null : toStateValue(state.initial),
    last_value: state.last === undefined ? null : toStateValue(state.last),
    unique_hashes: [...state.uniqueHashes],
    start_value: state.start === undefined ? null : toStateValue(state.start),
  }
  return withResourceState(document, schema, resource, { ...own, incremental: { ...slots, [path]: slot } })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
