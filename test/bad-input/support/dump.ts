import { openDatabase, type ReadRow } from "../../cases/support/read-database.ts"

/** A table without what differs from load to load: its columns with their types, and its rows in order, linked by position instead of by id. */
export interface DumpedTable {
  readonly columns: Readonly<Record<string, string>>
  readonly rows: readonly ReadRow[]
}

const linkColumns = ["_dlt_id", "_dlt_load_id", "_dlt_parent_id", "_dlt_root_id"]

/** All tables of data in a database, by name. */
export async function dump(path: string): Promise<Record<string, DumpedTable>> {
  const reader = await openDatabase(path)
  try {
    const described = await reader.read(
      "select table_name, column_name, data_type from information_schema.columns where table_schema = 'data' order by table_name, column_name",
    )
    const tables: Record<string, Record<string, string>> = {}
    for (const { table_name, column_name, data_type } of described) {
      const name = String(table_name)
      if (name.startsWith("_")) continue
      tables[name] ??= {}
      tables[name][String(column_name)] = String(data_type)
    }
    const ids = Object.keys(tables).map((name) => `select _dlt_id as id, '${name}' as name, rowid as position from ${quote(name)}`)
    const dumped: Record<string, DumpedTable> = {}
    for (const [name, columns] of Object.entries(tables)) {
      const values = Object.keys(columns).filter((column) => !linkColumns.includes(column))
      const list = values.map((column) => `t.${quote(column)}`).join(", ")
      const isNested = "_dlt_parent_id" in columns
      const parents = isNested ? `join (${ids.join(" union all ")}) p on p.id = t._dlt_parent_id` : ""
      const place = isNested ? "p.name as parent_table, p.position as parent_position," : ""
      const rows = await reader.read(
        `select ${place} ${list === "" ? "1 as nothing" : list} from ${quote(name)} t ${parents} order by t.rowid`,
      )
      dumped[name] = { columns, rows }
    }
    return dumped
  } finally {
    reader.close()
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
