/** Progress inside one JSON value whose bytes arrive in pieces. */
export interface ValueScan {
  /** Open brackets. */
  depth: number
  inString: boolean
  isEscaped: boolean
  /** True for a number, true, false or null, which end at the first byte that cannot belong to them. */
  isScalar: boolean
  isDone: boolean
}

const quote = 34
const backslash = 92
const newline = 10

/** Lines are counted from 1; a raw line break inside a text is told by `brokenText`. */
export interface LineCount {
  line: number
  brokenText: boolean
}

/** A scan that is about to see the value's first byte; undefined when no JSON value begins with it. */
export function startValue(byte: number): ValueScan | undefined {
  const isScalar = byte === 45 || (byte >= 48 && byte <= 57) || byte === 116 || byte === 102 || byte === 110
  const isOpening = byte === 123 || byte === 91 || byte === quote
  return isScalar || isOpening ? { depth: 0, inString: false, isEscaped: false, isScalar, isDone: false } : undefined
}

/**
 * Goes over the bytes of a value from `from` on; returns the position after its last byte, or the length when it goes on. Line breaks between tokens are
 * overwritten by spaces, so that the value fits on one line. Brackets are counted, not matched: whoever parses the value finds that out.
 */
export function scanValue(scan: ValueScan, bytes: Uint8Array, from: number, lines: LineCount): number {
  for (let at = from; at < bytes.length; ) {
    if (scan.inString) {
      at = scanText(scan, bytes, at, lines)
      if (lines.brokenText) return at
      if (!scan.inString && scan.depth === 0) scan.isDone = true
    } else if (scan.isScalar) {
      at = scanScalar(scan, bytes, at)
    } else {
      scanToken(scan, bytes, at, lines)
      at++
    }
    if (scan.isDone) return at
  }
  return bytes.length
}

function scanText(scan: ValueScan, bytes: Uint8Array, from: number, lines: LineCount): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === newline || byte === 13) {
      lines.brokenText = true
      return at
    }
    if (scan.isEscaped) scan.isEscaped = false
    else if (byte === backslash) scan.isEscaped = true
    else if (byte === quote) {
      scan.inString = false
      return at + 1
    }
  }
  return bytes.length
}

function scanScalar(scan: ValueScan, bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte <= 32 || byte === 44 || byte === 93 || byte === 125) {
      scan.isDone = true
      return at
    }
  }
  return bytes.length
}

function scanToken(scan: ValueScan, bytes: Uint8Array, at: number, lines: LineCount): void {
  const byte = bytes[at]
  if (byte === quote) scan.inString = true
  else if (byte === 123 || byte === 91) scan.depth++
  else if (byte === 125 || byte === 93) {
    if (--scan.depth === 0) scan.isDone = true
  } else if (byte === newline) {
    lines.line++
    bytes[at] = 32
  } else if (byte === 13) bytes[at] = 32
}
