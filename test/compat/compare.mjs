import { runDependent, toForest } from "./ids.mjs"

const rootId = /^[A-Za-z0-9+/]{14}$/

/**
 * Differences between two datasets as `openDataset` reads them; empty when they agree.
 *
 * `left` and `right` are `{ tables, loads }`, `loads` being a Map from load id to the number of the load that wrote it. Row ids
 * and load ids are replaced by what they mean (place in the tree, number of the load). `exactIds`: the ids of root rows are
 * deterministic and compared as they are. `versions`: rows that come back share their ids. `covered`: `{ table, columns?, digits? }`, what is left out because it differs on purpose;
 * the table's name may end in `*`; with `digits` the columns are compared to that many significant digits. Each difference is `{ aspect, table, message }`, aspect being one of tables, columns,
 * nullability, order, rows, tree, ids.
 */
export function compareDatasets(left, right, { exactIds = false, versions = false, covered = [] } = {}) {
  const names = [...new Set([...left.tables.keys(), ...right.tables.keys()])].filter((name) => !isCovered(covered, name))
  const shared = names.filter((name) => left.tables.has(name) && right.tables.has(name))
  const context = { exactIds, versions, covered }
  const leftForest = describeForest(left, context)
  const rightForest = describeForest(right, context)
  const rowDifferences = shared.filter((name) => !name.startsWith("_dlt_")).flatMap((name) => compareRows(name, leftForest, rightForest))
  return [
    ...names
      .filter((name) => !shared.includes(name))
      .map((name) => difference("tables", name, left.tables.has(name) ? "only on the left" : "only on the right")),
    ...shared.flatMap((name) => compareColumns(name, left.tables.get(name), right.tables.get(name), covered)),
    ...rowDifferences,
    ...(rowDifferences.length > 0 ? [] : compareTrees(leftForest, rightForest)),
    ...leftForest.problems.map((message) => difference("ids", "", `left: ${message}`)),
    ...rightForest.problems.map((message) => difference("ids", "", `right: ${message}`)),
  ]
}

const difference = (aspect, table, message) => ({ aspect, table, message })

function isCovered(covered, table, column) {
  return covered.some((entry) => {
    const matches = entry.table.endsWith("*") ? table.startsWith(entry.table.slice(0, -1)) : entry.table === table
    return (
      matches && entry.digits === undefined && (entry.columns === undefined || (column !== undefined && entry.columns.includes(column)))
    )
  })
}

function compareColumns(table, left, right, covered) {
  const keep = (columns) => columns.filter((column) => !isCovered(covered, table, column.name))
  const [leftColumns, rightColumns] = [keep(left.columns), keep(right.columns)]
  const rightByName = new Map(rightColumns.map((column) => [column.name, column]))
  const leftNames = new Set(leftColumns.map((column) => column.name))
  const found = rightColumns
    .filter((column) => !leftNames.has(column.name))
    .map((column) => difference("columns", table, `${column.name} only on the right (${column.type})`))
  for (const column of leftColumns) {
    const other = rightByName.get(column.name)
    if (!other) found.push(difference("columns", table, `${column.name} only on the left (${column.type})`))
    else if (other.type !== column.type)
      found.push(difference("columns", table, `${column.name} is ${column.type} on the left, ${other.type} on the right`))
    else if (other.nullable !== column.nullable)
      found.push(
        difference("nullability", table, `${column.name}: nullable is ${column.nullable} on the left, ${other.nullable} on the right`),
      )
  }
  const order = (columns) => columns.map((column) => column.name).join(", ")
  if (found.length === 0 && order(leftColumns) !== order(rightColumns))
    found.push(difference("order", table, `${order(leftColumns)} | ${order(rightColumns)}`))
  return found
}

/** Own content of every row by table, and the roots' trees, as text. */
function describeForest({ tables, loads }, { exactIds, versions, covered }) {
  const { nodes, roots, problems: all } = toForest(tables, { versions })
  const problems = all.filter((problem) => !isCovered(covered, problem.split(":")[0]))
  for (const node of nodes) node.text = contentOf(node, loads, { exactIds, covered })
  const rows = new Map()
  for (const { table, text } of nodes) {
    if (!rows.has(table)) rows.set(table, [])
    rows.get(table).push(text)
  }
  const badRoot = exactIds
    ? undefined
    : roots.find(({ table, row, parent }) => !parent && !isCovered(covered, table) && !rootId.test(row.get("_dlt_id") ?? ""))
  const trees = roots.filter((node) => !isCovered(covered, node.table)).map((node) => treeOf(node, covered))
  return { rows, trees, problems: badRoot ? [...problems, `${badRoot.table}: a root id is not 14 characters of base64`] : problems }
}

function contentOf({ table, row, parent }, loads, { exactIds, covered }) {
  const rounded = covered.filter((entry) => entry.digits !== undefined && entry.table === table)
  const cells = [...row]
    .filter(([name]) => !runDependent.has(name) && !isCovered(covered, table, name))
    .map(([name, value]) => [name, roundedBy(rounded, name, value)])
  cells.sort(([a], [b]) => (a < b ? -1 : 1))
  if (row.has("_dlt_load_id")) cells.push(["load", loads.get(row.get("_dlt_load_id")) ?? "unknown"])
  if (exactIds && !parent) cells.push(["_dlt_id", row.get("_dlt_id")])
  return JSON.stringify(cells)
}

function roundedBy(entries, name, value) {
  const entry = entries.find(({ columns }) => columns.includes(name))
  return entry ? Number(value).toPrecision(entry.digits) : value
}

function treeOf(node, covered) {
  const children = node.children.filter((child) => !isCovered(covered, child.table))
  return `${node.table} ${node.text} [${children
    .map((child) => treeOf(child, covered))
    .sort()
    .join(" ")}]`
}

function compareRows(table, left, right) {
  const { onlyLeft, onlyRight } = multisetDifference(left.rows.get(table) ?? [], right.rows.get(table) ?? [])
  if (onlyLeft.length + onlyRight.length === 0) return []
  const sample = (list) => list.slice(0, 3).join("\n        ") || "none"
  return [
    difference(
      "rows",
      table,
      `${onlyLeft.length} only on the left: ${sample(onlyLeft)}\n    ${onlyRight.length} only on the right: ${sample(onlyRight)}`,
    ),
  ]
}

function compareTrees(left, right) {
  const { onlyLeft, onlyRight } = multisetDifference(left.trees, right.trees)
  if (onlyLeft.length + onlyRight.length === 0) return []
  return [difference("tree", "", `nested rows hang under other parents\n    left: ${onlyLeft[0]}\n    right: ${onlyRight[0]}`)]
}

function multisetDifference(left, right) {
  const counts = new Map()
  for (const text of right) counts.set(text, (counts.get(text) ?? 0) + 1)
  const onlyLeft = left.filter((text) => {
    const count = counts.get(text) ?? 0
    if (count > 0) counts.set(text, count - 1)
    return count === 0
  })
  return { onlyLeft, onlyRight: [...counts].flatMap(([text, count]) => Array(count).fill(text)) }
}
