import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { type PipelineOptions, type Receipt, resource } from "@lading/engine"
import { files } from "@lading/source-files"
import { anyRejects, createTarget, expectAccounted, makeFolder, type Target, targetIn } from "../../cases/support/target.ts"

/** What became of some rows in a table `t`: the receipt, whose accounting was checked, and the database. */
export interface Loaded {
  readonly receipt: Receipt
  readonly target: Target
}

/** Loads JavaScript values into the table `t`: the objects lane. Any number of rejects is let through. */
export async function loadObjects(
  rows: Iterable<unknown> | AsyncIterable<unknown>,
  options: Partial<PipelineOptions> = {},
): Promise<Loaded> {
  const target = createTarget({ ...anyRejects, ...options })
  return accounted(target, await target.pipeline.run(rows, { table: "t" }))
}

/** Loads a file with one JSON document a line into the table `t`: the bytes lane. */
export async function loadLines(lines: string | Uint8Array, options: Partial<PipelineOptions> = {}): Promise<Loaded> {
  const target = createTarget({ ...anyRejects, ...options })
  return accounted(target, await target.pipeline.run(files({ path: writeInput("rows.ndjson", lines), table: "t" })))
}

/** A table's rows: JavaScript values for the objects lane, lines of JSON text for the bytes lane. */
export type TableRows = { readonly rows: readonly unknown[] } | { readonly lines: string }

/** Loads many small tables in one run, each by a resource of its own; far quicker than a run for each. */
export async function loadTables(tables: Readonly<Record<string, TableRows>>, folder: string = makeFolder()): Promise<Loaded> {
  const target = targetIn(folder, anyRejects)
  const resources = Object.entries(tables).map(([name, content]) =>
    resource(name, [
      "rows" in content
        ? { kind: "rows" as const, rows: content.rows }
        : { kind: "json-lines" as const, bytes: new TextEncoder().encode(content.lines) },
    ]),
  )
  return accounted(target, await target.pipeline.run(resources))
}

/** Writes a file into a fresh folder and gives its path. */
export function writeInput(name: string, content: string | Uint8Array): string {
  const path = join(makeFolder(), name)
  writeFileSync(path, content)
  return path
}

function accounted(target: Target, receipt: Receipt): Loaded {
  expectAccounted(receipt)
  return { receipt, target }
}
