import {
  checkSchemaFile,
  fromSchemaFile,
  JsonFault,
  JsonParser,
  LadingError,
  type SchemaDocument,
  type SchemaFileFault,
} from "@lading/core"
import type { Document, LineCounter, Pair } from "yaml"
import { yaml } from "./yaml.ts"

const maxDepth = 256
const shownFaults = 10

/** A schema from a file, and the hash of its content. */
export interface ImportedSchema {
  readonly schema: SchemaDocument
  readonly hash: string
}

/** A place in a text, counted from 1. */
interface Position {
  readonly line: number
  readonly column: number
}

/**
 * Reads the text of a schema file, YAML or (by the file's name) JSON, as Lading or dlt wrote it or as somebody edited it.
 * @param path for messages, and for its extension
 * @throws LadingError `schema-file-invalid` with the position of each fault; `schema-engine-unsupported`
 */
export function parseSchemaFile(text: string, path: string): ImportedSchema {
  const { LineCounter, parseDocument } = yaml()
  const lines = new LineCounter()
  // JSON is YAML, too, which gives every key a position; what is no JSON is refused before.
  if (path.endsWith(".json")) checkJson(text, path)
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [broken] = document.errors
  if (broken !== undefined) throw invalid(path, [{ ...toPosition(lines, broken.pos[0]), message: firstLine(broken.message) }])
  const content: unknown = toPlain(document, path)
  const faults = checkSchemaFile(content)
  if (faults.length > 0) {
    throw invalid(
      path,
      faults.map((fault) => ({
        ...positionOf(document, lines, fault),
        message: `${fault.path.join(".")}: ${fault.message}`.replace(/^: /, ""),
      })),
    )
  }
  return fromSchemaFile(content as Readonly<Record<string, unknown>>)
}

function checkJson(text: string, path: string): void {
  const bytes = new TextEncoder().encode(text)
  try {
    new JsonParser(maxDepth).parse(bytes, 0, bytes.length)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const before = new TextDecoder().decode(bytes.subarray(0, error.offset))
    const line = before.split("\n").length
    throw invalid(path, [{ line, column: before.length - before.lastIndexOf("\n"), message: error.message }])
  }
}

/** The content as plain values. @throws LadingError for aliases that would make it huge */
function toPlain(document: Document, path: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    throw invalid(path, [{ line: 1, column: 1, message: error instanceof Error ? error.message : String(error) }])
  }
}

/** Where the key or the value of a fault stands. */
function positionOf({ contents }: Document, lines: LineCounter, { path, isKey }: SchemaFileFault): Position {
  const { isMap, isNode, isScalar } = yaml()
  let node: unknown = contents
  let pair: Pair | undefined
  for (const key of path) {
    pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === key) : undefined
    node = pair?.value
  }
  const found = isKey || !isNode(node) ? pair?.key : node
  const start = isNode(found) ? found.range?.[0] : undefined
  return toPosition(lines, start ?? 0)
}

function toPosition(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? message
}

function invalid(path: string, faults: readonly (Position & { readonly message: string })[]): LadingError {
  const shown = faults.slice(0, shownFaults).map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`)
  if (faults.length > shownFaults) shown.push(`and ${faults.length - shownFaults} more`)
  return new LadingError({
    code: "schema-file-invalid",
    message: shown.join("\n"),
    hint: "correct the file; nothing was read or loaded. docs/schema-files.md shows what it may hold",
    details: { path, faults },
  })
}
