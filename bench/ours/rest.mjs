import { duckdb } from "@lading/destination-duckdb"
import { rest } from "@lading/source-rest"
import { pipeline } from "lading"

const [baseUrl, database, workDir] = process.argv.slice(2)
const api = rest({
  name: "bench",
  client: { baseUrl, allowPrivateAddresses: true, paginator: { type: "jsonLink", nextUrlPath: "next" } },
  resources: [{ name: "events", endpoint: { path: "events", dataSelector: "data" } }],
})
const loader = pipeline({ name: "bench", destination: duckdb(database), dataset: "bench", workDir })
await loader.run(api)
