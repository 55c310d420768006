import { type Batch, type JsonLinesBatch, LadingError, type RejectBatch } from "@lading/core"
import { parseJson } from "./parse-json.ts"

/** Columns that tell where a row comes from. */
export interface PlaceColumns {
  readonly fileColumn: string | undefined
  readonly lineColumn: string | undefined
}

const maxRows = 4096

/**
 * Parses the documents of a batch into rows that also hold their file and line. A document that is not JSON is a reject with code `invalid-json`, one that is
 * not an object with code `not-an-object`. `lines` are the lines of the documents where they are not consecutive.
 * Throws `column-taken` when a row has a field of the added name.
 */
export function* toRows(batch: JsonLinesBatch, lines: readonly number[] | undefined, columns: PlaceColumns): Generator<Batch> {
  const name = batch.origin?.name ?? ""
  const first = batch.origin?.line ?? 1
  let rows: unknown[] = []
  let rowLines: number[] = []
  const rejects: RejectBatch["rejects"][number][] = []
  const documents = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength)
  for (let at = 0, index = 0; at < documents.length; index++) {
    const found = documents.indexOf(10, at)
    const end = found === -1 ? documents.length : found
    const value = documents.toString("utf8", at, end).trimEnd()
    at = end + 1
    const line = lines?.[index] ?? first + index
    const row = parse(value)
    if (typeof row === "string") {
      rejects.push({
        code: row,
        message: `${name} line ${line} is ${row === "invalid-json" ? "not valid JSON" : "not an object"}`,
        value,
        line,
      })
      continue
    }
    rows.push(withPlace(row, name, line, columns))
    rowLines.push(line)
    if (rows.length < maxRows) continue
    yield { kind: "rows", rows, lines: rowLines, origin: { name, line: rowLines[0] ?? line } }
    rows = []
    rowLines = []
  }
  if (rows.length > 0) yield { kind: "rows", rows, lines: rowLines, origin: { name, line: rowLines[0] ?? first } }
  if (rejects.length > 0) yield { kind: "rejects", rejects, origin: { name, line: rejects[0]?.line ?? first } }
}

function parse(text: string): Record<string, unknown> | "invalid-json" | "not-an-object" {
  let value: unknown
  try {
    value = parseJson(text)
  } catch {
    return "invalid-json"
  }
  return isObject(value) ? value : "not-an-object"
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function withPlace(row: Record<string, unknown>, file: string, line: number, { fileColumn, lineColumn }: PlaceColumns): unknown {
  const taken = [fileColumn, lineColumn].find((name) => name !== undefined && Object.hasOwn(row, name))
  if (taken !== undefined)
    throw new LadingError({
      code: "column-taken",
      message: `${file} line ${line} has a field ${taken} already`,
      hint: "choose another name for fileColumn or lineColumn",
      details: { file, line, column: taken },
    })
  if (fileColumn !== undefined) row[fileColumn] = file
  if (lineColumn !== undefined) row[lineColumn] = line
  return row
}
