import { LadingError, type MergeStrategy, type Table, type WriteDisposition } from "@lading/core"

/** Tables of a schema by name. */
export type Tables = Readonly<Record<string, Table>>

/** The root table of a chain of nested tables; a table without `parent` is its own root. Throws LadingError `unknown-table`. */
export function rootOf(tables: Tables, name: string): Table {
  let table = known(tables, name)
  while (table.parent !== undefined) table = known(tables, table.parent)
  return table
}

/** The root and every table nested below it, parents before their children. */
export function tableChain(tables: Tables, root: string): readonly Table[] {
  const chain: Table[] = [known(tables, root)]
  for (let index = 0; index < chain.length; index += 1) {
    const parent = chain[index]?.name
    for (const table of Object.values(tables)) if (table.parent === parent) chain.push(table)
  }
  return chain
}

/** Write disposition of a table: its root's; `append` where nothing is said. */
export function dispositionOf(tables: Tables, name: string): WriteDisposition {
  return rootOf(tables, name).write_disposition ?? "append"
}

/** Merge strategy of a root table; `delete-insert` where nothing is said. */
export function mergeStrategyOf(root: Table): MergeStrategy {
  const strategy = root["x-merge-strategy"]
  return strategy === "upsert" || strategy === "insert-only" || strategy === "scd2" ? strategy : "delete-insert"
}

/** True for a table that has had rows: it is kept in the dataset, whatever a load brings. */
export function hasSeenData(table: Table): boolean {
  const hints = table["x-normalizer"]
  return typeof hints === "object" && hints !== null && "seen-data" in hints && hints["seen-data"] === true
}

function known(tables: Tables, name: string): Table {
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined
  if (table === undefined)
    throw new LadingError({ code: "unknown-table", message: `The schema has no table "${name}"`, details: { table: name } })
  return table
}
