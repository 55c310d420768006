import { LadingError } from "@lading/core"
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from "yaml"
import type { Fault } from "./faults.ts"

/** What a file says, and where. */
export interface LocatedFile {
  readonly value: unknown
  /** Line (1-based) of a key; of what is around it where the key is not there. */
  lineOf(path: Fault["path"]): number
}

/**
 * Parses YAML 1.2, of which JSON is a part. Nothing of the text is repeated in an error: a secret may stand in it.
 * @throws LadingError `invalid-yaml`, or `invalid-json` for a file of that ending, with the line
 */
export function parseFile(text: string, path: string): LocatedFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    throw notParsed(path, `${path}:${line}:${col}: ${error.code.toLowerCase().replaceAll("_", " ")}`)
  }
  const value = toValue(document, path)
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notParsed(path, `${path} holds no object`)
  return { value, lineOf: (place) => lines.linePos(offsetOf(document, place)).line }
}

function toValue(document: Document.Parsed, path: string): unknown {
  try {
    return document.toJS()
  } catch {
    // Aliases that lead nowhere, or of which there are so many that they would fill the memory.
    throw notParsed(path, `${path} has aliases that cannot be followed`)
  }
}

function offsetOf(document: Document.Parsed, path: Fault["path"]): number {
  let node: unknown = document.contents
  let offset = 0
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document)
    const next = isMap(node)
      ? pairOf(node.items, part)
      : isSeq(node)
        ? { mark: node.items[Number(part)], node: node.items[Number(part)] }
        : undefined
    if (next === undefined || !isNode(next.mark)) return offset
    offset = next.mark.range?.[0] ?? offset
    node = next.node
  }
  return offset
}

function pairOf(items: readonly { readonly key: unknown; readonly value: unknown }[], part: string | number) {
  const found = items.find(({ key }) => isScalar(key) && key.value === part)
  return found === undefined ? undefined : { mark: found.key as ParsedNode, node: found.value }
}

function notParsed(path: string, message: string): LadingError {
  const isJson = path.endsWith(".json")
  return new LadingError({
    code: isJson ? "invalid-json" : "invalid-yaml",
    message: message.includes(path) ? message : `${path}: ${message}`,
    hint: `correct the ${isJson ? "JSON" : "YAML"}; the README of @lading/source-rest shows such a file`,
  })
}
