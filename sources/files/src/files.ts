import { type Batch, type ExtractContext, LadingError, type Resource } from "@lading/core"
import { decideTypes } from "./csv/decide-types.ts"
import type { CsvType } from "./csv/types.ts"
import { type FoundFile, findFiles } from "./find-files.ts"
import { markLoaded, selectFiles } from "./incremental.ts"
import { type FilesOptions, optionFaults, resourceHints } from "./options.ts"
import { csvOptions, formatOf, readFile } from "./read-file.ts"

/**
 * A resource that reads files: NDJSON, JSON, CSV or TSV, plain or gzipped, found by path or glob pattern.
 *
 * The bytes of a `json-lines` batch are valid until the next pull: a consumer that keeps them longer copies them, or takes them by transferring their buffer.
 * Throws `invalid-options` at once; reading throws `no-files`, `file-unreadable`, `unknown-format` and the errors of the formats (README).
 *
 * @example
 * const events = files({ path: "data/*.ndjson.gz", table: "events", writeDisposition: "merge", primaryKey: "id" })
 */
export function files(options: FilesOptions): Resource {
  const faults = optionFaults(options)
  if (faults.length > 0)
    throw new LadingError({
      code: "invalid-options",
      message: `files(): ${faults.map((fault) => fault.message).join("; ")}`,
      hint: "the options of files() are listed in the README of @lading/source-files",
      details: { options: faults.map((fault) => fault.path.join(".")) },
    })
  const table = typeof options.table === "string" ? options.table : undefined
  const name = options.name ?? table ?? defaultName(options.path)
  return {
    kind: "resource",
    name,
    hints: resourceHints(options),
    steps: [],
    read: (context) => readAll(options, table ?? name, context),
  }
}

async function* readAll(options: FilesOptions, table: string, context: ExtractContext): AsyncGenerator<Batch> {
  const incremental = typeof options.incremental === "string" ? options.incremental : "none"
  const found = await findFiles(options.path, context.baseDirectory)
  const selected = selectFiles(found, incremental, context)
  if (selected.length === 0) context.log.info(`no new file among the ${found.length} that match`)
  const types = await inferTypes(options, selected, table, context)
  for (const file of selected) {
    let held: Batch | undefined
    for await (const batch of readFile(file, options, types, (message) => context.log.warn(message))) {
      context.signal.throwIfAborted()
      if (held !== undefined) yield held
      held = batch
    }
    markLoaded(file, incremental, context.state)
    if (held !== undefined) yield held
  }
}

/** Reads every CSV file of the run once before the first row goes out, so that one column has one type. */
async function inferTypes(
  options: FilesOptions,
  selected: readonly FoundFile[],
  table: string,
  context: ExtractContext,
): Promise<Map<string, CsvType>> {
  const isTable = (file: FoundFile) => ["csv", "tsv"].includes(formatOf(file, options.format))
  const tables = selected.filter(isTable)
  if (tables.length === 0 || options.inferTypes === false) return new Map()
  const optionsOf = (file: FoundFile) => csvOptions(options, formatOf(file, options.format), () => undefined)
  return decideTypes(tables, optionsOf, options.columns, table, context)
}

function defaultName(path: FilesOptions["path"]): string {
  const first = typeof path === "string" ? path : (path[0] ?? "")
  const file = first.split(/[\\/]/).at(-1) ?? ""
  const stem = file.replace(/\.[^/]*$/, "")
  return /^[\p{L}\p{N}_-]+$/u.test(stem) ? stem : "files"
}
