const replacements: Readonly<Record<string, string>> = { "+": "x", "-": "_", "*": "x", "@": "a", "|": "l" }

/**
 * An identifier, already trimmed, in snake case: steps 2 to 9 of the reference (schema 4.3). Letters outside ASCII become `_`, so
 * that whole words of other scripts become `x`; digits of any script stay.
 */
export function toSnakeCase(identifier: string): string {
  const words = identifier
    .replace(/[+\-*@|]/g, (sign) => replacements[sign] ?? sign)
    .replace(/[^a-zA-Z\p{Nd}_]+/gu, "_")
    .replace(/([^_])([A-Z][a-z]+)/gu, "$1_$2")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
  return prefixLeadingDigit(words)
    .replace(/_+$/, (end) => "x".repeat(end.length))
    .replace(/__+/g, "_")
}

/** `name` with `_` before it when it starts with a digit of any script. */
export function prefixLeadingDigit(name: string): string {
  return /^\p{Nd}/u.test(name) ? `_${name}` : name
}
