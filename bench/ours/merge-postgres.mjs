import { postgres } from "@lading/destination-postgres"
import { files } from "@lading/source-files"
import { pipeline } from "lading"

const [input, database, workDir] = process.argv.slice(2)
const loader = pipeline({ name: "bench", destination: postgres(database), dataset: "bench", workDir })
await loader.run(files({ path: input, table: "accounts", primaryKey: "id", writeDisposition: "merge" }))
