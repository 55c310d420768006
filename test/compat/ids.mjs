import { createHash } from "node:crypto"

/** Columns whose values depend on the run; they are checked by structure instead of by value. */
export const runDependent = new Set(["_dlt_id", "_dlt_load_id", "_dlt_parent_id", "_dlt_root_id"])

/** Row id of a nested row: 10 bytes of SHAKE-128 in base64 without padding (dlt reference: schema 3.5). */
export function nestedRowId(parentId, table, index) {
  return createHash("shake128", { outputLength: 10 }).update(`${parentId}_${table}_${index}`).digest("base64").replaceAll("=", "")
}

/**
 * The rows of all data tables as trees: `{ table, row, children }`. `roots` are the rows of root tables and rows whose parent
 * is not there; `problems` are sentences about ids that break a rule. `versions`: a row that came back has the id that it had before; nested rows hang
 * under one of its rows, the same one on both sides.
 */
export function toForest(tables, { versions = false } = {}) {
  const nodes = [...tables]
    .filter(([name]) => !name.startsWith("_dlt_"))
    .flatMap(([table, { rows }]) => rows.map((row) => ({ table, row, children: [] })))
  if (versions) nodes.sort((a, b) => (contentKey(a) < contentKey(b) ? -1 : 1))
  const byId = new Map(nodes.map((node) => [node.row.get("_dlt_id"), node]))
  const nestedTables = new Set(
    [...tables].filter(([, { columns }]) => columns.some((column) => column.name === "_dlt_parent_id")).map(([name]) => name),
  )
  const roots = []
  for (const node of nodes) {
    node.parent = nestedTables.has(node.table) ? byId.get(node.row.get("_dlt_parent_id")) : undefined
    if (node.parent) node.parent.children.push(node)
    else roots.push(node)
  }
  return { roots, nodes, problems: problemsOf(nodes, byId, nestedTables, versions) }
}

function contentKey({ table, row }) {
  return JSON.stringify([table, [...row].filter(([name]) => !runDependent.has(name)).sort()])
}

function problemsOf(nodes, byId, nestedTables, versions) {
  const problems = new Set()
  if (!versions && byId.size !== nodes.length) problems.add(`${nodes.length - byId.size} row ids are not unique`)
  for (const { table, row, parent } of nodes) {
    const id = row.get("_dlt_id") ?? ""
    if (!nestedTables.has(table)) continue
    if (!parent) problems.add(`${table}: a row has no parent`)
    else if (id !== nestedRowId(parent.row.get("_dlt_id"), table, row.get("_dlt_list_idx")))
      problems.add(`${table}: a row id does not follow from its parent`)
    if (row.has("_dlt_root_id") && row.get("_dlt_root_id") !== rootOf(parent)?.row.get("_dlt_id"))
      problems.add(`${table}: a root id is not the id of the root`)
  }
  return [...problems]
}

function rootOf(node) {
  return node?.parent ? rootOf(node.parent) : node
}
