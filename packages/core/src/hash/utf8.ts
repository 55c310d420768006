import { LadingError } from "../errors.ts"

/**
 * UTF-8 bytes of `text`.
 * @throws LadingError `lone-surrogate` when `text` holds half of a surrogate pair, which UTF-8 cannot express
 */
export function encodeUtf8(text: string): Uint8Array {
  const target = new Uint8Array(text.length * 3)
  const length = writeUtf8(text, target, 0)
  if (length < 0)
    throw new LadingError({
      code: "lone-surrogate",
      message: "A text holds half of a surrogate pair, which no destination can store",
      hint: "Repair the text at its source, for example with String.prototype.toWellFormed",
    })
  return target.slice(0, length)
}

/**
 * Writes `text` as UTF-8 to `target` from `offset`. Returns the number of bytes written, or -1 at a lone surrogate.
 * The caller guarantees room for three bytes a UTF-16 unit.
 */
export function writeUtf8(text: string, target: Uint8Array, offset: number): number {
  const length = text.length
  let at = offset
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) target[at++] = unit
    else if (unit < 0x800) {
      target[at++] = 0xc0 | (unit >> 6)
      target[at++] = 0x80 | (unit & 63)
    } else if (unit < 0xd800 || unit > 0xdfff) {
      target[at++] = 0xe0 | (unit >> 12)
      target[at++] = 0x80 | ((unit >> 6) & 63)
      target[at++] = 0x80 | (unit & 63)
    } else {
      const next = i + 1 < length ? text.charCodeAt(i + 1) : 0
      if (unit > 0xdbff || next < 0xdc00 || next > 0xdfff) return -1
      const point = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00)
      target[at++] = 0xf0 | (point >> 18)
      target[at++] = 0x80 | ((point >> 12) & 63)
      target[at++] = 0x80 | ((point >> 6) & 63)
      target[at++] = 0x80 | (point & 63)
      i++
    }
  }
  return at - offset
}

/** Text of `bytes[start..end)`, or undefined when that is not valid UTF-8. A byte order mark is kept. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  const ascii = asciiLength(bytes, start, end)
  let text = asciiText(bytes, start, ascii)
  if (ascii === end) return text
  let at = ascii
  const units: number[] = []
  while (at < end) {
    const length = sequenceLength(bytes, at, end)
    if (length === 0) return undefined
    pushUnits(units, bytes, at, length)
    at += length
    if (units.length > 4096) {
      text += String.fromCharCode(...units)
      units.length = 0
    }
  }
  return text + String.fromCharCode(...units)
}

/** True when `bytes[start..end)` is valid UTF-8: no overlong form, no surrogate, nothing above U+10FFFF. */
export function isValidUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end) {
    if ((bytes[at] ?? 0) < 0x80) {
      at++
      continue
    }
    const length = sequenceLength(bytes, at, end)
    if (length === 0) return false
    at += length
  }
  return true
}

function asciiLength(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && (bytes[at] ?? 0) < 0x80) at++
  return at
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = ""
  if (end - start <= 24) {
    for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0)
    return text
  }
  for (let at = start; at < end; at += 4096) text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 4096)))
  return text
}

/** Bytes of the sequence that starts at `at`, or 0 when it is not well-formed (Unicode standard, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0
  if (length === 0 || at + length > end) return 0
  const second = bytes[at + 1] ?? 0
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < lowest || second > highest) return 0
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}

function pushUnits(units: number[], bytes: Uint8Array, at: number, length: number): void {
  const lead = bytes[at] ?? 0
  if (length === 1) {
    units.push(lead)
    return
  }
  let point = lead & (0x7f >> length)
  for (let i = 1; i < length; i++) point = (point << 6) | ((bytes[at + i] ?? 0) & 63)
  if (point < 0x10000) units.push(point)
  else units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff))
}
