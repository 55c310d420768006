import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { PipelineOptions, Receipt } from "@lading/engine"
import { files } from "@lading/source-files"
import { anyRejects, createTarget, expectAccounted, makeFolder, type Target } from "../../cases/support/target.ts"

/** What became of some rows in a table `t`: the receipt, whose accounting was checked, and the database. */
export interface Loaded {
  readonly receipt: Receipt
  readonly target: Target
}

/** Loads JavaScript values into the table `t`: the objects lane. Any number of rejects is let through. */
export async function loadObjects(rows: Iterable<unknown> | AsyncIterable<unknown>, options: Partial<PipelineOptions> = {}): Promise<Loaded> {
  const target = createTarget({ ...anyRejects, ...options })
  return accounted(target, await target.pipeline.run(rows, { table: "t" }))
}

/** Loads a file with one JSON document a line into the table `t`: the bytes lane. */
export async function loadLines(lines: string | Uint8Array, options: Partial<PipelineOptions> = {}): Promise<Loaded> {
  const target = createTarget({ ...anyRejects, ...options })
  return accounted(target, await target.pipeline.run(files({ path: writeInput("rows.ndjson", lines), table: "t" })))
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
