import { readFileSync } from "node:fs"
import { DuckDBInstance } from "@duckdb/node-api"

const [input, database] = process.argv.slice(2)
const instance = await DuckDBInstance.create(database)
const connection = await instance.connect()
await connection.run(`SET VARIABLE input = '${input.replaceAll("'", "''")}'`)
await connection.run(readFileSync(new URL("limit.sql", import.meta.url), "utf8"))
connection.closeSync()
instance.closeSync()
