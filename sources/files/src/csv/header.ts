import { LadingError } from "@lading/core"

/** Names of a table's columns by position, and what had to be done to make them unique. */
export interface Header {
  readonly names: readonly string[]
  /** Positions, from 1, of columns whose name was generated. */
  readonly generated: readonly number[]
}

/**
 * Gives every column a name of its own. The first column of a name keeps it; a later one gets `name_2`, `name_3` and so on, passing over every name
 * in the header, so that no given name ever moves; a column without name becomes `column_<position>`. Names are compared without case. The same
 * header always gives the same names.
 */
export function nameColumns(given: readonly string[]): Header {
  const taken = new Set(given.map((name) => name.toLowerCase()))
  const seen = new Set<string>()
  const generated: number[] = []
  const names = given.map((name, index) => {
    const isEmpty = name.trim() === ""
    const isFirst = !isEmpty && !seen.has(name)
    seen.add(name)
    if (isFirst) return name
    generated.push(index + 1)
    const base = isEmpty ? `column_${index + 1}` : name
    let unique = isEmpty ? base : `${base}_2`
    for (let number = isEmpty ? 2 : 3; taken.has(unique.toLowerCase()); number++) unique = `${base}_${number}`
    taken.add(unique.toLowerCase())
    return unique
  })
  return { names, generated }
}

/** The names for a file whose first row has `width` fields and, with a header, holds `first`. */
export function readHeader(file: string, first: readonly string[], columnNames: readonly string[] | undefined, hasHeader: boolean): Header {
  if (columnNames === undefined) return nameColumns(hasHeader ? first : first.map(() => ""))
  if (columnNames.length === first.length) return nameColumns(columnNames)
  throw new LadingError({
    code: "csv-header",
    message: `${file} has ${first.length} columns, but columnNames lists ${columnNames.length}`,
    hint: "list one name for each column of the file",
    details: { file, columns: first.length, names: columnNames.length },
  })
}
