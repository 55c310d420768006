import { parseJsonExact } from "@lading/core"

/** Parses a JSON document into plain values; integers beyond 2^53 become bigint. Throws when it is not valid JSON. */
export function parseJson(text: string): unknown {
  return /[0-9]{16}/.test(text) ? parseJsonExact(text) : JSON.parse(text)
}
