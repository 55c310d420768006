import { LadingError, type Resource } from "@lading/core"

/** Edits between two names within which one is taken for a slip of the other. */
const slip = 2

/** @throws LadingError `unknown-resource` for the first name that none of the resources has */
export function checkNames(names: readonly string[], resources: readonly Resource[]): void {
  const known = [...new Set(resources.map(({ name }) => name))]
  const unknown = names.find((name) => !known.includes(name))
  if (unknown === undefined) return
  const close = known.find((name) => distance(name.toLowerCase(), unknown.toLowerCase()) <= slip)
  throw new LadingError({
    code: "unknown-resource",
    message: `there is no resource ${JSON.stringify(unknown)}${close === undefined ? "" : `; did you mean ${close}?`}`,
    hint: `the resources are ${known.join(", ")}`,
    details: { resource: unknown, known },
  })
}

/** Edits that turn one text into another (Levenshtein 1966), by the row-wise algorithm of Wagner and Fischer. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
