import type { ExtractContext } from "@lading/core"
import type { FoundFile } from "../find-files.ts"
import type { FilesOptions } from "../options.ts"
import { type CsvOptions, observeCsv } from "./read-csv.ts"
import { type CsvType, decide, type Evidence } from "./types.ts"

/**
 * Decides the type of every column from all values of all files of this run, and keeps the first decision of each column in
 * `state.csvTypes[table]`. A kept decision stands while the values fit it; where they do not, this run's texts go on as they are and the
 * kept decision does not change, because the table's column has that type. Columns for which the user named a data type are left as text.
 */
export async function decideTypes(
  files: readonly FoundFile[],
  optionsOf: (file: FoundFile) => CsvOptions,
  hints: FilesOptions["columns"],
  table: string,
  context: Pick<ExtractContext, "state" | "signal">,
): Promise<Map<string, CsvType>> {
  const evidence = new Map<string, Evidence>()
  for (const file of files) {
    context.signal.throwIfAborted()
    await observeCsv(file, optionsOf(file), evidence)
  }
  const hinted = new Set(Object.entries(hints ?? {}).flatMap(([name, hint]) => (hint.dataType === undefined ? [] : [plainName(name)])))
  const stored = readTypes(context.state.csvTypes, table)
  const types = new Map<string, CsvType>()
  for (const [name, found] of evidence) {
    if (hinted.has(plainName(name))) continue
    const type = decide(found, stored.get(name))
    if (type === undefined) continue
    types.set(name, type)
    if (!stored.has(name)) stored.set(name, type)
  }
  context.state.csvTypes = { ...asRecord(context.state.csvTypes), [table]: Object.fromEntries(stored) }
  return types
}

function readTypes(csvTypes: unknown, table: string): Map<string, CsvType> {
  const stored = asRecord(asRecord(csvTypes)[table])
  const types = new Map<string, CsvType>()
  for (const [name, type] of Object.entries(stored)) {
    if (type === "bigint" || type === "double" || type === "bool" || type === "text") types.set(name, type)
  }
  return types
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {}
}

/** Hints may use the name in the file or the one in the table. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "_")
}
