// The checker: reads only the destination, with its own client, and imports nothing of Lading.
import { DuckDBInstance } from "@duckdb/node-api"

const isRunDependent = (column) => column.startsWith("_dlt_") && column !== "_dlt_list_idx"

/**
 * What a dataset holds, whatever run wrote it: for each table its number of rows and a fingerprint of all values that do not depend on
 * the run; the number of rows without a marker in `_dlt_loads`; the number of nested rows without a parent.
 */
export async function inspectDataset(path, dataset) {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" })
  const connection = await instance.connect()
  const read = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS()
  const columns = await read(
    `select table_name as t, column_name as c from information_schema.columns where table_schema = '${dataset}' and not starts_with(table_name, '_') order by t, c`,
  )
  const tables = {}
  for (const name of new Set(columns.map(({ t }) => t))) {
    const own = columns.filter(({ t }) => t === name).map(({ c }) => c)
    const values = own.filter((column) => !isRunDependent(column)).map((column) => `"${column}"`)
    const [facts] = await read(
      `select count(*)::int as n, bit_xor(hash(${values.join(", ")}))::varchar || sum(hash(${values.join(", ")}))::varchar as f from ${dataset}."${name}"`,
    )
    const unmarked = own.includes("_dlt_load_id")
      ? await read(
          `select count(*)::int as n from ${dataset}."${name}" where _dlt_load_id not in (select load_id from ${dataset}._dlt_loads where status = 0)`,
        )
      : [{ n: 0 }]
    const duplicated = await read(`select count(*)::int - count(distinct _dlt_id)::int as n from ${dataset}."${name}"`)
    tables[name] = { rows: facts.n, fingerprint: facts.f, unmarked: unmarked[0].n, duplicatedIds: duplicated[0].n }
  }
  connection.closeSync()
  instance.closeSync()
  return tables
}
