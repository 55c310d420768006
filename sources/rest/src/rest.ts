import { type Batch, type ExtractContext, LadingError, type Resource, type Source } from "@lading/core"
import { createHttpClient } from "@lading/http"
import { buildAuth } from "./build.ts"
import { shapeFaults } from "./check-options.ts"
import { type CompiledResource, compile } from "./compile.ts"
import { type Fault, placeOf } from "./faults.ts"
import { inOrder } from "./in-order.ts"
import type { RestOptions } from "./options.ts"
import { type RestPage, toBatch } from "./page.ts"
import { createParentRows } from "./parent-rows.ts"
import { parentField } from "./placeholders.ts"
import { applySteps, createPageReader, type PageReader, toPipeSteps } from "./read.ts"

/**
 * A source that reads a REST API as a declaration says: where each resource stands, how its pages follow each other, which resource fills
 * another's path.
 *
 * Throws `invalid-options` at once, naming each key; reading throws the errors of `@lading/http`, and `parent-field-missing`.
 *
 * @example
 * const api = rest({
 *   client: { baseUrl: "https://api.example.com/v1", auth: { type: "bearer", token } },
 *   resources: [
 *     { name: "posts", primaryKey: "id", writeDisposition: "merge" },
 *     { name: "comments", endpoint: "posts/{resources.posts.id}/comments", includeFromParent: ["id"] },
 *   ],
 * })
 */
export function rest(options: RestOptions): Source {
  const faults = optionFaults(options)
  if (faults.length > 0)
    throw new LadingError({
      code: "invalid-options",
      message: `rest(): ${faults.map(({ path, message }) => `${placeOf(path)} ${message}`.trim()).join("; ")}`,
      hint: "the keys are described in the README of @lading/source-rest",
      details: { options: faults.map(({ path }) => placeOf(path)) },
    })
  const { resources } = compile(options)
  const { auth, paginator, ...client } = options.client
  const http = createHttpClient({ ...client, ...(auth === undefined ? {} : { auth: buildAuth(auth) }) })
  const readers = new Map(resources.map((one) => [one.name, createPageReader(one, http, paginator)]))
  const reading: Reading = { resources, readers, concurrency: options.concurrency ?? 4, parents: createParentRows() }
  return {
    kind: "source",
    name: options.name ?? "rest",
    resources: resources.filter(({ isSelected }) => isSelected).map((one) => toResource(one, reading)),
  }
}

/** What is wrong with a configuration, and under which key. */
export function optionFaults(options: unknown): readonly Fault[] {
  const faults = shapeFaults(options)
  return faults.length > 0 ? faults : compile(options as RestOptions).faults
}

interface Reading {
  readonly resources: readonly CompiledResource[]
  readonly readers: ReadonlyMap<string, PageReader>
  readonly concurrency: number
  readonly parents: ReturnType<typeof createParentRows>
}

function toResource(one: CompiledResource, reading: Reading): Resource {
  const isParent = reading.resources.some(({ parent }) => parent === one.name)
  return {
    kind: "resource",
    name: one.name,
    hints: one.hints,
    steps: toPipeSteps(one),
    read: (context) => readBatches(one, reading, context, isParent && one.processingSteps.length === 0),
  }
}

/** The batches of a resource. The rows of a parent are kept for its children, which come after it in the same run. */
async function* readBatches(one: CompiledResource, reading: Reading, context: ExtractContext, keepsRows: boolean): AsyncGenerator<Batch> {
  const needsRows = keepsRows || one.includeFromParent.length > 0 || one.processingSteps.length > 0 || one.hints.incremental !== undefined
  const kept = keepsRows ? reading.parents.start(context.signal, one.name, fieldsFor(one, reading)) : undefined
  for await (const { page, parent } of readPages(one, reading, context, context.cursor)) {
    context.signal.throwIfAborted()
    if (page.rowCount === 0) continue
    const batch = toBatch(page, needsRows)
    if (batch.kind !== "rows") {
      yield batch
      continue
    }
    const rows = withParentFields(one, batch.rows, parent)
    kept?.add(rows)
    yield { ...batch, rows }
  }
  kept?.finish()
}

interface PageOfParent {
  readonly page: RestPage
  readonly parent: unknown
}

/** All pages of a resource, for each row of its parent in the order of the parents. */
async function* readPages(
  one: CompiledResource,
  reading: Reading,
  context: ExtractContext,
  cursor: ExtractContext["cursor"],
): AsyncGenerator<PageOfParent> {
  const reader = reading.readers.get(one.name)
  if (reader === undefined) return
  if (one.parent === undefined) {
    for await (const page of reader.read(undefined, context, cursor)) yield { page, parent: undefined }
    return
  }
  const controller = new AbortController()
  const inner = { ...context, signal: AbortSignal.any([context.signal, controller.signal]) }
  const open = async function* (parent: unknown): AsyncGenerator<PageOfParent> {
    for await (const page of reader.read(parent, inner, cursor)) yield { page, parent }
  }
  const { concurrency } = reading
  yield* inOrder(parentRows(one, reading, context), open, { concurrency, abort: () => controller.abort() })
}

/** The rows of the parent: those of this run where they were just read, else they are read again. */
async function* parentRows(one: CompiledResource, reading: Reading, context: ExtractContext): AsyncGenerator<unknown> {
  const parent = reading.resources.find(({ name }) => name === one.parent)
  if (parent === undefined) return
  const kept = reading.parents.take(context.signal, parent.name, one.name)
  if (kept !== undefined) {
    yield* kept
    return
  }
  const steps = toPipeSteps(parent)
  for await (const { page, parent: above } of readPages(parent, reading, context, { start: undefined, end: undefined }))
    yield* applySteps(steps, withParentFields(parent, page.rows(), above))
}

/** Paths of the fields that the children of a resource need. */
function fieldsFor({ name }: CompiledResource, { resources }: Reading): readonly string[] {
  return resources.filter(({ parent }) => parent === name).flatMap(({ parentFields }) => parentFields)
}

function withParentFields({ parent, includeFromParent }: CompiledResource, rows: readonly unknown[], above: unknown): readonly unknown[] {
  if (parent === undefined || includeFromParent.length === 0) return rows
  const added = includeFromParent.map((field) => [`_${parent}_${field.replaceAll(".", "_")}`, parentField(above, parent, field)])
  const fields = Object.fromEntries(added)
  return rows.map((row) =>
    typeof row === "object" && row !== null && !Array.isArray(row) ? { ...row, ...fields } : { value: row, ...fields },
  )
}
