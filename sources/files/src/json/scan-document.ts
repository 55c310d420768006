import { type LineCount, scanValue, startValue, type ValueScan } from "./scan-value.ts"

type Expecting =
  | "value"
  | "first-key"
  | "key"
  | "in-key"
  | "colon"
  | "first-element"
  | "element"
  | "in-element"
  | "in-other"
  | "after-element"
  | "after-member"
  | "end"

/** What makes a document unreadable. `byte` counts from 0, `line` from 1. */
export interface DocumentFault {
  readonly code: "invalid-json" | "json-trailing-data" | "truncated-json" | "selector-not-found"
  readonly problem: string
  readonly byte: number
  readonly line: number
}

/** Where a scan stands: a pushdown automaton over the objects on the selected path, plus one value that is copied or skipped. */
export interface DocumentScan {
  readonly path: readonly string[]
  /** Called with pieces of an element's bytes, in order, valid during the call. */
  readonly onPiece: (bytes: Uint8Array) => void
  /** Called after an element's last piece with the line on which it began. */
  readonly onElement: (line: number) => void
  expecting: Expecting
  /** Objects of the path that are open. */
  open: number
  value: ValueScan | undefined
  isList: boolean
  isFound: boolean
  isKeyMatch: boolean
  keyBytes: number[]
  isEscaped: boolean
  elementLine: number
  position: number
  readonly lines: LineCount
}

/** A scan at the start of a document. */
export function createScan(path: readonly string[], handlers: Pick<DocumentScan, "onPiece" | "onElement">): DocumentScan {
  const start = { open: 0, value: undefined, isList: false, isFound: false, isKeyMatch: true, keyBytes: [], isEscaped: false }
  return { path, ...handlers, expecting: "value", ...start, elementLine: 1, position: 0, lines: { line: 1, brokenText: false } }
}

/** Takes the next bytes of the document, which it may change (line breaks become spaces). Returns the fault that stops it, if any. */
export function scanBytes(scan: DocumentScan, bytes: Uint8Array): DocumentFault | undefined {
  for (let at = 0; at < bytes.length; ) {
    if (scan.value !== undefined) {
      const end = continueValue(scan, bytes, at)
      if (scan.lines.brokenText) return fault(scan, end, "invalid-json", "a text holds a raw line break")
      at = end
      continue
    }
    const byte = bytes[at] ?? 0
    if (scan.expecting === "in-key") readKey(scan, byte)
    else if (byte === 10) scan.lines.line++
    else if (byte !== 32 && byte !== 9 && byte !== 13) {
      const problem = step(scan, byte)
      if (problem !== undefined) return problemAt(scan, at, problem, byte)
      if (scan.value !== undefined) continue
    }
    at++
  }
  scan.position += bytes.length
  return undefined
}

/** Tells the scan that the document is over. An empty document is no fault and has no elements. */
export function endScan(scan: DocumentScan): DocumentFault | undefined {
  const isUntouched = scan.expecting === "value" && scan.open === 0 && scan.value === undefined
  if (isUntouched) return undefined
  if (scan.value?.isScalar && scan.expecting === "in-element" && !scan.isList && scan.open === 0) finishValue(scan)
  if (scan.expecting !== "end") return fault(scan, 0, "truncated-json", "the document is not complete")
  return scan.isFound ? undefined : fault(scan, 0, "selector-not-found", `there is no ${scan.path.join(".")}`)
}

function continueValue(scan: DocumentScan, bytes: Uint8Array, from: number): number {
  const { value } = scan
  if (value === undefined) return from
  const end = scanValue(value, bytes, from, scan.lines)
  if (scan.expecting === "in-element") scan.onPiece(bytes.subarray(from, end))
  if (value.isDone) finishValue(scan)
  return end
}

