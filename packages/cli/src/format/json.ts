/** JSON text of anything a query or a receipt holds: integers beyond 2^53 and non-finite numbers as texts, bytes as hexadecimal. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, replace, indent) ?? "null"
}

function replace(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value)
  if (typeof value === "number" && !Number.isFinite(value)) return String(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex")
  return value
}
