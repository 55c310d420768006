import { DuckDBInstance } from "@duckdb/node-api"
import { accountColumns } from "../data/accounts.mjs"

const [step, input, database] = process.argv.slice(2)
const names = Object.keys(accountColumns)
const declared = `{${names.map((name) => `${name}: '${accountColumns[name]}'`).join(", ")}}`
const read = `SELECT * FROM read_json('${input.replaceAll("'", "''")}', format = 'newline_delimited', columns = ${declared})`
const stage = `CREATE TABLE staged AS ${read}`
const merge = `
  MERGE INTO accounts USING staged ON accounts.id = staged.id
  WHEN MATCHED THEN UPDATE SET ${names.map((name) => `${name} = staged.${name}`).join(", ")}
  WHEN NOT MATCHED THEN INSERT (${names.join(", ")}) VALUES (${names.map((name) => `staged.${name}`).join(", ")})`
/** `whole` is the job by hand; `stage` and `merge` are its two halves, in databases that are opened for each. */
const statements = {
  base: [`CREATE TABLE accounts AS ${read}`],
  stage: [stage],
  merge: [merge],
  whole: [stage.replace("TABLE", "TEMP TABLE"), merge],
}

const instance = await DuckDBInstance.create(database)
const connection = await instance.connect()
for (const sql of ["SET TimeZone = 'UTC'", ...statements[step], "CHECKPOINT"]) await connection.run(sql)
connection.closeSync()
instance.closeSync()