function finishValue(scan: DocumentScan): void {
  const isElement = scan.expecting === "in-element"
  scan.value = undefined
  if (isElement) scan.onElement(scan.elementLine)
  scan.expecting = isElement && scan.isList ? "after-element" : scan.open === 0 ? "end" : "after-member"
}

/** One byte that is neither white space nor inside a value or key; the answer is what is wrong with it, if anything. */
function step(scan: DocumentScan, byte: number): string | undefined {
  switch (scan.expecting) {
    case "value":
      return stepValue(scan, byte)
    case "first-element":
      return byte === 93 ? closeList(scan) : startElement(scan, byte)
    case "element":
      return startElement(scan, byte)
    case "after-element":
      return byte === 93 ? closeList(scan) : byte === 44 ? expect(scan, "element") : "expected , or ]"
    case "first-key":
      return byte === 125 ? closeObject(scan) : byte === 34 ? startKey(scan) : "expected a key or }"
    case "key":
      return byte === 34 ? startKey(scan) : "expected a key"
    case "colon":
      return byte === 58 ? expect(scan, "value") : "expected :"
    case "after-member":
      return byte === 125 ? closeObject(scan) : byte === 44 ? expect(scan, "key") : "expected , or }"
    default:
      return "expected the end of the document"
  }
}

function stepValue(scan: DocumentScan, byte: number): string | undefined {
  if (!scan.isKeyMatch) return startOther(scan, byte)
  if (scan.isFound) return `${scan.path.join(".")} is there twice`
  if (scan.open < scan.path.length) {
    if (byte !== 123) return startOther(scan, byte)
    scan.open++
    return expect(scan, "first-key")
  }
  scan.isFound = true
  scan.isList = byte === 91
  return scan.isList ? expect(scan, "first-element") : startElement(scan, byte)
}

function startElement(scan: DocumentScan, byte: number): string | undefined {
  scan.value = startValue(byte)
  scan.elementLine = scan.lines.line
  return scan.value === undefined ? "expected a value" : expect(scan, "in-element")
}

function startOther(scan: DocumentScan, byte: number): string | undefined {
  scan.value = startValue(byte)
  return scan.value === undefined ? "expected a value" : expect(scan, "in-other")
}

function startKey(scan: DocumentScan): undefined {
  scan.keyBytes = []
  scan.isEscaped = false
  return expect(scan, "in-key")
}

function readKey(scan: DocumentScan, byte: number): void {
  if (byte !== 34 || scan.isEscaped) {
    scan.isEscaped = !scan.isEscaped && byte === 92
    scan.keyBytes.push(byte)
    return
  }
  scan.isKeyMatch = keyText(scan.keyBytes) === scan.path[scan.open - 1]
  scan.expecting = "colon"
}

/** The key as text; a key that is not valid JSON matches nothing and is told by nobody, since its value is not wanted. */
function keyText(bytes: readonly number[]): string | undefined {
  const raw = Buffer.from(bytes).toString()
  if (!raw.includes("\\")) return raw
  try {
    return String(JSON.parse(`"${raw}"`))
  } catch {
    return undefined
  }
}

function closeList(scan: DocumentScan): undefined {
  return expect(scan, scan.open === 0 ? "end" : "after-member")
}

function closeObject(scan: DocumentScan): undefined {
  scan.open--
  return expect(scan, scan.open === 0 ? "end" : "after-member")
}

function expect(scan: DocumentScan, expecting: Expecting): undefined {
  scan.expecting = expecting
  return undefined
}

function problemAt(scan: DocumentScan, at: number, problem: string, byte: number): DocumentFault {
  const code = scan.expecting === "end" ? "json-trailing-data" : "invalid-json"
  const found = byte > 32 && byte < 127 ? String.fromCharCode(byte) : `byte ${byte}`
  return fault(scan, at, code, `${problem}, found ${found}`)
}

function fault(scan: DocumentScan, at: number, code: DocumentFault["code"], problem: string): DocumentFault {
  return { code, problem, byte: scan.position + at, line: scan.lines.line }
}
