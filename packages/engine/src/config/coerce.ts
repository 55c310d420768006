/**
 * What a text of the environment means where a text is not wanted: true or false in any case, a JSON number, list or object. Any other
 * text, and a number that JavaScript cannot hold exactly, stays as it is.
 */
export function coerceText(text: string): unknown {
  const trimmed = text.trim()
  if (/^(?:true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === "true"
  if (!/^[-\d[{]/.test(trimmed)) return text
  try {
    const value: unknown = JSON.parse(trimmed)
    return typeof value === "number" && !isExact(value) ? text : value
  } catch {
    return text
  }
}

function isExact(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)
}
