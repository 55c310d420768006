import { duckdb } from "@lading/destination-duckdb"
import { pipeline } from "lading"

const [database, workDir] = process.argv.slice(2)
const loader = pipeline({ name: "bench", destination: duckdb(database), dataset: "bench", workDir })
await loader.run([{ id: 1, name: "first" }], { table: "things" })
