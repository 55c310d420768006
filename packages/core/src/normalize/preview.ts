import { decodeUtf8 } from "../hash/utf8.ts"
import { jsonText } from "../types/json-text.ts"

/** A value as JSON text for people, whatever it is: what JSON cannot hold is shown by its kind. */
export function previewValue(value: unknown): string {
  try {
    return jsonText(value)
  } catch {
    return typeof value === "object" && value !== null ? previewObject(value) : `<${typeof value}>`
  }
}

/** Bytes as text for people; bytes that are not UTF-8 are shown as `?`. */
export function previewBytes(bytes: Uint8Array, start: number, end: number): string {
  const text = decodeUtf8(bytes, start, end)
  if (text !== undefined) return text
  let ascii = ""
  for (let i = start; i < end; i++) ascii += (bytes[i] as number) < 0x80 ? String.fromCharCode(bytes[i] as number) : "?"
  return ascii
}

/** Top-level fields one by one, so that one bad value does not hide the others. */
function previewObject(value: object): string {
  const members = Object.entries(value).map(([key, element]) => {
    try {
      return `${JSON.stringify(key)}:${jsonText(element)}`
    } catch {
      return `${JSON.stringify(key)}:"<${typeof element}>"`
    }
  })
  return `{${members.join(",")}}`
}
