import { duckdb } from "@lading/destination-duckdb"
import { pipeline, resource } from "lading"
import { eventBatches } from "../data/events.mjs"

const [count, database, workDir] = process.argv.slice(2)
const loader = pipeline({ name: "bench", destination: duckdb(database), dataset: "bench", workDir })
await loader.run(resource("events", () => eventBatches(Number(count))))
