// A program of a user's: runs a dbt project on a DuckDB file and prints what happens, one JSON document a line.
// Usage: node dbt.mjs <folder with the database> <options of dbt as JSON>
import { duckdb } from "@lading/destination-duckdb"
import { dbt } from "@lading/transformer-dbt"

const [folder, options] = process.argv.slice(2)
try {
  const result = await dbt(JSON.parse(options)).run({
    destination: duckdb("target.duckdb"),
    dataset: "data",
    baseDirectory: folder,
    onProgress: (event) => console.log(JSON.stringify(event)),
  })
  console.log(JSON.stringify({ kind: "result", nodes: result.nodes, text: String(result) }))
} catch (error) {
  console.log(JSON.stringify({ kind: "error", code: error.code, message: error.message, hint: error.hint, details: error.details }))
  process.exitCode = 1
}
