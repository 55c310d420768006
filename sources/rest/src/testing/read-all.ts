import type { Batch, ExtractContext, Resource, Source } from "@lading/core"

/** What came out of a resource, and what was told meanwhile. */
export interface ReadResult {
  readonly rows: readonly unknown[]
  readonly batches: readonly Batch[]
  readonly messages: readonly string[]
}

/** One run: its signal, and what was told in it. */
export interface Run {
  readonly signal: AbortSignal
  readonly messages: string[]
  /** Every row that was given, also where reading failed in the end. */
  readonly given: unknown[]
}

/** A run that reaches the network of this machine. */
export function createRun(): Run {
  return { signal: new AbortController().signal, messages: [], given: [] }
}

/** The resource of a source with a name. */
export function resourceOf(source: Source, name: string): Resource {
  const found = source.resources.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no resource ${name}`)
  return found
}

/** Reads one resource to its end; steps are left to the engine. */
export async function readAll(
  source: Source,
  name: string,
  { cursor = {} }: { readonly cursor?: { readonly start?: unknown; readonly end?: unknown } } = {},
  run = createRun(),
): Promise<ReadResult> {
  const rows: unknown[] = []
  const batches: Batch[] = []
  const context: ExtractContext = {
    signal: run.signal,
    cursor: { start: cursor.start, end: cursor.end },
    state: {},
    fetch: globalThis.fetch,
    log: { info: (message) => void run.messages.push(`info: ${message}`), warn: (message) => void run.messages.push(`warn: ${message}`) },
    baseDirectory: ".",
    now: () => new Date(),
  }
  for await (const item of await resourceOf(source, name).read(context)) {
    const batch = item as Batch
    batches.push(batch)
    const found = rowsOf(batch)
    rows.push(...found)
    run.given.push(...found)
  }
  return { rows, batches, messages: run.messages }
}

function rowsOf(batch: Batch): readonly unknown[] {
  if (batch.kind === "rows") return batch.rows
  if (batch.kind !== "json-lines") return []
  const lines = Buffer.from(batch.bytes).toString("utf8").split("\n")
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line))
}
