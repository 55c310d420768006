const compiled = new Map<string, RegExp>()

/**
 * Whether a column name matches one of dlt's simple regexes (reference: schema 1.5): `re:...` is an unanchored search, anything
 * else the whole name, case-sensitive.
 */
export function matchesPattern(pattern: string, name: string): boolean {
  if (!pattern.startsWith("re:")) return pattern === name
  let expression = compiled.get(pattern)
  if (expression === undefined) {
    expression = new RegExp(pattern.slice(3), "u")
    compiled.set(pattern, expression)
  }
  return expression.test(name)
}
