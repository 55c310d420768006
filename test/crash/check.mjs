// The checker: compares a dataset, as read.mjs reads it, with the truth. Imports nothing of Lading.
import { inflateSync } from "node:zlib"

/**
 * Faults of a dataset: `{ lost, duplicated, wrong, unmarked, findings }`. Rows are counted with their nested rows.
 * - lost: rows that the source handed out and that are not there; duplicated: rows that are there too often
 * - wrong: values, links, validity, state, rejects, counts or left-overs that are not what they must be
 * - unmarked: rows without a marker in `_dlt_loads`, and markers without their rows
 * @param options.isSplit a step may be published in several packages
 * @param options.extraLoads loads that may have come on top, because a step that was committed already was run again
 */
export function check(dataset, truth, { isSplit = false, extraLoads = 0 } = {}) {
  const result = { lost: 0, duplicated: 0, wrong: 0, unmarked: 0, findings: [] }
  const report = (kind, text, count = 1) => {
    result[kind] += count
    result.findings.push(`${kind}: ${text}`)
  }
  const markers = new Set(rowsOf(dataset, "_dlt_loads").map(({ load_id }) => load_id))
  for (const [name, expected] of Object.entries(truth.tables)) compareTable(dataset, name, expected, report)
  if (truth.disposition === "scd2") checkValidity(dataset, truth.tables.things, report)
  checkMarkers(dataset, markers, report)
  checkLoads(dataset, truth, { isSplit, extraLoads, markers }, report)
  checkState(dataset, truth, report)
  const rejects = rowsOf(dataset, "_lading_rejects").length
  if (rejects !== truth.rejects) report("wrong", `${rejects} rejects, expected ${truth.rejects}`)
  for (const name of dataset.keys()) if (name.startsWith("_lading_stage")) report("wrong", `staging table ${name} is left over`)
  return result
}

const rowsOf = (dataset, table) => dataset.get(table)?.rows ?? []

function compareTable(dataset, name, expected, report) {
  const wanted = countBy(expected.map(({ key, content }) => `${key} ${content}`))
  const found = documentsOf(dataset, name, report)
  const actual = countBy(found.map(({ key, content }) => `${key} ${content}`))
  const missing = surplus(wanted, actual)
  const extra = surplus(actual, wanted)
  for (const text of missing) {
    const key = text.slice(0, text.indexOf(" "))
    const twin = extra.findIndex((other) => other.startsWith(`${key} `) && !wanted.has(other))
    if (twin === -1) report("lost", `${name} ${text}`)
    else {
      const kind = kindOf(text, extra.splice(twin, 1)[0])
      report(kind, `${name} ${text} has another content`)
    }
  }
  for (const text of extra) report("duplicated", `${name} ${text}`)
}

/** The same key with another content: nested rows are missing, too many, or different. */
function kindOf(wanted, actual) {
  const count = (text) => text.split('"sku"').length + text.split('"tag ').length + text.split('"mark"').length
  const difference = count(actual) - count(wanted)
  if (difference === 0) return "wrong"
  return difference < 0 ? "lost" : "duplicated"
}

