import type { TextRow } from "./engine.ts"

/** Something nested in a row: an element of its list `l`, which has a list `m` of its own. */
export interface ModelItem {
  readonly x: string
  readonly m: readonly string[]
}

/** A row as the data brings it, without ids. */
export interface ModelRow {
  readonly values: TextRow
  readonly l: readonly ModelItem[]
}

/** A row with the id that its table gives it. */
export interface StoredRow extends ModelRow {
  readonly id: string
}

/** Names of the tables of a model: the root, and what is nested below it. */
export const modelTables = ["t", "t__l", "t__l__m"] as const

/** The rows of the root and of as many nested tables as the case has; ids of nested rows follow from their parent's. */
export function rowsOf(stored: readonly StoredRow[], depth: number): Map<string, TextRow[]> {
  const [root, items, parts] = [[], [], []] as [TextRow[], TextRow[], TextRow[]]
  for (const { id, values, l } of stored) {
    root.push({ ...values, _dlt_id: id })
    if (depth === 0) continue
    for (const [index, { x, m }] of l.entries()) {
      const item = `${id}.${index}`
      items.push({ x, ...links(id, id, index), _dlt_id: item })
      if (depth < 2) continue
      for (const [at, y] of m.entries()) parts.push({ y, ...links(id, item, at), _dlt_id: `${item}.${at}` })
    }
  }
  const all: readonly (readonly [string, TextRow[]])[] = [
    [modelTables[0], root],
    [modelTables[1], items],
    [modelTables[2], parts],
  ]
  return new Map(all.slice(0, depth + 1))
}

function links(root: string, parent: string, index: number): TextRow {
  return { _dlt_root_id: root, _dlt_parent_id: parent, _dlt_list_idx: String(index) }
}
