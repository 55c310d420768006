import { LadingError, type LoadSeal } from "@lading/core"

/**
 * The rows that the database took from the parts of each table, checked against the parts' own count and against the seal's. `staged` says what arrived,
 * by path of the part.
 * @throws LadingError `accounting-mismatch`
 */
export function checkAccounting(staged: ReadonlyMap<string, { readonly rowCount: number }>, seal: LoadSeal): ReadonlyMap<string, number> {
  const sealed = new Map(seal.parts.map((part) => [part.path, part]))
  for (const path of staged.keys()) if (!sealed.has(path)) throw mismatch(`part ${path} was staged, but is not sealed`)
  const loaded = new Map<string, number>(Object.keys(seal.counters).map((table) => [table, 0]))
  for (const part of sealed.values()) {
    const rowCount = staged.get(part.path)?.rowCount ?? 0
    if (rowCount !== part.rowCount)
      throw mismatch(`part ${part.path} of table "${part.table}" holds ${part.rowCount} rows, but ${rowCount} arrived`)
    loaded.set(part.table, (loaded.get(part.table) ?? 0) + rowCount)
  }
  for (const [table, rowCount] of loaded) {
    const normalized = seal.counters[table]?.normalized ?? (table.startsWith("_lading_") ? rowCount : 0)
    if (normalized !== rowCount) throw mismatch(`table "${table}" has ${normalized} normalized rows, but ${rowCount} arrived`)
  }
  return loaded
}

function mismatch(what: string): LadingError {
  return new LadingError({
    code: "accounting-mismatch",
    message: `The load does not add up and was rolled back: ${what}`,
    hint: "Nothing was changed. Run again; if it happens again, report it with the load package.",
  })
}