function countBy(texts) {
  const counts = new Map()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

const surplus = (counts, others) => [...counts].flatMap(([text, count]) => Array(Math.max(0, count - (others.get(text) ?? 0))).fill(text))

/** The rows of a root table with their nested rows put back in, as `{ key, content, row }`. */
function documentsOf(dataset, root, report) {
  const names = [...dataset.keys()].filter((name) => name === root || name.startsWith(`${root}__`)).toSorted()
  const children = new Map()
  for (const name of names.filter((other) => other !== root)) {
    const parent = name.slice(0, name.lastIndexOf("__"))
    const parents = new Set(rowsOf(dataset, parent).map(({ _dlt_id }) => _dlt_id))
    for (const row of rowsOf(dataset, name)) {
      if (!parents.has(row._dlt_parent_id)) report("wrong", `${name} ${row._dlt_id} has no parent`)
      const key = `${name} ${row._dlt_parent_id}`
      children.set(key, [...(children.get(key) ?? []), row])
    }
  }
  for (const name of names) {
    const ids = rowsOf(dataset, name).map(({ _dlt_id }) => _dlt_id)
    if (new Set(ids).size !== ids.length) report("wrong", `${name} has ${ids.length - new Set(ids).size} row ids twice`)
  }
  const build = (name, row) => {
    const own = Object.entries(row).filter(([column, value]) => value !== null && !column.startsWith("_dlt_"))
    const lists = names
      .filter((other) => other.slice(0, other.lastIndexOf("__")) === name)
      .map((other) => [other, (children.get(`${other} ${row._dlt_id}`) ?? []).toSorted((a, b) => a._dlt_list_idx - b._dlt_list_idx)])
      .filter(([, rows]) => rows.length > 0)
      .map(([other, rows]) => {
        rows.forEach((child, i) => {
          if (Number(child._dlt_list_idx) !== i) report("wrong", `${other} ${child._dlt_id} stands at ${child._dlt_list_idx}, not ${i}`)
        })
        return [other.slice(name.length + 2), rows.map((child) => build(other, child))]
      })
    if (own.length === 1 && own[0][0] === "value" && lists.length === 0) return own[0][1]
    return Object.fromEntries([...own, ...lists].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }
  return rowsOf(dataset, root).map((row) => ({ key: row.seq ?? row.id, content: JSON.stringify(build(root, row)), row }))
}

/** Versions of a key follow each other without a gap, each opened and closed by the load of its step. */
function checkValidity(dataset, versions, report) {
  const found = documentsOf(dataset, "things", () => undefined)
  const rowOf = new Map(found.map(({ key, content, row }) => [`${key} ${content}`, row]))
  const opened = new Map()
  for (const { key, content, from } of versions) {
    const row = rowOf.get(`${key} ${content}`)
    if (row !== undefined && !opened.has(from)) opened.set(from, row._dlt_valid_from)
  }
  if (new Set(opened.values()).size !== opened.size) report("wrong", "two steps opened versions at the same moment")
  for (const { key, content, from, to } of versions) {
    const row = rowOf.get(`${key} ${content}`)
    if (row === undefined) continue
    if (row._dlt_valid_from !== opened.get(from)) report("wrong", `things ${key} is valid from ${row._dlt_valid_from}`)
    if (row._dlt_valid_to !== (to === null ? null : opened.get(to))) report("wrong", `things ${key} is valid to ${row._dlt_valid_to}`)
  }
}

function checkMarkers(dataset, markers, report) {
  // Only a server that gives the order of commits keeps a table of them.
  const commits = dataset.has("_lading_commits") ? new Set(rowsOf(dataset, "_lading_commits").map(({ load_id }) => load_id)) : markers
  const hashes = new Set(rowsOf(dataset, "_dlt_version").map(({ version_hash }) => version_hash))
  for (const { load_id, status, schema_version_hash } of rowsOf(dataset, "_dlt_loads")) {
    if (status !== "0") report("unmarked", `load ${load_id} has status ${status}`)
    if (!commits.has(load_id)) report("unmarked", `load ${load_id} is not among the commits`)
    if (!hashes.has(schema_version_hash)) report("wrong", `load ${load_id} names a schema that is not there`)
  }
  for (const load of commits) if (!markers.has(load)) report("unmarked", `commit ${load} has no marker`)
  for (const [name, { columns, rows }] of dataset) {
    const column = ["_dlt_load_id", ...(name.startsWith("_lading_") ? ["load_id"] : [])].find((candidate) => columns.includes(candidate))
    if (column === undefined || name === "_lading_lease") continue
    const loads = countBy(rows.map((row) => row[column]).filter((load) => load !== null && !markers.has(load)))
    for (const [load, count] of loads) report("unmarked", `${count} rows of ${name} belong to ${load}, which has no marker`, count)
  }
}

/** Each marker has the rows of the journal that its counts tell of, and each step came with one load; split, a load may hold other rows only. */
function checkLoads(dataset, truth, { isSplit, extraLoads, markers }, report) {
  const journal = rowsOf(dataset, "journal")
  const withRows = new Set(
    rowsOf(dataset, "_lading_load_tables")
      .filter(({ loaded }) => isSplit && loaded !== "0")
      .map(({ load_id }) => load_id),
  )
  const told = new Map(
    rowsOf(dataset, "_lading_load_tables")
      .filter(({ table_name }) => table_name === "journal")
      .map(({ load_id, loaded }) => [load_id, Number(loaded)]),
  )
  const counted = countBy(journal.map(({ _dlt_load_id }) => _dlt_load_id))
  let extra = 0
  for (const load of markers) {
    const there = counted.get(load) ?? 0
    if (there !== (told.get(load) ?? 0))
      report("unmarked", `load ${load} tells of ${told.get(load) ?? 0} journal rows, and ${there} are there`)
    if (there === 0 && !withRows.has(load)) extra++
  }
  if (extra > extraLoads) report("unmarked", `${extra} markers without rows, at most ${extraLoads} may be`, extra - extraLoads)
  if (isSplit) return
  const loadsOfStep = new Map()
  for (const { seq, _dlt_load_id } of journal) {
    const step = truth.journalStep.get(seq)
    loadsOfStep.set(step, (loadsOfStep.get(step) ?? new Set()).add(_dlt_load_id))
  }
  for (const [step, loads] of loadsOfStep) if (loads.size !== 1) report("wrong", `step ${step} is spread over ${loads.size} loads`)
}

/** The newest state holds the cursors that the loaded rows stand for. */
function checkState(dataset, { state }, report) {
  const rows = rowsOf(dataset, "_dlt_pipeline_state").toSorted((a, b) => Number(a.version) - Number(b.version))
  if (new Set(rows.map(({ version }) => version)).size !== rows.length) report("wrong", "a version of the state is there twice")
  const newest = rows.at(-1)
  if (newest === undefined) return report("lost", "there is no state")
  const document = JSON.parse(inflateSync(Buffer.from(newest.state, "base64")).toString("utf8"))
  const [source] = Object.values(document.sources ?? {})
  for (const [resource, value] of Object.entries(state.cursors)) {
    const [cursor] = Object.values(source?.resources?.[resource]?.incremental ?? {})
    if (Number(cursor?.last_value) !== value) report("wrong", `cursor of ${resource} is ${cursor?.last_value}, expected ${value}`)
  }
  const seen = source?.resources?.journal?.seen
  if (seen !== state.seen) report("wrong", `the journal's state has seen ${seen} rows, expected ${state.seen}`)
}
