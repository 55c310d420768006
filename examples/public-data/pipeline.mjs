// Real, messy, nested public data into one DuckDB file: `lading run examples/public-data/pipeline.mjs`.
// Files that were loaded before and did not change are not read again.

import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { duckdb } from "@lading/destination-duckdb"
import { files } from "@lading/source-files"
import { pipeline } from "lading"

const data = fileURLToPath(new URL("../node_modules/vega-datasets/data", import.meta.url))
const file = (name, options) => files({ path: join(data, name), incremental: "modified", fileColumn: "file", ...options })

export default pipeline({
  name: "public_data",
  destination: duckdb("public-data.duckdb"),
  dataset: "public_data",
}).with([
  file("earthquakes.json", { table: "earthquakes", selector: "features" }),
  file("movies.json", { table: "movies" }),
  file("football.json", { table: "football" }),
  file("github.csv", { table: "github" }),
  file("flights-200k.json", { table: "flights" }),
])
