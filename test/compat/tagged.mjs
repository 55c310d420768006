/**
 * Turns the tagged encoding of the cases into JavaScript values. JavaScript has no decimal, date or time of day, and a Date has
 * milliseconds only: those arrive as text, and the case gives the column's type where it matters.
 */
export function decode(value) {
  if (Array.isArray(value)) return value.map(decode)
  if (typeof value !== "object" || value === null) return value
  const [tag] = Object.keys(value)
  if (Object.keys(value).length === 1 && tag in decoders) return decoders[tag](value[tag])
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item)]))
}

const decoders = {
  $date: String,
  $time: String,
  $decimal: String,
  $uuid: String,
  $timestamp: toTimestamp,
  $bytes: (text) => new Uint8Array(Buffer.from(text, "base64")),
  $bigint: BigInt,
  $double: Number,
}

function toTimestamp(text) {
  if (/\.\d{4,}/.test(text)) return text
  return new Date(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`)
}
