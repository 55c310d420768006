import { rmSync } from "node:fs"
import { mkdir, mkdtemp, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { Batch, ExtractContext, Resource } from "@lading/core"

const folders: string[] = []

process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A temporary folder with these files; it is removed at exit. */
export async function folderWith(contents: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "files-"))
  folders.push(folder)
  for (const [name, content] of Object.entries(contents)) await put(folder, name, content)
  return folder
}

/** Writes a file, with a modification time in seconds where one is given. */
export async function put(folder: string, name: string, content: string | Uint8Array, seconds?: number): Promise<void> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
  if (seconds !== undefined) await utimes(path, seconds, seconds)
}

export interface FakeContext extends ExtractContext {
  readonly messages: string[]
}

/** What an engine hands to a resource; log messages are kept. */
export function fakeContext(baseDirectory: string, state: Record<string, unknown> = {}): FakeContext {
  const messages: string[] = []
  const keep = (message: string) => void messages.push(message)
  const cursor = { start: undefined, end: undefined }
  const ambient = { signal: new AbortController().signal, fetch, now: () => new Date(0) }
  return { ...ambient, cursor, state, baseDirectory, messages, log: { info: keep, warn: keep } }
}

/** Everything that a resource yields. Bytes are copied, because they are valid until the next pull only. */
export async function readAll(resource: Resource, context: ExtractContext): Promise<Batch[]> {
  const batches: Batch[] = []
  for await (const batch of (await resource.read(context)) as AsyncIterable<Batch>) {
    batches.push(batch.kind === "json-lines" ? { ...batch, bytes: Uint8Array.from(batch.bytes) } : batch)
  }
  return batches
}

/** The rows of all batches: parsed lines, or rows as they are. */
export function rowsOf(batches: readonly Batch[]): unknown[] {
  return placed(batches).map(([, row]) => row)
}

/** Each row with its line. */
export function placed(batches: readonly Batch[]): [line: number, row: unknown][] {
  return batches.flatMap((batch): [number, unknown][] => {
    const first = batch.origin?.line ?? 0
    if (batch.kind === "rows") return batch.rows.map((row, index) => [batch.lines?.[index] ?? first + index, row])
    if (batch.kind === "rejects") return []
    return textOf(batch.bytes).map((text, index) => [first + index, JSON.parse(text)])
  })
}

/** The rejects of all batches. */
export function rejectsOf(batches: readonly Batch[]) {
  return batches.flatMap((batch) => (batch.kind === "rejects" ? batch.rejects : []))
}

/** The lines of a batch as text. */
export function textOf(bytes: Uint8Array): string[] {
  return Buffer.from(bytes).toString().replace(/\n$/, "").split("\n")
}
