import assert from "node:assert/strict"
import type { Batch, ExtractContext, JsonLinesBatch, Resource, RowStream } from "@lading/core"

/** A batch on its way, and what the resource's state was when it was given. */
export interface Step {
  /** undefined when the resource gave an array or a single row, which are batches too. */
  readonly batch: Batch
  /** Copy of the state, as an engine would commit it with this batch. */
  readonly state: Record<string, unknown>
}

/** Reads a resource to its end; bytes are copied, because they are valid until the next pull only. */
export async function readSteps(resource: Resource, context: ExtractContext): Promise<readonly Step[]> {
  const steps: Step[] = []
  for await (const item of await streamOf(resource, context)) {
    const batch = toBatch(item)
    const kept = batch.kind === "json-lines" ? { ...batch, bytes: Uint8Array.from(batch.bytes) } : batch
    steps.push({ batch: kept, state: copyState(context.state) })
  }
  return steps
}

/** Starts reading; a resource may give its stream at once or as a promise. */
export async function streamOf(resource: Resource, context: ExtractContext): Promise<RowStream> {
  return resource.read(context)
}

/** The rows of some steps. */
export function rowsOf(steps: readonly Step[]): readonly unknown[] {
  return steps.flatMap(({ batch }): readonly unknown[] => {
    if (batch.kind === "rows") return batch.rows
    return batch.kind === "json-lines" ? linesOf(batch).map((line) => JSON.parse(line)) : []
  })
}

/** The lines of a batch of JSON lines, without their ends; empty lines are none. */
export function linesOf({ bytes }: JsonLinesBatch): readonly string[] {
  return new TextDecoder("utf-8", { fatal: true })
    .decode(bytes)
    .split("\n")
    .filter((line) => line.trim() !== "")
}

/** What a resource yields, as a tagged batch: an array of rows, or a single row, is a batch too. */
export function toBatch(item: unknown): Batch {
  if (Array.isArray(item)) return { kind: "rows", rows: item }
  return isBatch(item) ? item : { kind: "rows", rows: [item] }
}

function isBatch(item: unknown): item is Batch {
  if (typeof item !== "object" || item === null || !("kind" in item)) return false
  return (
    (item.kind === "rows" && "rows" in item) ||
    (item.kind === "json-lines" && "bytes" in item) ||
    (item.kind === "rejects" && "rejects" in item)
  )
}

/** State as it comes back from the destination: JSON. */
export function copyState(state: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(state)
  const copy: Record<string, unknown> = JSON.parse(text)
  assert.deepStrictEqual(copy, { ...state }, "the state must be plain JSON, because it is stored as JSON")
  return copy
}

/** Asserts that two lists hold the same rows, in any order. */
export function assertSameRows(actual: readonly unknown[], expected: readonly unknown[], what: string): void {
  assert.deepStrictEqual(sorted(actual), sorted(expected), what)
}

function sorted(rows: readonly unknown[]): readonly string[] {
  return rows.map(canonicalText).toSorted()
}

/** JSON with sorted keys; integers beyond 2^53 and dates in a form of their own. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "bigint") return `${part}n`
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
