/**
 * Checks one side of a deliberate difference. `side` is `{ tables, query, outcomes }`; `entry` the deliberate entry (its `table`
 * and `load` say where), `expected` its `dlt` or `lading` part. Resolves to undefined, or to what was found instead.
 *
 * - `raises`: the load `entry.load` (1-based) failed with a text that matches this regular expression
 * - `columns`: `{ name: type }`, null for a column that must not exist
 * - `values`: the data values of each row of the table, sorted as text, whatever columns they stand in
 * - `query` and `gives`: the rows of a query, in canonical text
 */
export async function checkAssertion(expected, entry, side) {
  if (expected.raises !== undefined) return checkRaises(expected.raises, side.outcomes[entry.load - 1])
  const table = side.tables.get(entry.table)
  if (expected.query) {
    const rows = await side.query(expected.query).catch((error) => [[error.message]])
    return unlessEqual(rows, expected.gives)
  }
  if (!table) return `there is no table ${entry.table}`
  if (expected.columns) {
    const types = new Map(table.columns.map((column) => [column.name, column.type]))
    const found = Object.fromEntries(Object.keys(expected.columns).map((name) => [name, types.get(name) ?? null]))
    return unlessEqual(found, expected.columns)
  }
  return unlessEqual(table.rows.map(dataValues).sort(byText), [...expected.values].sort(byText))
}

function checkRaises(pattern, outcome) {
  if (outcome?.status !== "raises") return "the load did not fail"
  return new RegExp(pattern, "i").test(outcome.error) ? undefined : `the load failed otherwise: ${outcome.error}`
}

const byText = (a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

function dataValues(row) {
  return [...row]
    .filter(([name]) => !name.startsWith("_dlt"))
    .map(([, value]) => value)
    .sort()
}

function unlessEqual(found, wanted) {
  const [foundText, wantedText] = [JSON.stringify(found), JSON.stringify(wanted)]
  return foundText === wantedText ? undefined : `found ${foundText}, expected ${wantedText}`
}
